import type { TransactWriteItemsCommandInput } from "@aws-sdk/client-dynamodb";
import { errorText } from "../errors.ts";
import { type ClaimContext, claimInput, type WantedReboot } from "../incidents/claim.ts";
import { type Claim, failedItems, isConflict, readClaimError } from "../incidents/claim-result.ts";
import { claimUpdate, type GroupState, loadGroup } from "../incidents/group-item.ts";
import { attributes } from "../incidents/table.ts";
import type { HandlerOptions } from "../options.ts";
import { timeLimitsMs } from "../time-limits.ts";
import {
  activeLeases,
  decideInGroup,
  type GroupDecision,
  membersOf,
  recentReboots,
} from "./decide-in-group.ts";
import { joinSharedCause } from "./join-shared-cause.ts";
import { whyTargetsForbid } from "./targets.ts";
import { leaseMs } from "./times.ts";

/** The group's item changes with each alert of a storm; then the decision is made again. */
const attempts = 4;
const longestWaitMs = 150;

/**
 * Claims the right to reboot an instance of a group once: its limits and those of the group are checked in one
 * transaction, which fails if the group has changed since the decision. An alert can have to wait, or can
 * have a cause that instances share. A manual invocation is suppressed instead of waiting, and a person decides
 * about shared causes and about targets.
 *
 * Throws what AWS throws for an alert, whose message is then delivered again.
 */
export async function claimInGroup(
  wanted: WantedReboot,
  { options }: { options: HandlerOptions },
): Promise<Claim> {
  try {
    return await claim(wanted, options);
  } catch (error) {
    if (wanted.request.kind === "alert") throw error;
    return { kind: "failed", error: errorText(error) };
  }
}

async function claim(wanted: WantedReboot, options: HandlerOptions): Promise<Claim> {
  const { instanceId, group, now, wait, clients } = options;
  if (!group) throw new Error("the function has no group");
  const { limits, targets } = group;
  const { kind, incidentId } = wanted.request;
  const isManual = kind === "manual";
  const deadlineMs = now() + timeLimitsMs.claimInGroup;
  for (let attempt = 1; ; attempt++) {
    const state = await loadGroup(options);
    const nowMs = now();
    const members = membersOf(options);
    const alertId = isManual ? undefined : incidentId;
    const decision = decideInGroup(state, { instanceId, alertId, members, limits, nowMs });
    if (decision.kind === "shared cause") {
      const joined = await joinSharedCause({ decision, state, nowMs }, options);
      if (joined) return { kind: "suppressed", limit: "shared cause", reason: decision.reason };
    } else if (decision.kind !== "reboot") {
      return whyNotNow(decision, isManual);
    } else {
      const leasedIds = activeLeases(state, nowMs).map(([id]) => id);
      const problem =
        isManual || !targets ? undefined : await whyTargetsForbid(instanceId, leasedIds, targets);
      if (problem !== undefined) return whyNotNow({ kind: "wait", reason: problem }, isManual);
      const leftMs = deadlineMs - now();
      if (leftMs < shortestWriteMs) return whyNotNow({ kind: "wait", reason: slow }, isManual);
      const context = contextOf(wanted, options);
      try {
        await clients.transactWrite(groupClaimInput(wanted, { context, state, options }), leftMs);
        return { kind: "claimed" };
      } catch (error) {
        const [instance, incident, changed] = failedItems(error);
        if (instance || incident) return readClaimError(error, context);
        if (!changed && !isConflict(error)) throw error;
      }
    }
    const waitMs = Math.random() * longestWaitMs * attempt;
    if (attempt === attempts || now() + waitMs >= deadlineMs) {
      return whyNotNow({ kind: "wait", reason: "the group changed with each attempt" }, isManual);
    }
    await wait(waitMs);
  }
}

/** No claim is written with less time left: nobody would know whether it succeeded. */
const shortestWriteMs = 1_000;
const slow = "no time was left to claim the reboot";

/** A decision against a reboot as the result of a claim. */
function whyNotNow(
  { kind, reason, untilMs }: Extract<GroupDecision, { kind: "wait" | "daily limit" }>,
  isManual: boolean,
): Claim {
  if (kind === "wait" && !isManual) return { kind: "waiting", reason };
  const limit = kind === "wait" ? "group" : "group daily limit";
  return { kind: "suppressed", limit, reason, ...(untilMs !== undefined && { untilMs }) };
}

function contextOf({ reason, nonce }: WantedReboot, options: HandlerOptions): ClaimContext {
  const { instanceId, tableName, limits, monitorName, now } = options;
  return { instanceId, tableName, limits, monitorName, reason, nonce, nowMs: now() };
}

/**
 * The claim of one instance, and the lease. The incident of an alert exists: it waits, and has neither
 * resolved nor ended.
 */
function groupClaimInput(
  { request, alertNonce }: WantedReboot,
  {
    context,
    state,
    options,
  }: { context: ClaimContext; state: GroupState; options: HandlerOptions },
): TransactWriteItemsCommandInput {
  const { instanceId, tableName, nowMs } = context;
  const { incidentId } = request;
  const [instance, incident] = claimInput(request, context).TransactItems ?? [];
  if (!instance || !incident?.Put) throw new Error("a claim writes an instance and an incident");
  const { waitsSince, resolvedAt, closedAt } = attributes;
  const waiting = {
    Put: {
      ...incident.Put,
      Item: { ...incident.Put.Item, [attributes.alertNonce]: { S: alertNonce ?? "" } },
      ConditionExpression: `attribute_exists(${waitsSince}) AND attribute_not_exists(${resolvedAt}) AND attribute_not_exists(${closedAt})`,
    },
  };
  const leased = new Set(activeLeases(state, nowMs).map(([id]) => id));
  const formerIds = [...new Set([...state.alerts.keys(), ...state.leases.keys()])].filter(
    (id) => !options.instanceIds.includes(id) && !leased.has(id),
  );
  const lease = claimUpdate(
    {
      instanceId,
      incidentId,
      untilMs: nowMs + leaseMs(options.checks),
      rebootsMs: [...recentReboots(state, nowMs), nowMs],
      formerIds,
    },
    state,
    tableName,
  );
  return {
    TransactItems: [instance, request.kind === "alert" ? waiting : incident, lease],
  };
}

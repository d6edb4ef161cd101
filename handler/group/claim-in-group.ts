import type { TransactWriteItemsCommandInput } from "@aws-sdk/client-dynamodb";
import { errorText, isNamed, namedError } from "../errors.ts";
import {
  type ClaimContext,
  claimInput,
  stillWaits,
  untilNoConflict,
  type WantedReboot,
} from "../incidents/claim.ts";
import {
  type Claim,
  failedItems,
  isConflict,
  modeClaim,
  readClaimError,
  whyNotNow,
} from "../incidents/claim-result.ts";
import { claimUpdate, type GroupState, loadGroup, releaseLease } from "../incidents/group-item.ts";
import { loadInstance } from "../incidents/store.ts";
import { attributes, numberAttribute } from "../incidents/table.ts";
import { isTime } from "../incidents/times.ts";
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
import { recordIfPossible } from "./record-if-possible.ts";
import { whyTargetsForbid } from "./targets.ts";
import { leaseMs } from "./times.ts";

/**
 * Claims the right to reboot an instance of a group once: its limits and those of the group are checked in one
 * transaction, which fails if the group has changed since the decision. Then the decision is made again. An
 * alert can have to wait, or can have a cause that instances share. A manual invocation is suppressed instead of
 * waiting, and a person decides about shared causes and about targets.
 *
 * Throws what AWS throws for an alert, whose message is then delivered again.
 */
export async function claimInGroup(
  wanted: WantedReboot,
  { options }: { options: HandlerOptions },
): Promise<Claim> {
  try {
    return await untilNoConflict(
      (deadlineMs) => decideAndClaim(wanted, options, deadlineMs),
      { isConflict: isChanged, limitMs: timeLimitsMs.claimInGroup },
      options,
    );
  } catch (error) {
    const { request } = wanted;
    if (isChanged(error)) {
      return claimOf({ kind: "wait", reason: "the group changed with each attempt" }, request);
    }
    if (request.kind === "alert") throw error;
    return { kind: "failed", error: errorText(error) };
  }
}

const groupChanged = "GroupChanged";

/** True if a write failed because of another one to the group's item, of which a storm has many. */
function isChanged(error: unknown): boolean {
  return isNamed(error, groupChanged) || isConflict(error);
}

/** Makes one decision, and writes what follows from it. Throws `GroupChanged` if the group has changed meanwhile. */
async function decideAndClaim(
  wanted: WantedReboot,
  options: HandlerOptions,
  deadlineMs: number,
): Promise<Claim> {
  const { instanceId, group, now, clients } = options;
  if (!group) throw new Error("the function has no group");
  const { limits, targets } = group;
  const { request } = wanted;
  const isAlert = request.kind === "alert";
  const [state, instance] = await Promise.all([loadGroup(options), loadInstance(options)]);
  const nowMs = now();
  const decision = decideInGroup(state, {
    instanceId,
    alertId: isAlert ? request.incidentId : undefined,
    members: membersOf(options),
    limits,
    nowMs,
  });
  if (decision.kind === "shared cause") {
    const { reason } = decision;
    if (await joinSharedCause({ decision, state, nowMs }, options)) {
      return { kind: "suppressed", limit: "shared cause", reason };
    }
    throw namedError(groupChanged, reason);
  }
  // Before it waits for others: an alert that may not reboot is reported as that.
  const isForced = !isAlert && request.force;
  const limited =
    modeClaim(state.mode, nowMs) ??
    whyNotNow(instance, { limits: options.limits, isForced, nowMs });
  if (limited) return limited;
  if (decision.kind !== "reboot") return claimOf(decision, request);
  if (isAlert && targets) {
    const leasedIds = activeLeases(state, nowMs).map(([id]) => id);
    const reason = await whyTargetsForbid(instanceId, leasedIds, targets);
    if (reason !== undefined) return claimOf({ kind: "wait", reason }, request);
  }
  const leftMs = deadlineMs - now();
  if (leftMs < shortestWriteMs) return claimOf({ kind: "wait", reason: slow }, request);
  const context = contextOf(wanted, options);
  const claimed = { kind: "claimed", release: () => release(wanted, state, options) } as const;
  try {
    await clients.transactWrite(groupClaimInput(wanted, { context, state, options }), leftMs);
    return claimed;
  } catch (error) {
    const [instanceItem, incident, changed] = failedItems(error);
    if (instanceItem || incident) {
      const claim = readClaimError(error, context);
      return claim.kind === "claimed" ? claimed : claim;
    }
    if (changed) throw namedError(groupChanged, "the group's item was written");
    throw error;
  }
}

/**
 * Ends the lease of a claim after which nothing was rebooted: other instances need not wait for it. If a person asked
 * for it while an earlier reboot of the instance was verified, that one has the lease again.
 */
async function release(
  { request: { incidentId } }: WantedReboot,
  { leases }: GroupState,
  options: HandlerOptions,
): Promise<void> {
  const { instanceId, now } = options;
  const before = leases.get(instanceId);
  const earlier = before && !(before.untilMs <= now()) ? before : undefined;
  await recordIfPossible(() => releaseLease({ instanceId, incidentId, earlier }, options), options);
}

/** No claim is written with less time left: nobody would know whether it succeeded. */
const shortestWriteMs = 1_000;
const slow = "no time was left to claim the reboot";

/** A decision against a reboot as the result of a claim. */
function claimOf(
  { kind, reason, untilMs }: Extract<GroupDecision, { kind: "wait" | "daily limit" }>,
  request: WantedReboot["request"],
): Claim {
  if (kind === "wait" && request.kind === "alert") return { kind: "waiting", reason };
  const limit = kind === "wait" ? "group" : "group daily limit";
  return { kind: "suppressed", limit, reason, ...(untilMs !== undefined && { untilMs }) };
}

function contextOf({ reason, nonce }: WantedReboot, options: HandlerOptions): ClaimContext {
  const { instanceId, tableName, limits, monitorName, now } = options;
  return { instanceId, tableName, limits, monitorName, reason, nonce, nowMs: now() };
}

/** The claim of one instance, and the lease. The incident of an alert exists: it waits. */
function groupClaimInput(
  { request, waiting }: WantedReboot,
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
  const decided = waiting && {
    Put: {
      ...incident.Put,
      Item: {
        ...incident.Put.Item,
        [attributes.alertNonce]: { S: waiting.nonce },
        [attributes.arrivedAt]: numberAttribute(waiting.sinceMs),
      },
      ConditionExpression: stillWaits,
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
      nowMs,
      untilMs: nowMs + leaseMs(options.checks),
      // DynamoDB refuses a number that is none: one that others wrote counts as a reboot of now.
      rebootsMs: [...recentReboots(state, nowMs).map((it) => (isTime(it) ? it : nowMs)), nowMs],
      formerIds,
    },
    state,
    tableName,
  );
  return {
    TransactItems: [instance, decided ?? incident, lease],
  };
}

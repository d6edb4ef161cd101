import { randomUUID } from "node:crypto";
import { type LastNotification, reportEnd, runCheck } from "../check.ts";
import { decideAlert } from "../decide.ts";
import { namedError } from "../errors.ts";
import { type GroupState, loadGroup, recordFired } from "../incidents/group-item.ts";
import { type StoredIncident, updateIncident } from "../incidents/store.ts";
import { closingAttributes } from "../incidents/table.ts";
import { durationText } from "../incidents/times.ts";
import { beginDecision, continueWaiting } from "../incidents/waiting.ts";
import type { Dependencies, HandlerOptions } from "../options.ts";
import { suppressQuietly } from "../quiet-alert.ts";
import { type Effect, performDecision } from "../reboot.ts";
import { reportOutcome } from "../report.ts";
import { queueCheck } from "../requests/check.ts";
import type { Alert, Check } from "../requests/types.ts";
import { verifyClaimed } from "../verify.ts";
import { hasResolved } from "./decide-in-group.ts";
import { firedAlert } from "./perform-in-group.ts";
import { againAfterSeconds, longestWaitMs } from "./times.ts";

/** An alert that is waiting: its incident has what its webhook brought. */
interface WaitingIncident extends StoredIncident {
  readonly waitsSinceMs: number;
}

/**
 * Decides an alert that waits, with the group in view: reboots its instance, suppresses the alert, or lets it
 * wait and decides it again. It waits at most as long as a lease lasts. A message that is delivered twice
 * decides once. Never throws: an error returns the message to the queue.
 */
export function decideWaiting(check: Check, dependencies: Dependencies) {
  const { options } = dependencies;
  const { incidentId, nonce } = check;
  return runCheck(check, options, async () => {
    const { by, incident } = await beginDecision({ incidentId, nonce }, options);
    if (!incident) throw namedError("UnknownIncident", "no alert has this id");
    const { alertNonce, closedAtMs, waitsSinceMs } = incident;
    if (closedAtMs !== undefined) {
      return { outcome: "already closed", reason: "the alert was already decided" };
    }
    // Its turn may be handed on to this message at this moment.
    if (waitsSinceMs !== undefined && by === "another message") {
      throw namedError("DecisionInProgress", "another message is deciding the alert");
    }
    if (alertNonce !== nonce) {
      return { outcome: "duplicate", reason: "another message decides the alert" };
    }
    if (waitsSinceMs === undefined) return verifyClaimed(check, incident, dependencies);
    const waiting = { ...incident, waitsSinceMs };
    const alert = alertOf(waiting, options);
    // The webhook may have ended before it recorded this. An alert that has resolved would count as open.
    if (incident.resolvedAtMs === undefined) {
      await recordFired(firedAlert(alert, options, waitsSinceMs), options);
    }
    const end = whyEnded(waiting, await loadGroup(options), options);
    return end
      ? closeWaiting(end, waiting, dependencies)
      : decide(check, { incident: waiting, alert }, dependencies);
  });
}

interface End {
  readonly kind: Extract<LastNotification["kind"], "removed" | "resolved" | "waited too long">;
  readonly reason: string;
}

/** How the wait of an alert ends without a decision; `undefined` if it is still to be decided. */
function whyEnded(
  { id: alertId, resolvedAtMs, waitsSinceMs }: WaitingIncident,
  state: GroupState,
  { instanceId, instanceIds, checks, now }: HandlerOptions,
): End | undefined {
  if (!instanceIds.includes(instanceId)) {
    return { kind: "removed", reason: "a deployment removed the instance from the group" };
  }
  if (resolvedAtMs !== undefined || hasResolved(state, { instanceId, alertId })) {
    return { kind: "resolved", reason: "the alert resolved while it waited" };
  }
  if (now() < waitsSinceMs + longestWaitMs(checks)) return undefined;
  const waited = durationText(now() - waitsSinceMs);
  return {
    kind: "waited too long",
    reason: `the alert waited for ${waited}; the log says what for`,
  };
}

async function closeWaiting(
  { kind, reason }: End,
  incident: WaitingIncident,
  dependencies: Dependencies,
) {
  const { id: incidentId, cause } = incident;
  const { instanceId } = dependencies.options;
  const notification = { kind, reason, incidentId, instanceId, cause };
  const incidentUpdate = await reportEnd(notification, incident, dependencies);
  return { outcome: kind, reason, incidentUpdate };
}

async function decide(
  check: Check,
  { incident, alert }: { incident: WaitingIncident; alert: Alert },
  dependencies: Dependencies,
) {
  const { options } = dependencies;
  const { incidentId, nonce } = check;
  const decision = decideAlert(alert, options);
  const waiting = { nonce, sinceMs: incident.waitsSinceMs };
  const effect: Effect =
    decision.kind === "quiet"
      ? await suppressQuietly({ ...decision, waiting }, options)
      : await performDecision({ ...decision, waiting }, dependencies);
  if (effect.kind === "waiting") {
    const leftMs = incident.waitsSinceMs + longestWaitMs(options.checks) - options.now();
    const delaySeconds = Math.min(againAfterSeconds, Math.max(1, Math.ceil(leftMs / 1_000)));
    const next = randomUUID();
    // In this order: if the function ends in between, this message comes again, and the other one is dropped.
    await queueCheck({ ...check, nonce: next }, options, delaySeconds);
    await continueWaiting({ incidentId, nonce, next }, options);
    return { outcome: "waiting", reason: effect.reason };
  }
  if (effect.kind === "suppressed" && effect.limit === "duplicate") {
    // Also if it resolved just now, or if the response to this very claim was lost.
    throw namedError("DecidedMeanwhile", effect.reason);
  }
  await reportOutcome({ request: alert, decision, effect }, dependencies);
  const isClaimed = decision.kind === "reboot" && "nonce" in effect && effect.nonce !== undefined;
  const isInQuietPeriod = effect.kind === "suppressed" && effect.isWaiting;
  // If this fails, the message comes again, and an e-mail about a limit is not sent twice.
  if (!isClaimed && !isInQuietPeriod) await closeDecided(incidentId, effect, options);
  return undefined;
}

/** Closes an alert that was decided without a claim. Throws if it could not be written. */
async function closeDecided(incidentId: string, effect: Effect, options: HandlerOptions) {
  const outcome =
    effect.kind === "suppressed" && effect.limit === "shared cause" ? effect.limit : effect.kind;
  const item = closingAttributes(outcome, options.now());
  const update = await updateIncident(incidentId, { item }, options);
  if (update !== "updated") throw new Error(`the alert was decided, but not closed: ${update}`);
}

/** The alert as its webhook brought it. */
function alertOf({ id, cause }: StoredIncident, { instanceId }: HandlerOptions): Alert {
  if (cause.kind !== "alert") throw new Error("the incident that waits has no alert");
  return { ...cause, incidentId: id, instanceId, triggerType: "Critical" };
}

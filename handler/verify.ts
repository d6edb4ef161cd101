import { reportEnd, runCheck } from "./check.ts";
import { namedError } from "./errors.ts";
import { countCheck, type StoredIncident } from "./incidents/store.ts";
import { describeStatus, healthOf, readInstanceStatus } from "./instance-status.ts";
import type { Dependencies, HandlerOptions } from "./options.ts";
import { queueCheck } from "./requests/check.ts";
import type { Check } from "./requests/types.ts";
import { cleanReason } from "./text.ts";
import { functionTimeoutSeconds } from "./time-limits.ts";
import { evaluateIncident, evaluateRemoved } from "./verdict.ts";

/**
 * One check of an incident: read the instance status → count → evaluate → notify and close, or queue the
 * next check. It never reboots and never throws.
 */
export function verifyIncident(check: Check, { options, context }: Dependencies) {
  return runCheck(check, options, () => verifyOnce(check, { options, context }));
}

/** The check itself. Returns what to log; throws what AWS throws. */
export async function verifyOnce(
  { incidentId, nonce, instanceId: checked }: Check,
  { options, context }: Dependencies,
): Promise<Record<string, unknown>> {
  const instanceId = checked ?? options.instanceId;
  const status = await readInstanceStatus(instanceId, options.clients);
  const incident = await countCheck({ incidentId, nonce }, healthOf(status), options);
  const { checkCount, cause } = incident;
  const verdict = isMember(instanceId, options)
    ? evaluateIncident(incident, options.checks.maxChecks)
    : evaluateRemoved(incident);
  const reason = cleanReason(verdict.reason);
  const instanceStatus = cleanReason(describeStatus(status));
  if (verdict.kind === "pending") {
    await queueCheck({ incidentId, nonce, instanceId }, options);
    // If this fails, the next check does it: the lease outlasts several checks.
    await options.group?.keepLease({ incidentId, instanceId }, options).catch(() => false);
  }
  if (verdict.kind !== "end") return { outcome: verdict.kind, reason, checkCount, instanceStatus };
  const notification = { kind: verdict.end, reason, incidentId, instanceId, cause };
  const incidentUpdate = await reportEnd(notification, incident, { options, context });
  return { outcome: verdict.end, reason, checkCount, instanceStatus, incidentUpdate };
}

/**
 * The check for a message that was to decide an alert whose reboot is claimed: it came again, because the function
 * ended meanwhile. If it also ended before it queued a health check, this is the only one: nobody knows whether
 * EC2 rebooted. Throws while the claimed reboot can still be in progress.
 */
export async function verifyClaimed(
  check: Check,
  { nonce, claimedAtMs, rebootRequestedAtMs }: StoredIncident,
  dependencies: Dependencies,
): Promise<Record<string, unknown>> {
  if (rebootRequestedAtMs !== undefined) {
    return { outcome: "already decided", reason: "the instance was rebooted" };
  }
  if (dependencies.options.now() < claimedAtMs + longestInvocationMs) {
    throw namedError("ClaimInProgress", "the claimed reboot can still be in progress");
  }
  return verifyOnce({ ...check, nonce }, dependencies);
}

/** Longer than an invocation can last, and shorter than the time until a message comes again. */
const longestInvocationMs = functionTimeoutSeconds * 1_000 + 5_000;

/** The instance of a function without a group may have been replaced since its reboot. */
function isMember(instanceId: string, { group, instanceIds }: HandlerOptions): boolean {
  return !group || instanceIds.includes(instanceId);
}

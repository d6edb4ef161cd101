import type { Incident } from "./incidents/table.ts";
import { durationText } from "./incidents/times.ts";
import type { Responses } from "./requests/types.ts";

/**
 * How an incident ends. `failed`: nothing was rebooted. `unconfirmed`: the reboot was never confirmed.
 * `recovery unconfirmed`: the alert resolved, but without a successful request since the reboot.
 * `instance up`: after a manual reboot, which says nothing about the API. `removed`: the instance has left its
 * group.
 */
export type End =
  | "failed"
  | "recovered"
  | "instance up"
  | "not recovered"
  | "recovery unconfirmed"
  | "unconfirmed"
  | "removed";

/** What a check finds about an incident, and why. */
export type Verdict =
  | { readonly kind: "pending"; readonly reason: string }
  | { readonly kind: "already closed"; readonly reason: string }
  | { readonly kind: "end"; readonly end: End; readonly reason: string };

/** The instance counts as up after this many checks in a row: the first may still find the old state. */
const enoughUp = 2;

/**
 * A response counts as one of the rebooted server if it was logged more than two minutes after the
 * reboot was requested: the old process serves requests until the operating system ends it.
 * systemd waits 90 s for a service to end (DefaultTimeoutStopSec).
 */
const shutdownMs = 2 * 60_000;

/**
 * Evaluates an incident by its item alone, after this check was counted in it.
 *
 * The incident has recovered if the instance was up twice in a row, the alert has resolved, a fast and
 * successful response came after the reboot, and fewer than half of the responses failed. An alert also
 * resolves if the API is down and logs nothing, so without such a response the recovery is unconfirmed.
 * After a manual reboot nothing is known about the API: the incident ends when the instance is up.
 * After `maxChecks` checks the incident has not recovered.
 */
export function evaluateIncident(incident: Incident, maxChecks: number): Verdict {
  const { cause, failure, rebootRequestedAtMs, resolvedAtMs, checkCount, upCount } = incident;
  if (incident.closedAtMs !== undefined) return alreadyClosed;
  if (failure !== undefined) return { kind: "end", end: "failed", reason: failure };
  if (rebootRequestedAtMs === undefined) {
    const reason = "the function ended, or could not write, before it recorded EC2's response";
    return { kind: "end", end: "unconfirmed", reason };
  }
  const isAwaited = cause.kind === "alert" && resolvedAtMs === undefined;
  const missing = [
    ...(upCount < enoughUp ? ["the instance was not up twice in a row"] : []),
    ...(isAwaited ? ["the alert has not resolved"] : []),
  ].join(", and ");
  if (missing !== "") {
    if (checkCount < maxChecks) return { kind: "pending", reason: missing };
    return { kind: "end", end: "not recovered", reason: `after ${checkCount} checks ${missing}` };
  }
  if (resolvedAtMs === undefined) {
    return { kind: "end", end: "instance up", reason: "both status checks were ok twice" };
  }
  const resolved = `the alert resolved ${durationText(resolvedAtMs - rebootRequestedAtMs)} after the reboot`;
  const { requestCount, failedCount, lastSuccessMs } = incident.responses ?? none;
  if (lastSuccessMs <= rebootRequestedAtMs + shutdownMs) {
    const reason = `both status checks were ok twice and ${resolved}, but ${whyNoProof(incident)}`;
    return { kind: "end", end: "recovery unconfirmed", reason };
  }
  if (failedCount * 2 >= requestCount) {
    const reason = `${resolved}, but ${failedCount} of ${requestCount} requests in its last window failed`;
    return { kind: "end", end: "not recovered", reason };
  }
  const reason = `both status checks were ok twice, requests succeed, and ${resolved}`;
  return { kind: "end", end: "recovered", reason };
}

/** The verdict about an instance that a deployment has removed from its group. */
export function evaluateRemoved({ closedAtMs }: Incident): Verdict {
  if (closedAtMs !== undefined) return alreadyClosed;
  const reason = "a deployment removed the instance from the group";
  return { kind: "end", end: "removed", reason };
}

const alreadyClosed = {
  kind: "already closed",
  reason: "the result was already reported",
} as const;

const none: Responses = { requestCount: 0, failedCount: 0, lastSuccessMs: 0 };

/** Why the window in which the alert resolved does not prove a recovery. */
function whyNoProof({ responses }: Incident): string {
  if (responses === undefined) return "Sumo Logic reported no responses of the API";
  const { requestCount, failedCount } = responses;
  if (requestCount === 0) return "there was no request to the API";
  return (
    `${failedCount} of ${requestCount} requests in the alert's last window failed, and none since the ` +
    "reboot was fast and successful"
  );
}

import type { Incident } from "../incident.ts";
import type { End } from "../outcome.ts";
import type { Responses } from "../request.ts";

/** What a check finds of an incident, and why. */
export type Judgement =
  | { readonly kind: "wait"; readonly reason: string }
  | { readonly kind: "over"; readonly reason: string }
  | { readonly kind: "end"; readonly end: End; readonly reason: string };

/** The instance counts as up after this many checks in a row: the first may still see the old state. */
const enoughUp = 2;

/**
 * A response counts as one of the rebooted server if it was logged more than two minutes after the
 * reboot was requested: until the operating system has ended it, the old process goes on serving.
 * systemd waits 90 s for a service to end (DefaultTimeoutStopSec).
 */
const shutdownMs = 2 * 60_000;

/**
 * Judges an incident by its item alone, after this check was counted in it.
 *
 * It has recovered when the instance was up twice in a row, the alert is resolved, a fast, successful
 * response came after the reboot, and fewer than half of the responses failed. An alert also resolves when
 * the API is dead and nothing is logged, so without such a response the recovery stays unconfirmed. After a
 * manual reboot nothing is known of the API: the incident ends when the instance is up.
 * After `maxChecks` checks the incident has not recovered.
 */
export function judgeIncident(incident: Incident, maxChecks: number): Judgement {
  const { cause, failure, rebootRequestedAtMs, resolvedAtMs, checkCount, upCount } = incident;
  if (incident.closedAtMs !== undefined) return { kind: "over", reason: "it is closed already" };
  if (failure !== undefined) return { kind: "end", end: "failed", reason: failure };
  if (rebootRequestedAtMs === undefined) {
    const reason = "the function ended, or could not write, before it noted what EC2 answered";
    return { kind: "end", end: "unconfirmed", reason };
  }
  const isAwaited = cause.kind === "alert" && resolvedAtMs === undefined;
  const missing = [
    ...(upCount < enoughUp ? ["the instance was not up twice in a row"] : []),
    ...(isAwaited ? ["the alert has not resolved"] : []),
  ].join(", and ");
  if (missing !== "") {
    if (checkCount < maxChecks) return { kind: "wait", reason: missing };
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
    const reason = `${resolved}, but of ${requestCount} requests in its last window ${failedCount} failed`;
    return { kind: "end", end: "not recovered", reason };
  }
  const reason = `both status checks were ok twice, requests succeed, and ${resolved}`;
  return { kind: "end", end: "recovered", reason };
}

const none: Responses = { requestCount: 0, failedCount: 0, lastSuccessMs: 0 };

/** Why the window in which the alert resolved is no proof of recovery. */
function whyNoProof({ responses }: Incident): string {
  if (responses === undefined) return "Sumo Logic reported no responses of the API";
  const { requestCount, failedCount } = responses;
  if (requestCount === 0) return "there was no request to the API";
  return (
    `of ${requestCount} requests in the alert's last window ${failedCount} failed, and none since the ` +
    "reboot was fast and successful"
  );
}

/** For example `12m05s`. Clocks of two machines may differ, so that it resolved before the request. */
function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
}

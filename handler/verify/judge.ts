import type { Incident } from "../incident.ts";
import type { End } from "../outcome.ts";

/** What a check finds of an incident, and why. */
export type Judgement =
  | { readonly kind: "wait"; readonly reason: string }
  | { readonly kind: "over"; readonly reason: string }
  | { readonly kind: "end"; readonly end: End; readonly reason: string };

/** The instance counts as up after so many checks in a row: the first may still see the old state. */
const enoughUp = 2;

/**
 * Judges an incident by its item alone, after this check was counted in it.
 *
 * It has recovered when the instance was up twice in a row and the alert is resolved; an incident by
 * hand has no alert to wait for. After `maxChecks` checks without that it is given up.
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
  if (missing === "") {
    const reason =
      resolvedAtMs === undefined
        ? "both status checks were ok twice"
        : `both status checks were ok twice, and the alert resolved ${durationText(resolvedAtMs - rebootRequestedAtMs)} after the reboot`;
    return { kind: "end", end: "recovered", reason };
  }
  if (checkCount < maxChecks) return { kind: "wait", reason: missing };
  return { kind: "end", end: "not recovered", reason: `after ${checkCount} checks ${missing}` };
}

/** Such as `12m05s`; a resolving window may end before the reboot was requested. */
function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
}

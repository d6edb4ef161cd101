import type { Request } from "./request.ts";
import { quote } from "./text.ts";

/** What to do about a request, and why. */
export type Decision =
  | { readonly kind: "reboot"; readonly dryRun: boolean; readonly reason: string }
  /** Reboot nothing, but tell people. */
  | { readonly kind: "inform"; readonly reason: string }
  | { readonly kind: "skip"; readonly reason: string }
  | { readonly kind: "test"; readonly reason: string };

/**
 * A window that ended longer ago tells of another time; one in the future is no window. Sumo Logic
 * evaluates log monitors 2 minutes late, for the alert and its resolution alike:
 * https://www.sumologic.com/help/docs/alerts/monitors/monitor-faq/
 */
const stalestMs = 15 * 60_000;
const soonestMs = 60_000;

/**
 * Decides, from the request and the time alone. Only a fresh alert of trigger type `Critical` and a
 * call by hand reboot; a `ResolvedCritical` as fresh informs; every other trigger type is skipped.
 */
export function decideReboot(request: Request, nowMs: number): Decision {
  if (request.kind === "by-hand") {
    const how = request.force ? "called by hand with force, past the cool-down" : "called by hand";
    const reason = request.reason === "" ? how : `${how}: ${request.reason}`;
    return { kind: "reboot", dryRun: request.dryRun, reason };
  }
  if (request.kind === "test") {
    const names = request.unrenderedFields.join(", ");
    return { kind: "test", reason: `a test message: Sumo Logic left ${names} unrendered` };
  }
  const { triggerType } = request;
  if (triggerType !== "Critical" && triggerType !== "ResolvedCritical") {
    return { kind: "skip", reason: `trigger type ${quote(triggerType)} does not reboot` };
  }
  const ageMs = nowMs - request.windowEndMs;
  if (ageMs > stalestMs) {
    return {
      kind: "skip",
      reason: `the ${triggerType} alert is stale: its window ended over 15 minutes ago`,
    };
  }
  if (ageMs < -soonestMs) {
    return {
      kind: "skip",
      reason: `the window of the ${triggerType} alert ends over a minute in the future`,
    };
  }
  if (triggerType === "ResolvedCritical") {
    return { kind: "inform", reason: "the alert is resolved" };
  }
  return { kind: "reboot", dryRun: false, reason: "the alert is Critical" };
}

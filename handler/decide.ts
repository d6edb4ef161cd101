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
 * Decides, from the request alone. Only an alert of trigger type `Critical` and a call by hand
 * reboot; `ResolvedCritical` informs; every other trigger type is skipped.
 */
export function decideReboot(request: Request): Decision {
  if (request.kind === "by-hand") {
    const reason = request.reason === "" ? "called by hand" : `called by hand: ${request.reason}`;
    return { kind: "reboot", dryRun: request.dryRun, reason };
  }
  if (request.kind === "test") {
    const names = request.unrenderedFields.join(", ");
    return { kind: "test", reason: `a test message: Sumo Logic left ${names} unrendered` };
  }
  if (request.triggerType === "Critical") {
    return { kind: "reboot", dryRun: false, reason: "the alert is Critical" };
  }
  if (request.triggerType === "ResolvedCritical") {
    return { kind: "inform", reason: "the alert is resolved" };
  }
  return { kind: "skip", reason: `trigger type ${quote(request.triggerType)} does not reboot` };
}

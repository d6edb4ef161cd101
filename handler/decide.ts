import type { WaitingAlert } from "./incidents/claim.ts";
import { periodText } from "./incidents/times.ts";
import type { HandlerOptions } from "./options.ts";
import { quietUntil } from "./quiet-hours.ts";
import type { Alert, ManualRequest, Request } from "./requests/types.ts";
import { quote } from "./text.ts";

/** What to do about a request, and why. */
export type Decision =
  | RebootDecision
  | QuietDecision
  /** Ask EC2 whether the reboot would be permitted. */
  | { readonly kind: "dry run"; readonly reason: string }
  /** Record that the alert resolved. */
  | { readonly kind: "resolve"; readonly alert: Alert; readonly reason: string }
  /** Do nothing. Its group still records an alert that came too late, or the resolution of one. */
  | { readonly kind: "skip"; readonly reason: string; readonly lateAlert?: Alert }
  | { readonly kind: "test"; readonly reason: string };

export interface RebootDecision {
  readonly kind: "reboot";
  readonly request: Alert | ManualRequest;
  readonly reason: string;
  /** Present for an alert of a group, which was stored before. */
  readonly waiting?: WaitingAlert;
}

/** Reboot nothing for an alert in quiet hours. */
export interface QuietDecision {
  readonly kind: "quiet";
  readonly alert: Alert;
  /** When the quiet hours end, in milliseconds since 1970; absent if they cannot be read. */
  readonly untilMs?: number;
  /** Present for an alert of a group, which waited until they began. */
  readonly waiting?: WaitingAlert;
  readonly reason: string;
}

type DecisionOptions = Pick<HandlerOptions, "alertRule" | "alertSymptom" | "quietHours" | "now">;

/**
 * An alert is stale if its window ended longer ago, and invalid if its window ends later from now. Sumo
 * Logic evaluates log monitors 2 minutes late, for the alert and its resolution alike:
 * https://www.sumologic.com/help/docs/alerts/monitors/monitor-faq/
 */
const stalestMs = 15 * 60_000;
const soonestMs = 60_000;

/**
 * Decides, from the request and the time alone. Only a recent alert of trigger type `Critical` and a
 * manual invocation reboot, and the alert only outside quiet hours. A recent `ResolvedCritical` is recorded. Every other trigger type is skipped.
 */
export function decideReboot(request: Request, options: DecisionOptions): Decision {
  if (request.kind === "manual") {
    const { force, dryRun } = request;
    const how = force ? "manual invocation with force, without the cool-down" : "manual invocation";
    const reason = request.reason === "" ? how : `${how}: ${request.reason}`;
    return dryRun ? { kind: "dry run", reason } : { kind: "reboot", request, reason };
  }
  if (request.kind === "test") {
    const names = request.unrenderedFields.join(", ");
    return { kind: "test", reason: `a test message: Sumo Logic left ${names} unrendered` };
  }
  const { triggerType } = request;
  if (triggerType !== "Critical" && triggerType !== "ResolvedCritical") {
    return { kind: "skip", reason: `trigger type ${quote(triggerType)} does not reboot` };
  }
  const ageMs = options.now() - request.windowEndMs;
  if (ageMs > stalestMs) {
    const reason = `the ${triggerType} alert is stale: its window ended over 15 minutes ago`;
    return { kind: "skip", reason, lateAlert: request };
  }
  if (ageMs < -soonestMs) {
    return {
      kind: "skip",
      reason: `the window of the ${triggerType} alert ends over a minute in the future`,
    };
  }
  if (triggerType === "ResolvedCritical") {
    return { kind: "resolve", alert: request, reason: "the alert resolved" };
  }
  return decideAlert(request, options);
}

/** The decision about an alert that is recent enough. */
export function decideAlert(
  alert: Alert,
  options: DecisionOptions,
): RebootDecision | QuietDecision {
  const reason = describeAlert(alert, options);
  return decideQuiet(alert, reason, options) ?? { kind: "reboot", request: alert, reason };
}

/** The decision about an alert in quiet hours, or while nobody knows whether it is in them. */
function decideQuiet(
  alert: Alert,
  reason: string,
  { quietHours, now }: DecisionOptions,
): QuietDecision | undefined {
  if (!quietHours) return undefined;
  if (quietHours === "unreadable") return { kind: "quiet", alert, reason: unreadable };
  const untilMs = quietUntil(quietHours, now());
  return untilMs === undefined ? undefined : { kind: "quiet", alert, untilMs, reason };
}

const unreadable =
  "they cannot be read, so no alert reboots (variable QUIET_HOURS, setting quietHours)";

/** For example `6 responses of /api/data took over 3 s between 01:03 and 01:13 UTC`. */
function describeAlert(
  { triggerValue, windowStartMs, windowEndMs }: Alert,
  { alertRule, alertSymptom, now }: DecisionOptions,
): string {
  const period = periodText(windowStartMs, windowEndMs, now());
  return triggerValue === undefined
    ? `${alertRule}, ${period}; Sumo Logic sent no count`
    : `${triggerValue} ${alertSymptom} ${period}`;
}

import type { Incident } from "../../../handler/incidents/table.ts";
import { durationText, isTime } from "../../../handler/incidents/times.ts";
import { type End, sharedCauseEnd, waitingEnd } from "../group-ends.ts";
import { momentText } from "./moment.ts";
import { firstSlowMs, type SlowResponses } from "./slow-responses.ts";

/** How an incident ended, as a headline. */
export type Result = End;

/** A map, since others can write an outcome like "constructor". */
const ends: ReadonlyMap<string, Result> = new Map([
  ["recovered", { text: "Recovered", tone: "good" }],
  ["instance up", { text: "Up after the manual reboot", tone: "good" }],
  ["not recovered", { text: "Not recovered", tone: "bad" }],
  ["recovery unconfirmed", { text: "Recovery unconfirmed", tone: "unclear" }],
  ["unconfirmed", { text: "Reboot unconfirmed", tone: "unclear" }],
  ["removed", { text: "Removed from the group", tone: "unclear" }],
]);

export function resultOf(incident: Incident): Result {
  const { cause, failure, outcome, rebootRequestedAtMs, quietUntilMs, waitsSinceMs } = incident;
  if (failure !== undefined) return { text: "Not rebooted", tone: "bad" };
  if (quietUntilMs !== undefined) return quietResult(incident);
  if (cause.kind === "shared cause") {
    const { text, tone } = sharedCauseEnd(incident) ?? { text: "suspected", tone: "bad" };
    return { text: `Shared cause ${text}`, tone };
  }
  if (waitsSinceMs !== undefined) {
    const end = waitingEnd(incident);
    return end
      ? { text: `Not rebooted: ${end.text}`, tone: end.tone }
      : { text: "Waiting for a decision", tone: "unclear" };
  }
  if (outcome !== undefined) return ends.get(outcome) ?? { text: outcome, tone: "unclear" };
  return rebootRequestedAtMs === undefined
    ? { text: "Reboot claimed, not confirmed", tone: "unclear" }
    : { text: "Rebooted, health checks continue", tone: "unclear" };
}

/** That of an alert in quiet hours, or of a quiet period with its alerts. */
function quietResult({ alerts, outcome = "waiting for their end" }: Incident): Result {
  if (alerts === undefined) return { text: "Not rebooted in quiet hours", tone: "unclear" };
  return {
    text: `Quiet hours, ${outcome}`,
    tone: outcome === "all resolved" ? "good" : "unclear",
  };
}

/** An outcome of an item in the middle of a sentence. */
export function endOf(outcome: string): string {
  const text = ends.get(outcome)?.text;
  return text === undefined ? outcome : text.charAt(0).toLowerCase() + text.slice(1);
}

/** How long one phase of an incident was. */
export interface Phase {
  readonly name: "Detect" | "Act" | "Recover";
  /** For example "12m05s"; undefined if it has not ended, or if its time is not known. */
  readonly duration?: string;
  /** From when to when, or why there is no duration. */
  readonly detail: string;
}

/**
 * The times to detect, act and recover. Sumo Logic's data has the first slow response; without it the
 * time to detect is at most the time since the start of the alert's window.
 */
export function phasesOf(incident: Incident, responses: SlowResponses | undefined): Phase[] {
  return [detection(incident, responses), action(incident), recovery(incident)];
}

function detection({ cause, arrivedAtMs }: Incident, responses?: SlowResponses): Phase {
  const name = "Detect";
  if (cause.kind === "quiet hours" || cause.kind === "shared cause") {
    return { name, detail: "the alerts are separate incidents" };
  }
  if (cause.kind !== "alert") return { name, detail: "a person invoked the function" };
  const { windowStartMs, windowEndMs } = cause;
  if (!isTime(windowStartMs) || !isTime(arrivedAtMs)) {
    return { name, detail: "the item has no time of the alert" };
  }
  const window = { startMs: windowStartMs, endMs: windowEndMs };
  const firstMs = responses && firstSlowMs(responses, window);
  if (firstMs === undefined) {
    const duration = `at most ${durationText(arrivedAtMs - windowStartMs)}`;
    return { name, duration, detail: "from the start of the alert's window to its arrival" };
  }
  const sliceMinutes = responses?.sliceMinutes ?? 1;
  const precision = sliceMinutes === 1 ? "to the minute" : `to ${sliceMinutes} minutes`;
  const detail = `from the first slow response (${momentText(firstMs)}, ${precision}) to the alert's arrival`;
  return { name, duration: durationText(arrivedAtMs - firstMs), detail };
}

function action(incident: Incident): Phase {
  const { cause, arrivedAtMs, claimedAtMs, rebootRequestedAtMs, failure } = incident;
  const { quietUntilMs, waitsSinceMs, outcome } = incident;
  const name = "Act";
  if (quietUntilMs !== undefined) {
    return { name, detail: `quiet hours until ${momentText(quietUntilMs)}` };
  }
  if (cause.kind === "shared cause") return { name, detail: "it prevented further reboots" };
  if (waitsSinceMs !== undefined) {
    return { name, detail: outcome === undefined ? "no decision yet" : "nothing was rebooted" };
  }
  if (rebootRequestedAtMs === undefined) {
    return {
      name,
      detail: failure === undefined ? "no reboot is recorded" : "nothing was rebooted",
    };
  }
  const duration = durationText(rebootRequestedAtMs - arrivedAtMs);
  const detail =
    arrivedAtMs === claimedAtMs
      ? "from the claim to the reboot"
      : `from the alert's arrival to the reboot, which was claimed after ${durationText(claimedAtMs - arrivedAtMs)}`;
  return { name, duration, detail };
}

function recovery(incident: Incident): Phase {
  const name = "Recover";
  const { rebootRequestedAtMs, resolvedAtMs, closedAtMs, outcome } = incident;
  if (rebootRequestedAtMs === undefined) return { name, detail: "no reboot is recorded" };
  const isOver = outcome === "recovered" || outcome === "instance up";
  const overMs = resolvedAtMs ?? closedAtMs;
  if (!isOver || overMs === undefined) {
    return { name, detail: outcome === undefined ? "health checks continue" : endOf(outcome) };
  }
  const what = resolvedAtMs === undefined ? "the last health check" : "the end of the alert";
  const verified =
    resolvedAtMs === undefined || closedAtMs === undefined
      ? ""
      : `, verified after ${durationText(closedAtMs - rebootRequestedAtMs)}`;
  const detail = `from the reboot to ${what}${verified}`;
  return { name, duration: durationText(overMs - rebootRequestedAtMs), detail };
}

import type { Incident } from "../../handler/incidents/table.ts";

/** How something ended. `tone` says whether a person must act. */
export interface End {
  readonly text: string;
  readonly tone: "good" | "bad" | "unclear";
}

/** Maps, since others can write an outcome like "constructor". */
const waitingEnds: ReadonlyMap<string, End> = new Map([
  ["waited too long", { text: "waited too long", tone: "bad" }],
  ["shared cause", { text: "shared cause suspected", tone: "bad" }],
  ["suppressed", { text: "suppressed by a limit", tone: "bad" }],
  ["failed", { text: "the claim failed", tone: "bad" }],
  ["permitted in dryrun mode", { text: "only a dry run", tone: "unclear" }],
  ["dryrun mode repeated", { text: "only a dry run", tone: "unclear" }],
  ["removed", { text: "removed from the group", tone: "unclear" }],
  ["resolved", { text: "resolved while waiting", tone: "good" }],
]);

const sharedCauseEnds: ReadonlyMap<string, End> = new Map([
  ["shared cause over", { text: "over", tone: "good" }],
  ["still affected", { text: "over, alerts still open", tone: "bad" }],
]);

/** Why an alert of a group was not rebooted after it waited; undefined while it waits. */
export function waitingEnd({ outcome }: Incident): End | undefined {
  return endIn(waitingEnds, outcome);
}

/** How a shared cause ended; undefined while it lasts. */
export function sharedCauseEnd({ outcome }: Incident): End | undefined {
  return endIn(sharedCauseEnds, outcome);
}

function endIn(ends: ReadonlyMap<string, End>, outcome: string | undefined): End | undefined {
  if (outcome === undefined) return undefined;
  return ends.get(outcome) ?? { text: outcome, tone: "unclear" };
}

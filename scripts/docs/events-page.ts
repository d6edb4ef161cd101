import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EventOutcome } from "../../handler/incidents/events.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { withTable } from "./parts.ts";

const path = join(import.meta.dirname, "..", "..", "docs", "events", "README.md");

/** docs/events/README.md with the table of types, from handler/incidents/events.ts. */
export function eventsPage(): string {
  const { eventKinds } = loadProgram<typeof import("../../handler/incidents/events.ts")>(
    "handler/incidents/events.ts",
  );
  const rows = Object.entries(whens).map(([outcome, when]) => {
    const { type, severity } = eventKinds[outcome as EventOutcome];
    return `| \`${type}\` | \`${outcome}\` | ${severity} | ${when} |`;
  });
  const head = "| detail-type | outcome | severity | when |";
  return withTable(readFileSync(path, "utf8"), "types", [head, ...rows]);
}

const whens: Readonly<Record<EventOutcome, string>> = {
  claimed: "An alert or a manual invocation passed all limits. The reboot follows.",
  rebooted: "EC2 accepted the reboot, or its response was lost.",
  failed: "The reboot was claimed, but nothing was rebooted.",
  recovered: "The instance is up, the alert has resolved, and requests succeed.",
  "instance up": "The instance is up after a manual reboot, which says nothing about the API.",
  "not recovered": "The reboot did not help.",
  unconfirmed: "The reboot was claimed, and nobody knows whether it happened.",
  "recovery unconfirmed": "The alert resolved, but without a successful request since the reboot.",
  suppressed:
    "A limit, quiet hours or the kill switch prevented a reboot, for the first time in a cool-down.",
  "waited too long":
    "An alert of a group waited for other instances until it was too late to reboot.",
  resolved: "An alert of a group resolved while it waited for other instances.",
  removed: "A deployment removed the instance from its group before its incident ended.",
  "shared cause": "So many instances of a group are affected that none is rebooted.",
  "still affected": "The shared cause is over, but some of the instances are still slow.",
  "shared cause over": "The shared cause is over.",
  "still slow": "Quiet hours have ended, and alerts that they suppressed have not resolved.",
  on: "`npm run mode -- on`",
  dryrun: "`npm run mode -- dryrun`",
  off: "`npm run mode -- off`",
  test: "`npm run drill -- --notify`",
  "test resolved": "The same command, 20 seconds later.",
};

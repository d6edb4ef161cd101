import { partsOf } from "../document.ts";
import { type GroupScenario, groupCalls } from "./rows.ts";
import type { GroupResult } from "./run.ts";

/** Where the part about a group begins. */
export const groupTitle = "## A group";

const head = `${groupTitle}

The stack has three existing instances and a target group. The rows are the calls that only a group makes, and those
whose message arrives again after a fault. Two instances of three are a shared cause.

- *Reboots*: of all three instances together.
- *Minutes*: an alert is decided, and a shared cause is checked, within one minute; a failed message arrives again
  after two, five times in total.
- *Again*: \`waiting\` means that the repeated alert is stored and decided, since the first one was not stored.`;

const scenarios: Readonly<Record<GroupScenario, string>> = {
  alert: "A group: an alert, during its webhook",
  decision: "A group: the decision about an alert",
  waiting: "A group: an alert that waits for another instance",
  suppressed: "A group: an alert within the cool-down",
  resolved: "A group: the alert resolves",
  check: "A group: the checks after the reboot",
  "shared cause": "A group: the decisions about two alerts with a shared cause",
  "first check of a shared cause": "A group: the first check of the shared cause",
  "end of a shared cause": "A group: the end of the shared cause",
};

/** The part of docs/faults.md about a group. */
export function groupFaultsPart(results: readonly GroupResult[]): string {
  return `${[head, ...partsOf(scenarios, groupCalls, results)].join("\n\n")}\n`;
}

import { faultKinds } from "../../../sandbox/aws/faults.ts";
import { type Call, calls, times } from "./rows.ts";
import type { Result } from "./run.ts";

const head = `# What happens when an AWS call fails

Each row injects one fault into one AWS call of the function, before or after the call takes effect. \`npm run faults\`
generates this page: it runs every row with the deployed function on the sandbox, and repeats the fault each time
the function repeats the call.

| fault | meaning |
| --- | --- |
| throttled | AWS throttles the call |
| 5xx | AWS responds with a server error |
| time-out | no response arrives |
| denied | AWS denies access |
| reset | the connection is reset |
| crash | the function's process dies |

- *Reboots*: how often EC2 rebooted the instance, including the same alert delivered again at the end.
- *Notifications*: the e-mails in order, and the alarms, which CloudWatch sends.
- *Minutes*: when the first notification arrives at the latest, with the default settings.
- *Again*: what the repeated alert does.

AWS denies and throttles a reboot before it takes effect. The two rows "after" are there for
completeness.`;

const scenarios = {
  alert: "An alert, during the first call of the function",
  "not running": "An alert for a stopped instance",
  suppressed: "An alert within the cool-down",
  resolved: "The alert resolves",
  "end within the cool-down": "An alert within the cool-down resolves",
  check: "The checks after the reboot",
  "quiet hours": "An alert in quiet hours, which is repeated after them",
  "end of quiet hours": "The check at the end of quiet hours",
} as const;

/** The results as docs/faults.md shows them: one line for all faults of a call with the same result. */
export function faultsDocument(results: readonly Result[]): string {
  return `${[head, ...partsOf(scenarios, calls, results)].join("\n\n")}\n`;
}

/** The part of each scenario: its title, and a table of its calls. */
export function partsOf<S extends string>(
  titles: Readonly<Record<S, string>>,
  callsOf: readonly Call<S>[],
  results: readonly Result<S>[],
): string[] {
  return Object.entries(titles).map(([scenario, title]) => {
    const lines = callsOf
      .filter((call) => call.scenario === scenario)
      .flatMap((call) => linesOf(results.filter(({ row }) => row.call === call)));
    return [
      `## ${title}`,
      "",
      "| call | fault | reboots | notifications | minutes | again |",
      "| --- | --- | --- | --- | --- | --- |",
      ...lines,
    ].join("\n");
  });
}

/** The calls whose lines differ between two documents. */
export function callsThatDiffer(one: string, other: string): Call[] {
  const linesAbout = (document: string, { name }: Call) =>
    document
      .split("\n")
      .filter((line) => line.startsWith(`| ${name}: `))
      .join("\n");
  return calls.filter((call) => linesAbout(one, call) !== linesAbout(other, call));
}

function linesOf(results: readonly Result<unknown>[]): string[] {
  const faultsOf = new Map<string, string[]>();
  for (const kind of faultKinds) {
    for (const when of times) {
      const result = results.find(({ row }) => row.kind === kind && row.when === when);
      if (!result) continue;
      const { reboots, notifiedMinutes, repeat } = result;
      const end = `${reboots} | ${notificationsText(result)} | ${notifiedMinutes} | ${repeat} |`;
      faultsOf.set(end, [...(faultsOf.get(end) ?? []), `${kind} ${when}`]);
    }
  }
  const [{ row: { call } = { call: undefined } } = {}] = results;
  return [...faultsOf].map(
    ([end, faults]) => `| ${call?.name}: \`${call?.action}\` | ${merge(faults)} | ${end}`,
  );
}

/** Merges "5xx before" and "5xx after" into "5xx". */
function merge(faults: readonly string[]): string {
  return faultKinds
    .flatMap((kind) => {
      const [before, after] = times.map((when) => faults.includes(`${kind} ${when}`));
      if (before && after) return [kind];
      return [...(before ? [`${kind} before`] : []), ...(after ? [`${kind} after`] : [])];
    })
    .join(", ");
}

export function notificationsText({ mails, alarms }: Result<unknown>): string {
  const names = [...mails.map((it) => `"${it}"`), ...alarms.map((it) => `alarm ${it}`)];
  return names.join(", ") || "nothing";
}

import { faultKinds } from "../../../sandbox/aws/faults.ts";
import { type Call, calls, times } from "./rows.ts";
import type { Result } from "./run.ts";

const head = `# What happens when an AWS call goes wrong

Each AWS call of the function, with each fault, before the call takes effect and after it: written by
\`npm test\`, which plays each row with the deployed function on the sandbox, every time that the row's
call is made. Faults: the call is *throttled*; AWS answers *5xx*; no answer comes (*time-out*); access is
*denied*; the connection is *reset*; the function's process dies (*crash*).

*Reboots* is how often EC2 rebooted the instance, with the same alert delivered again at the end.
*Told* is what people get to know: e-mails in their order, and alarms, which come by CloudWatch.
*Minutes* is when the first of it comes, at the latest, with the defaults of the settings. *Again* is
what the repeated alert does.

AWS denies and throttles a reboot before it takes effect; those two rows "after" are there for
completeness.`;

const scenarios = {
  alert: "An alert, while its first call of the function runs",
  "not running": "An alert of an instance that is stopped",
  "held back": "An alert within the cool-down",
  resolved: "The alert's end",
  "end within the cool-down": "The end of an alert within the cool-down",
  check: "The checks after the reboot",
} as const;

/** The results as docs/faults.md shows them: a line for all faults of a call that end alike. */
export function faultsDocument(results: readonly Result[]): string {
  const parts = Object.entries(scenarios).map(([scenario, title]) => {
    const lines = calls
      .filter((call) => call.scenario === scenario)
      .flatMap((call) => linesOf(results.filter(({ row }) => row.call === call)));
    return [
      `## ${title}`,
      "",
      "| call | fault | reboots | told | minutes | again |",
      "| --- | --- | --- | --- | --- | --- |",
      ...lines,
    ].join("\n");
  });
  return `${[head, ...parts].join("\n\n")}\n`;
}

/** The calls of which two documents say other things. */
export function callsThatDiffer(one: string, other: string): Call[] {
  const linesAbout = (document: string, { name }: Call) =>
    document
      .split("\n")
      .filter((line) => line.startsWith(`| ${name}: `))
      .join("\n");
  return calls.filter((call) => linesAbout(one, call) !== linesAbout(other, call));
}

function linesOf(results: readonly Result[]): string[] {
  const faultsOf = new Map<string, string[]>();
  for (const kind of faultKinds) {
    for (const when of times) {
      const result = results.find(({ row }) => row.kind === kind && row.when === when);
      if (!result) continue;
      const { reboots, toldMinutes, repeat } = result;
      const end = `${reboots} | ${toldText(result)} | ${toldMinutes} | ${repeat} |`;
      faultsOf.set(end, [...(faultsOf.get(end) ?? []), `${kind} ${when}`]);
    }
  }
  const [{ row: { call } = { call: undefined } } = {}] = results;
  return [...faultsOf].map(
    ([end, faults]) => `| ${call?.name}: \`${call?.action}\` | ${merge(faults)} | ${end}`,
  );
}

/** "5xx before" and "5xx after" as one "5xx". */
function merge(faults: readonly string[]): string {
  return faultKinds
    .flatMap((kind) => {
      const [before, after] = times.map((when) => faults.includes(`${kind} ${when}`));
      if (before && after) return [kind];
      return [...(before ? [`${kind} before`] : []), ...(after ? [`${kind} after`] : [])];
    })
    .join(", ");
}

export function toldText({ mails, alarms }: Result): string {
  const texts = [...mails.map((it) => `"${it}"`), ...alarms.map((it) => `alarm ${it}`)];
  return texts.join(", ") || "nothing";
}

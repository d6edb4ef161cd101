import { eventFaultKinds } from "../../../../sandbox/aws/events/event-fault.ts";
import { times } from "../rows.ts";
import type { EventResult } from "./matrix.ts";
import { eventSteps } from "./rows.ts";

const head = `## The events of a stack with every target

An alert for a stopped instance makes two events, "Reboot Claimed" and "Reboot Failed"; the second one pages. Each row
lets one call of the pipe or of a rule fail until all retries have ended, before or after it takes effect. The function
does not make these calls, so the e-mail is sent in every row.

- *Chat*, *pages*, *bus*: how many messages arrive in the chat, at PagerDuty and on the other event bus. Without a
  fault these are 2, 1 and 2. An event that was delivered without a response is delivered again; each has its id.
- *Alarm*: \`lost-events\` means that the dead-letter queue has an event that did not arrive, or may not have.

| call | fault | e-mails | chat | pages | bus | alarm |
| --- | --- | --- | --- | --- | --- | --- |`;

/** The part of docs/faults.md about events: one line for all faults of a call with the same result. */
export function eventFaultsPart(results: readonly EventResult[]): string {
  const lines = eventSteps.flatMap((step) =>
    linesOf(results.filter(({ row }) => row.step === step)),
  );
  return `${[head, ...lines].join("\n")}\n`;
}

function linesOf(results: readonly EventResult[]): string[] {
  const faultsOf = new Map<string, string[]>();
  for (const { row, ...result } of results) {
    const { mails, chat, pages, onBus, alarms } = result;
    const texts = [quoted(mails), arrived(chat), arrived(pages), arrived(onBus), alarms.join(", ")];
    const end = texts.map((it) => it || "none").join(" | ");
    faultsOf.set(end, [...(faultsOf.get(end) ?? []), `${row.kind} ${row.when}`]);
  }
  const [first] = results;
  if (!first) return [];
  const { name, action } = first.row.step;
  return [...faultsOf].map(
    ([end, faults]) => `| ${name}: \`${action}\` | ${merge(faults)} | ${end} |`,
  );
}

/** Retries depend on the machine's speed: how often an event arrives again is not certain. */
function arrived(count: number): string {
  return count > 2 ? "several times" : String(count);
}

const quoted = (texts: readonly string[]) => texts.map((it) => `"${it}"`).join(", ");

/** Merges "5xx before" and "5xx after" into "5xx". */
function merge(faults: readonly string[]): string {
  return eventFaultKinds
    .flatMap((kind) => {
      const given = times.filter((when) => faults.includes(`${kind} ${when}`));
      return given.length === times.length ? [kind] : given.map((when) => `${kind} ${when}`);
    })
    .join(", ");
}

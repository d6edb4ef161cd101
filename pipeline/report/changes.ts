import { code, counted, within } from "./markdown.ts";
import type { Step } from "./preview.ts";

/** What matters most comes first: a deleted resource loses its data. */
const dangerous = [
  "replace",
  "delete",
  "delete-replaced",
  "create-replacement",
  "import-replacement",
  "unprotect",
];
const order = [...dangerous, "create", "import", "update"];

const longestTable = 12_000;
const mostProperties = 8;
const longestName = 150;
const longestProperty = 60;

/** True where a resource goes, or may go from now on. */
export function isDangerous({ operation }: { readonly operation: string }): boolean {
  return dangerous.includes(operation);
}

/** In an order that is the same for the same changes, whatever the engine's was. */
export function sorted(steps: readonly Step[]): Step[] {
  const key = ({ name, type }: Step) => `${name} ${type}`;
  return [...steps].sort(
    (a, b) => rank(a.operation) - rank(b.operation) || (key(a) < key(b) ? -1 : 1),
  );
}

/** Operation → how many of the steps. */
export function countsOf(steps: readonly Step[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { operation } of steps) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return counts;
}

/** "1 to replace ⚠, 3 to create", or "no changes". */
export function countsText(counts: ReadonlyMap<string, number>): string {
  const parts = [...counts]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(
      ([operation, count]) => `${count} to ${operation}${isDangerous({ operation }) ? " ⚠" : ""}`,
    );
  return parts.join(", ") || "no changes";
}

/** Operation → what to say instead of the engine's word. */
export type Words = Readonly<Record<string, string>>;

/** A row for each resource: what happens to it, and which of its properties change. What is left out is counted. */
export function changesTable(steps: readonly Step[], words: Words = {}): string {
  const rows = steps.map(
    (step) =>
      `| ${words[step.operation] ?? step.operation} | ${code(step.name, longestName)} | ${code(step.type, longestName)} | ${propertiesText(step)} |`,
  );
  const kept = within(longestTable, rows);
  const left = steps.slice(kept.length);
  return [
    "| | resource | type | properties that change |",
    "| --- | --- | --- | --- |",
    ...kept,
    ...(left.length > 0 ? [`| ⚠ | **${leftText(left)}** | | |`] : []),
  ].join("\n");
}

function leftText(left: readonly Step[]): string {
  return `${counted(left.length, "more resource")} would not fit here: ${countsText(countsOf(left))}`;
}

/** Known changes come first: one of them usually is why the resource is replaced. */
function propertiesText({ changed, changedToUnknown }: Step): string {
  const all = [...changed, ...changedToUnknown];
  const names = all
    .slice(0, mostProperties)
    .map((it) => code(it, longestProperty))
    .join(", ");
  const left = all.length - mostProperties;
  return left > 0 ? `${names} and ${left} more` : names;
}

function rank(operation: string): number {
  const place = order.indexOf(operation);
  return place < 0 ? order.length : place;
}

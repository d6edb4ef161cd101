import { code, counted, within } from "./markdown.ts";
import type { Step } from "./preview-output.ts";

/** What matters most comes first: a resource that goes takes its data with it. */
const order = ["replace", "delete", "create", "import", "update"];
const dangerous = ["replace", "delete"];

const longestTable = 8_000;
const mostProperties = 8;

/** True where a resource goes. */
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

/** A row for each resource: what happens to it, and which of its properties change. */
export function changesTable(steps: readonly Step[], words: Words = {}): string {
  const rows = steps.map(
    (step) =>
      `| ${words[step.operation] ?? step.operation} | ${code(step.name)} | ${code(step.type)} | ${propertiesText(step)} |`,
  );
  const kept = within(longestTable, rows);
  const left = rows.length - kept.length;
  return [
    "| | resource | type | properties that change |",
    "| --- | --- | --- | --- |",
    ...kept,
    ...(left > 0 ? [`| … | ${counted(left, "more resource")} | | |`] : []),
  ].join("\n");
}

/** Known changes come first: one of them usually is why the resource is replaced. */
function propertiesText({ operation, changed, changedToUnknown }: Step): string {
  if (operation === "create" || operation === "delete") return "";
  const all = [...changed, ...changedToUnknown];
  const names = all.slice(0, mostProperties).map(code).join(", ");
  const left = all.length - mostProperties;
  return left > 0 ? `${names} and ${left} more` : names;
}

function rank(operation: string): number {
  const place = order.indexOf(operation);
  return place < 0 ? order.length : place;
}

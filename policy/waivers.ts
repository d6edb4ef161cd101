import { isFields } from "./field.ts";

/** One finding that is accepted for a time. */
export interface Waiver {
  readonly rule: string;
  /** The resource's type token and logical name. */
  readonly type: string;
  readonly name: string;
  /** The finding as its message says it, from the resource's name to the reason: `Finding.what`. */
  readonly finding: string;
  /** Why it is accepted, and what keeps the harm small instead. */
  readonly reason: string;
  readonly owner: string;
  /** The last day (UTC) on which it holds, as `2027-03-31`. */
  readonly expires: string;
}

const members = ["rule", "type", "name", "finding", "reason", "owner", "expires"] as const;
const dayMs = 24 * 3_600_000;
const noticeDays = 30;

/**
 * Reads a waivers file: a JSON list of objects with exactly the members of `Waiver`, all texts that
 * are not empty. Entries with a problem excuse nothing; each problem is a sentence without full stop.
 */
export function readWaivers(
  text: string,
  ruleNames: readonly string[],
): { readonly waivers: readonly Waiver[]; readonly problems: readonly string[] } {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return { waivers: [], problems: ["the file is not JSON"] };
  }
  if (!Array.isArray(list)) return { waivers: [], problems: ["the file is not a JSON list"] };
  const waivers: Waiver[] = [];
  const problems: string[] = [];
  for (const [index, entry] of list.entries()) {
    const found = problemsOf(entry, ruleNames);
    problems.push(...found.map((it) => `waiver ${index + 1} ${it}`));
    if (found.length === 0) waivers.push(entry as Waiver);
  }
  return { waivers, problems };
}

function problemsOf(entry: unknown, ruleNames: readonly string[]): string[] {
  if (!isFields(entry)) return [`is not an object with ${members.join(", ")}`];
  const isText = (name: string) => typeof entry[name] === "string" && entry[name].trim() !== "";
  const missing = members.filter((name) => !isText(name));
  const unknown = Object.keys(entry).filter(
    (name) => !(members as readonly string[]).includes(name),
  );
  const problems = [
    ...missing.map((name) => `has no ${name}: expected a text`),
    ...unknown.map((name) => `has the member ${name}: expected only ${members.join(", ")}`),
  ];
  if (isText("rule") && !ruleNames.includes(String(entry.rule))) {
    problems.push(`names the rule ${entry.rule}: expected one of ${ruleNames.join(", ")}`);
  }
  if (isText("expires") && Number.isNaN(lastMomentOf(String(entry.expires)))) {
    problems.push(`expires ${entry.expires}: expected a day such as 2027-03-31`);
  }
  return problems;
}

/** True if the waiver is of that resource. */
export function isOf(waiver: Waiver, { type, name }: Pick<Waiver, "type" | "name">): boolean {
  return waiver.type === type && waiver.name === name;
}

/** Whether a waiver holds, holds but ends in at most 30 days, or has ended. */
export function standOf({ expires }: Waiver, now: Date): "holds" | "ends" | "ended" {
  const leftMs = lastMomentOf(expires) - now.getTime();
  if (leftMs <= 0) return "ended";
  return leftMs <= noticeDays * dayMs ? "ends" : "holds";
}

/** The end of that day in UTC; NaN for what is no day of the calendar. */
function lastMomentOf(day: string): number {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T00:00:00Z`) : undefined;
  if (!start || Number.isNaN(start.getTime()) || !start.toISOString().startsWith(day))
    return Number.NaN;
  return start.getTime() + dayMs;
}

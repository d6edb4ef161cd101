import { isFields } from "./field.ts";
import { nearest } from "./iam/nearest.ts";

/** A finding that is accepted for a limited time. */
export interface Waiver {
  readonly rule: string;
  /** The resource's type token and logical name. */
  readonly type: string;
  readonly name: string;
  /** The part of the message between the resource's name and the reason: `identityOf` in finding.ts. */
  readonly finding: string;
  /** Why it is accepted, and what limits the risk instead. */
  readonly reason: string;
  readonly owner: string;
  /** The last day (UTC) on which it is valid, e.g. `2027-03-31`. */
  readonly expires: string;
}

const members = ["rule", "type", "name", "finding", "reason", "owner", "expires"] as const;
const dayMs = 24 * 3_600_000;
const noticeDays = 30;

/**
 * Reads a waivers file: a JSON list of objects with exactly the members of `Waiver`, all strings
 * that are not empty. Entries with a problem waive nothing; each problem is a sentence without full stop.
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
  const isString = (name: string) => typeof entry[name] === "string" && entry[name].trim() !== "";
  const missing = members.filter((name) => !isString(name));
  const placeholders = members.filter((name) => isPlaceholder(String(entry[name])));
  const unknown = Object.keys(entry).filter(
    (name) => !(members as readonly string[]).includes(name),
  );
  const problems = [
    ...missing.map((name) => `has no ${name}: expected a string`),
    ...placeholders.map((name) => `has the placeholder ${entry[name]} in ${name}: replace it`),
    ...unknown.map((name) => `has the member ${name}: expected only ${members.join(", ")}`),
  ];
  if (isString("rule") && !ruleNames.includes(String(entry.rule))) {
    const name = String(entry.rule);
    const expected = nearest(name, ruleNames) ?? `one of ${ruleNames.join(", ")}`;
    problems.push(`names the rule ${name}: expected ${expected}`);
  }
  const end = String(entry.expires);
  if (isString("expires") && !isPlaceholder(end) && Number.isNaN(lastMomentOf(end))) {
    problems.push(`expires ${entry.expires}: expected a date, e.g. 2027-03-31`);
  }
  return problems;
}

/** True for a string in angle brackets, which somebody has to replace. */
export function isPlaceholder(text: string): boolean {
  return /^\s*<.*>\s*$/s.test(text);
}

/** True if the waiver is of that resource. */
export function isOf(waiver: Waiver, { type, name }: Pick<Waiver, "type" | "name">): boolean {
  return waiver.type === type && waiver.name === name;
}

/** Whether a waiver is valid, expires in at most 30 days, or has expired. */
export function statusOf({ expires }: Waiver, now: Date): "valid" | "expiring" | "expired" {
  const leftMs = lastMomentOf(expires) - now.getTime();
  if (leftMs <= 0) return "expired";
  return leftMs <= noticeDays * dayMs ? "expiring" : "valid";
}

/** The days after today until that day, in UTC; NaN if the calendar has no such day. */
export function daysUntil(day: string, now: Date): number {
  return Math.floor((lastMomentOf(day) - now.getTime()) / dayMs);
}

/** The day in UTC, N days after today. */
export function dayAfter(days: number, now: Date): string {
  return new Date(now.getTime() + days * dayMs).toISOString().slice(0, 10);
}

/** The end of that day in UTC; NaN if the calendar has no such day. */
function lastMomentOf(day: string): number {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T00:00:00Z`) : undefined;
  if (!start || Number.isNaN(start.getTime()) || !start.toISOString().startsWith(day))
    return Number.NaN;
  return start.getTime() + dayMs;
}

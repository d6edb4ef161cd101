import { dayAfter, type Waiver } from "../waivers.ts";
import type { ReportedFinding } from "./sarif-file.ts";

/** What to do with the findings of a preview. */
export interface Baseline {
  /** One for each finding that fails the preview and may be accepted, sorted by rule, type, name and finding. */
  readonly waivers: readonly Waiver[];
  readonly refused: readonly Refused[];
  /** The number of findings that fail nothing. */
  readonly advisory: number;
}

export interface Refused {
  readonly finding: ReportedFinding;
  /** Why it gets no waiver, as a sentence without full stop. */
  readonly why: string;
}

export interface Acceptance {
  readonly owner: string;
  readonly reason: string;
  /** The days from today until the last waiver expires. */
  readonly days: number;
  readonly now: Date;
  readonly includesCritical: boolean;
  /** The waivers that are there, valid or expired. */
  readonly existing: readonly Waiver[];
}

/** Accepts the findings of a preview, as far as that is allowed. */
export function baselineOf(
  findings: readonly ReportedFinding[],
  { owner, reason, days, now, includesCritical, existing }: Acceptance,
): Baseline {
  const open = uniqueBy(
    findings.filter(({ waived }) => waived === undefined),
    ({ id, level }) => `${level} ${id}`,
  );
  const failing = open.filter(({ level }) => level === "mandatory");
  const whyNot = (it: ReportedFinding): string | undefined => {
    if (!it.canBeWaived) return "it cannot be waived";
    if (existing.some((waiver) => keyOf(waiver) === keyOf(partsOf(it))))
      return "its waiver has expired";
    if (it.severity === "critical" && !includesCritical) return "its rule is critical";
    return undefined;
  };
  const accepted = failing.filter((it) => whyNot(it) === undefined);
  const ends = endsByRule(accepted, days, now);
  const waivers = accepted.map((it) => ({
    ...partsOf(it),
    reason,
    owner,
    expires: ends.get(it.rule) ?? dayAfter(days, now),
  }));
  return {
    // A waiver is of every resource with that type and name.
    waivers: uniqueBy(waivers, keyOf).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    refused: failing.flatMap((finding) => {
      const why = whyNot(finding);
      return why === undefined ? [] : [{ finding, why }];
    }),
    advisory: open.length - failing.length,
  };
}

/** What names a finding in a waiver. */
export function partsOf({ rule, resource, finding }: ReportedFinding) {
  const { type, name } = resource;
  return { rule, type, name, finding };
}

const severities = ["critical", "high", "medium", "low"];

/**
 * When the waivers of each rule expire, so that not all do on one day: evenly over the second half of the time, those of the
 * most severe rule first and those of the last rule on the last day. Rules of the same severity are in the order of their names.
 */
function endsByRule(
  findings: readonly ReportedFinding[],
  days: number,
  now: Date,
): ReadonlyMap<string, string> {
  const order = ({ rule, severity }: ReportedFinding) => `${severities.indexOf(severity)} ${rule}`;
  const rules = uniqueBy(findings, ({ rule }) => rule)
    .sort((a, b) => (order(a) < order(b) ? -1 : 1))
    .map(({ rule }) => rule);
  return new Map(
    rules.map((rule, index) => {
      const after = rules.length - 1 - index;
      const earlier = Math.floor((after * days) / (2 * rules.length));
      return [rule, dayAfter(days - earlier, now)];
    }),
  );
}

function keyOf({ rule, type, name, finding }: Omit<Waiver, "reason" | "owner" | "expires">) {
  return JSON.stringify([rule, type, name, finding]);
}

function uniqueBy<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  return [...new Map(values.map((it) => [keyOf(it), it])).values()];
}

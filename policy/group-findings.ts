import type { Finding } from "./finding.ts";
import { addTo } from "./groups.ts";
import type { StatementJson } from "./iam/replacement.ts";
import type { StackFinding } from "./rule.ts";
import { some } from "./statements.ts";

/** A finding of a rule for one resource, or one of a stack rule. */
type Any = Finding & Partial<Pick<StackFinding, "resource">>;

/**
 * The findings of a rule, with those that differ only in their values as one, so a reader gets each fact
 * once. The order is that of the first of each.
 */
export function groupFindings<T extends Any>(findings: readonly T[]): T[] {
  const groups = new Map<string, T[]>();
  for (const [index, it] of findings.entries()) {
    const { what, values, after, level, resource } = it;
    const key = values ? [what, after, level, resource?.urn] : [index];
    addTo(groups, JSON.stringify(key), it);
  }
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    return [others.length > 0 ? merged(first, [first, ...others]) : first];
  });
}

function merged<T extends Any>(first: T, all: readonly T[]): T {
  // Two statements can have the same Sid.
  const isOfOne = unique(all.map(({ replaced }) => String(replaced?.index))).length === 1;
  return {
    ...first,
    values: all.flatMap(({ values = [] }) => values),
    why: reasonsOf(all),
    fix: unique(all.map(({ fix }) => fix))
      .slice(0, mostShown)
      .join(". "),
    replacement: replacementsOf(all),
    replaced: isOfOne ? first.replaced : undefined,
  };
}

/** The reason, or each reason with its values. */
function reasonsOf(all: readonly Finding[]): string {
  const byReason = new Map<string, string[]>();
  for (const { why, values = [] } of all) {
    for (const value of values) addTo(byReason, why, value);
  }
  if (byReason.size === 1) return all[0]?.why ?? "";
  // The finding lists all values.
  const each = byReason.size > mostShown ? 1 : mostShown;
  const reasons = [...byReason].map(([why, values]) => `${why} (${some(unique(values), each)})`);
  const shown = reasons.slice(0, mostShown);
  const more = reasons.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

/** Reasons and fixes of one finding. */
const mostShown = 3;

function replacementsOf(all: readonly Finding[]): StatementJson[] | undefined {
  const texts = all.flatMap(({ replacement = [] }) => replacement.map((it) => JSON.stringify(it)));
  return texts.length > 0 ? unique(texts).map((it) => JSON.parse(it)) : undefined;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

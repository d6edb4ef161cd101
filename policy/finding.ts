import { digestOf, secretValue } from "./field.ts";
import type { StatementJson } from "./iam/replacement.ts";
import { type LocatedStatement, some } from "./statements.ts";

/** What a rule found. The clauses have no full stop; `findingText` combines them. */
export interface Finding {
  /**
   * Where and what: `policy, statement Wide: Action`. The same in preview and deployment, since waivers
   * identify the finding by it.
   */
  readonly what: string;
  /**
   * The values that it is about: `ec2:*`. Findings of a resource that differ in nothing else of `what` are
   * reported as one.
   */
  readonly values?: readonly string[];
  /** What follows the values: `with sns:Publish`. */
  readonly after?: string;
  readonly why: string;
  readonly fix: string;
  /** Statements to write instead. */
  readonly replacement?: readonly StatementJson[] | undefined;
  /** The statement that they replace. Without it, they are to be added. */
  readonly replaced?: LocatedStatement | undefined;
  /** Set if the finding has a fixed level, whatever level its rule is configured to. */
  readonly level?: "advisory" | "mandatory" | undefined;
}

/** A longer one does not help a reader, and each finding of the statement would repeat it. The SARIF file has it. */
const longestReplacement = 4_000;

export function findingText(name: string, finding: Finding): string {
  const { why, fix, replacement } = finding;
  const all = replacement?.map((it) => JSON.stringify(it)).join(", ") ?? "";
  const instead = all.length > longestReplacement ? "" : all;
  return `${name}: ${identityOf(finding)}: ${why}. ${fix}.${instead ? ` Instead: ${instead}` : ""}`;
}

/** The part of the text that says where and what, and by which a waiver identifies the finding. */
export function identityOf({ what, values, after }: Finding): string {
  return [what, values && listed(values), after].filter(Boolean).join(" ");
}

/** Identifies a finding of one resource, in each preview of its stack: a digest, also in the SARIF file. */
export function findingId(rule: string, urn: string, identity: string): string {
  return digestOf(JSON.stringify([rule, urn, identity]));
}

/** As much of an ID as people see. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/**
 * True if a waiver can excuse the finding. One with a secret value says nothing about the value, so a waiver
 * would excuse any other value too.
 */
export function canBeWaived({ what, values = [], after = "" }: Finding): boolean {
  // Not the identity: it abbreviates many values.
  return ![what, ...values, after].some((it) => it.includes(secretValue));
}

/** A finding lists this many values. Of more it lists the first few. */
const mostListed = 12;
const fewListed = 5;

/**
 * Values as part of a finding's identity: sorted, each once, and different for each set. A list that
 * leaves values out, or could be read in two ways, has the digest of all.
 */
export function listed(values: readonly string[]): string {
  const all = [...new Set(values)].sort();
  const twoWays = all.length > 1 ? /, | and |\(#/ : /\(#/;
  const isWhole = all.length <= mostListed && !all.some((it) => twoWays.test(it));
  if (isWhole) return some(all, mostListed);
  // A secret is among those that are listed, so canBeWaived sees it.
  const isHidden = (value: string) => value.includes(secretValue);
  const shown = some([...all.filter(isHidden), ...all.filter((it) => !isHidden(it))], fewListed);
  return `${shown} (#${digestOf(JSON.stringify(all))})`;
}

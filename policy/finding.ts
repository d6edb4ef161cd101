import type { StatementJson } from "./iam/replacement.ts";

/** What a rule found. The sentences carry no full stop; `findingText` puts them together. */
export interface Finding {
  /**
   * Where and what, such as `policy, statement Wide: Action ec2:*`, the same in preview and
   * deployment: a waiver names the finding by it.
   */
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  /** Statements that could take the place of the one that was found. */
  readonly replacement?: readonly StatementJson[] | undefined;
  /** Given where a finding has a level of its own, however its rule is configured. */
  readonly level?: "advisory" | "mandatory" | undefined;
}

/** Longer ones are no help to a reader, and each finding of a statement would have one. */
const longestReplacement = 10_000;

export function findingText(name: string, { what, why, fix, replacement }: Finding): string {
  const all = replacement?.map((it) => JSON.stringify(it)).join(", ") ?? "";
  const instead = all.length > longestReplacement ? "" : all;
  return `${name}: ${what}: ${why}. ${fix}.${instead ? ` Instead: ${instead}` : ""}`;
}

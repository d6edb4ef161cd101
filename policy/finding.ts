import type { StatementJson } from "./iam/replacement.ts";

/** What a rule found. The clauses have no full stop; `findingText` combines them. */
export interface Finding {
  /**
   * Where and what: `policy, statement Wide: Action ec2:*`. The same in preview and deployment, since
   * waivers identify the finding by it.
   */
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  /** Statements to write instead. */
  readonly replacement?: readonly StatementJson[] | undefined;
  /** Set if the finding has a fixed level, whatever level its rule is configured to. */
  readonly level?: "advisory" | "mandatory" | undefined;
}

/** A longer one does not help a reader, and each finding of the statement would repeat it. */
const longestReplacement = 10_000;

export function findingText(name: string, { what, why, fix, replacement }: Finding): string {
  const all = replacement?.map((it) => JSON.stringify(it)).join(", ") ?? "";
  const instead = all.length > longestReplacement ? "" : all;
  return `${name}: ${what}: ${why}. ${fix}.${instead ? ` Instead: ${instead}` : ""}`;
}

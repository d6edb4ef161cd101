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

export function findingText(name: string, { what, why, fix, replacement }: Finding): string {
  const instead = replacement?.map((it) => JSON.stringify(it)).join(", ");
  return `${name}: ${what}: ${why}. ${fix}.${instead ? ` Instead: ${instead}` : ""}`;
}

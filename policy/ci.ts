import { lowerCase } from "./iam/case.ts";

/**
 * True in a pipeline: CI is set, to something other than `false` and `0`.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 */
export function isCi({ CI = "" }: Readonly<Record<string, string | undefined>>): boolean {
  return !["", "0", "false"].includes(lowerCase(CI));
}

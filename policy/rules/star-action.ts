import { show, stringOf } from "../field.ts";
import type { Action } from "../iam/actions.ts";
import { hasWildcard } from "../iam/pattern.ts";
import { replacementOf } from "../iam/replacement.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, expansionsOf, hasDocument, some } from "../statements.ts";

/** The most actions to list in place of a wildcard. */
const mostListed = 12;

/** No wildcards in actions: neither `*`, nor `ec2:*`, nor `ec2:Reboot*`. */
export const starAction: Rule = {
  name: "star-action",
  description: "An Allow statement lists each action, without wildcards.",
  severity: "high",
  remediationSteps: "List the actions that the code calls, one by one.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  appliesTo: hasDocument("identity"),
  async *check(resource) {
    for (const statement of allowingStatements(resource, ["identity"])) {
      const expansions = await expansionsOf(statement);
      for (const { action, expansion } of expansions) {
        const what = `${statement.where}: Action ${show(action)}`;
        const pattern = stringOf(action);
        if (!action.isKnown) {
          yield {
            what,
            why: "it is not known before deployment",
            fix: "Write it as a literal string",
          };
        } else if (pattern === undefined) {
          yield {
            what,
            why: "it is not a string, so it could be any action",
            fix: "Specify one action",
          };
        } else if (hasWildcard(pattern)) {
          const listed = expansions.flatMap((it) => it.expansion.map(({ name }) => name));
          const canList = expansion.length > 0 && listed.length <= mostListed;
          yield {
            what,
            why: meaningOf(pattern, expansion),
            fix: "List each action that is called",
            replacement: canList
              ? listOf(replacementOf(statement, { actions: unique(listed) }))
              : undefined,
          };
        }
      }
    }
  },
};

function meaningOf(pattern: string, expansion: readonly Action[]): string {
  if (/^\*+(:\*+)?$/.test(pattern)) return "it matches every action of AWS";
  if (expansion.length === 0) return "it matches every action of such a name that AWS adds";
  const writing = expansion.filter(({ isWrite }) => isWrite);
  const named = writing.length > 0 ? writing : expansion;
  const names = some(named.map(({ name }) => name));
  const [only] = expansion;
  if (only && expansion.length === 1) return `it matches ${only.name} today, and whatever AWS adds`;
  return `it matches ${expansion.length} actions, of which ${writing.length} write: ${names}`;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function listOf<T>(item: T | undefined): T[] | undefined {
  return item && [item];
}

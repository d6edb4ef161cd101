import { show, textOf } from "../field.ts";
import type { Action } from "../iam/actions.ts";
import { hasWildcard } from "../iam/pattern.ts";
import { replacementOf } from "../iam/replacement.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, expansionsOf, hasDocument, some } from "../statements.ts";

/** So many actions are worth listing as the replacement of a wildcard. */
const mostListed = 12;

/** No wildcard stands for actions: neither `*`, nor `ec2:*`, nor `ec2:Reboot*`. */
export const starAction: Rule = {
  name: "star-action",
  description: "An Allow statement names each action, without wildcards.",
  severity: "high",
  remediationSteps: "List the actions that the code calls, one by one.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  appliesTo: hasDocument("identity"),
  async *check(resource) {
    for (const { where, statement } of allowingStatements(resource, ["identity"])) {
      const expansions = await expansionsOf(statement);
      for (const { action, expansion } of expansions) {
        const what = `${where}: Action ${show(action)}`;
        const pattern = textOf(action);
        if (!action.isKnown) {
          yield { what, why: "it is not known before deployment", fix: "Write it as literal text" };
        } else if (pattern === undefined) {
          yield { what, why: "it is no text, so it can be any action", fix: "Name one action" };
        } else if (hasWildcard(pattern)) {
          const listed = expansions.flatMap((it) => it.expansion.map(({ name }) => name));
          const canList = expansion.length > 0 && listed.length <= mostListed;
          yield {
            what,
            why: meaningOf(pattern, expansion),
            fix: "Name each action that is called",
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
  if (/^\*+(:\*+)?$/.test(pattern)) return "it stands for every action of AWS";
  if (expansion.length === 0) return "it stands for every action of such a name that AWS adds";
  const writing = expansion.filter(({ isWrite }) => isWrite);
  const named = writing.length > 0 ? writing : expansion;
  const names = some(named.map(({ name }) => name));
  const [only] = expansion;
  if (only && expansion.length === 1)
    return `it stands for ${only.name} today, and for what AWS adds`;
  return `it stands for ${expansion.length} actions, of which ${writing.length} write: ${names}`;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function listOf<T>(item: T | undefined): T[] | undefined {
  return item && [item];
}

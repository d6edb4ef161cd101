import { prescribedWildcards } from "../data/prescribed-wildcards.ts";
import { showAction, stringOf } from "../field.ts";
import type { Action } from "../iam/actions.ts";
import { isSameWord, lowerCase } from "../iam/case.ts";
import type { Statement } from "../iam/document.ts";
import { issuerOf } from "../iam/oidc.ts";
import { hasWildcard } from "../iam/pattern.ts";
import { replacementOf } from "../iam/replacement.ts";
import { grantingKinds } from "../resources.ts";
import type { Rule } from "../rule.ts";
import {
  allowingStatements,
  expansionsOf,
  hasDocument,
  type LocatedStatement,
  some,
} from "../statements.ts";

/** The most actions to list in place of a wildcard. */
const mostListed = 12;

const checkedKinds = [...grantingKinds, "trust"] as const;

/** No wildcards in actions: neither `*`, nor `ec2:*`, nor `ec2:Reboot*`; and no `sts:*` in a trust policy. */
export const starAction: Rule = {
  name: "star-action",
  description:
    "An Allow statement lists each action, without wildcards except those that AWS prescribes.",
  severity: "high",
  remediationSteps: "List the actions that the code calls, one by one.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  appliesTo: hasDocument(...checkedKinds),
  async *check(resource) {
    for (const statement of allowingStatements(resource, checkedKinds)) {
      const expansions = await expansionsOf(statement);
      for (const { action, expansion } of expansions) {
        const found = { what: `${statement.where}: Action`, values: [showAction(action)] };
        const pattern = stringOf(action);
        if (!action.isKnown) {
          yield {
            ...found,
            why: "it is not known before deployment",
            fix: "Write it as a literal string",
          };
        } else if (pattern === undefined) {
          yield {
            ...found,
            why: "it is not a string, so it could be any action",
            fix: "Specify one action",
          };
        } else if (hasWildcard(pattern) && !isPrescribed(pattern, statement)) {
          const listed = listedFor(statement, expansions);
          yield {
            ...found,
            why: meaningOf(pattern, expansion),
            fix: "List each action that is called",
            replaced: statement,
            replacement:
              listed && expansion.length > 0
                ? listOf(replacementOf(statement, { actions: unique(listed) }))
                : undefined,
          };
        }
      }
    }
  },
};

/** The actions to list in place of the wildcards; undefined if they are too many, or if nobody could call them. */
function listedFor(
  statement: LocatedStatement,
  expansions: Awaited<ReturnType<typeof expansionsOf>>,
): string[] | undefined {
  if (statement.kind === "trust") {
    const assuming = assumingActions(statement);
    return assuming.length > 0 ? assuming : undefined;
  }
  const listed = expansions.flatMap(({ action, expansion }) => {
    const pattern = stringOf(action) ?? "";
    return isPrescribed(pattern, statement) ? [pattern] : expansion.map(({ name }) => name);
  });
  return listed.length <= mostListed ? listed : undefined;
}

/**
 * The actions with which the principals of a trust policy assume a role.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function assumingActions({ principals }: LocatedStatement): string[] {
  return principals.flatMap(({ type, value }) => {
    const name = stringOf(value) ?? "";
    if (type === "Federated") {
      return [issuerOf(name) ? "sts:AssumeRoleWithWebIdentity" : "sts:AssumeRoleWithSAML"];
    }
    // https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
    return name === "pods.eks.amazonaws.com"
      ? ["sts:AssumeRole", "sts:TagSession"]
      : ["sts:AssumeRole"];
  });
}

/** True if AWS prescribes the wildcard, together with the others that it prescribes with it. */
function isPrescribed(pattern: string, { actions }: Statement): boolean {
  const given = actions.map((it) => lowerCase(stringOf(it) ?? ""));
  return prescribedWildcards.some(
    ({ actions: all }) =>
      all.some((it) => isSameWord(it, pattern)) && all.every((it) => given.includes(lowerCase(it))),
  );
}

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

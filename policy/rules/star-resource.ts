import { type Field, show, showAction, stringOf } from "../field.ts";
import { type Action, neededTypes, type ResourceType } from "../iam/actions.ts";
import { isSameWord } from "../iam/case.ts";
import { namesResource } from "../iam/condition.ts";
import { isCreatedByCall } from "../iam/created.ts";
import type { Statement } from "../iam/document.ts";
import { matchesEverything } from "../iam/pattern.ts";
import { type StatementJson, splitOf } from "../iam/replacement.ts";
import { grantingKinds } from "../resources.ts";
import type { Rule } from "../rule.ts";
import {
  allowingStatements,
  expansionsOf,
  fromKnownNames,
  hasDocument,
  knownConditions,
  some,
} from "../statements.ts";

/**
 * `*` is allowed as a resource only if no action of the statement accepts one, or if a condition
 * restricts the resource instead.
 */
export const starResource: Rule = {
  name: "star-resource",
  description: "An Allow statement lists its resources if its actions accept any.",
  severity: "high",
  remediationSteps: "Replace `*` with the ARNs of the intended resources.",
  url: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html",
  appliesTo: hasDocument(...grantingKinds),
  async *check(resource) {
    for (const statement of allowingStatements(resource, grantingKinds)) {
      for (const it of statement.resources) {
        if (!it.isKnown || typeof it.value === "string") continue;
        const found = { what: `${statement.where}: Resource`, values: [show(it)] };
        yield {
          ...found,
          why: "it is not a string, so it could be any resource",
          fix: "Write ARNs as strings",
        };
      }
      const isStar = (it: Field<unknown>) => matchesEverything(stringOf(it) ?? "");
      if (!statement.resources.some(isStar)) continue;
      if (namesResource(knownConditions(statement))) continue;
      const expansions = await expansionsOf(statement);
      const replacement = narrowed(
        statement,
        expansions.flatMap((it) => it.expansion),
        isStar,
      );
      for (const { action, expansion } of expansions) {
        const problem = problemOf(action, expansion);
        if (problem) {
          yield {
            what: `${statement.where}: Resource * with`,
            values: [showAction(action)],
            fix: `List the ARNs instead${fromKnownNames(statement)}`,
            replacement,
            replaced: statement,
            ...problem,
          };
        }
      }
    }
  },
};

/** Why an action must not have `*` as resource; undefined if AWS accepts only that. */
function problemOf(action: Field<unknown>, expansion: readonly Action[]) {
  if (!action.isKnown) return { why: "the action is not known before deployment" };
  if (expansion.length === 0) {
    return { why: "it is not a known action, so it may accept a resource" };
  }
  const needing = expansion.filter((it) => neededTypes(it).length > 0);
  const [first] = needing;
  if (first && needing.some((it) => neededTypes(it).some((type) => !isCreatedByCall(it, type)))) {
    return { why: subjectOf(action, needing, namesOf(neededTypes(first))) };
  }
  const taking = expansion.filter((it) => it.resourceTypes.length > 0);
  const [optional] = taking;
  if (!optional) return undefined;
  // Often only `*` works, e.g. if the call creates the resource and AWS its id.
  return {
    why: subjectOf(action, taking, namesOf(optional.resourceTypes)),
    level: "advisory" as const,
  };
}

function namesOf(types: readonly ResourceType[]): string[] {
  return types.map(({ name }) => name);
}

function subjectOf(action: Field<unknown>, taking: readonly Action[], types: readonly string[]) {
  const [first] = taking;
  if (taking.length === 1 && first && isSameWord(first.name, stringOf(action) ?? "")) {
    return `the action accepts a resource (${some(types)})`;
  }
  return `${taking.length} of its actions accept a resource: ${some(taking.map(({ name }) => name))}`;
}

/** The statement split in two, if it already lists ARNs besides the `*`. */
function narrowed(
  statement: Statement,
  actions: readonly Action[],
  isStar: (resource: Field<unknown>) => boolean,
): StatementJson[] | undefined {
  const named = statement.resources.filter((it) => !isStar(it));
  const resources = named.flatMap((it) => stringOf(it) ?? []);
  const taking = actions.filter((it) => it.resourceTypes.length > 0).map(({ name }) => name);
  const others = actions.filter((it) => it.resourceTypes.length === 0).map(({ name }) => name);
  if (resources.length === 0 || resources.length < named.length || actions.length > 20)
    return undefined;
  return splitOf(statement, { actions: taking, resources }, others);
}

import { scalarOf } from "../../../policy/field.ts";
import { type Condition, operatorOf } from "../../../policy/iam/condition.ts";
import type { Statement } from "../../../policy/iam/document.ts";
import { matches } from "../../../policy/iam/pattern.ts";
import type { Call, Keys } from "./call.ts";

/** What a role has: statements of its policies, and of its boundary where it has one. */
export interface RolePolicies {
  readonly statements: readonly Statement[];
  readonly boundary?: readonly Statement[];
}

export interface Verdict {
  readonly isAllowed: boolean;
  /** The statement that allows, or that denies expressly. */
  readonly statement?: string;
}

/**
 * AWS's decision on a call of a role in one account: an express Deny wins; else a statement must allow
 * it, and one of the boundary, too. Throws for what it cannot evaluate, so that nobody relies on it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(call: Call, { statements, boundary }: RolePolicies): Verdict {
  const about = (all: readonly Statement[]) => all.filter((it) => isAbout(it, call));
  const own = about(statements);
  const cut = boundary && about(boundary);
  const denial = [...own, ...(cut ?? [])].find(({ isAllow }) => !isAllow);
  if (denial) return { isAllowed: false, statement: denial.label };
  const grant = own.find(({ isAllow }) => isAllow);
  if (!grant || (cut && !cut.some(({ isAllow }) => isAllow))) return { isAllowed: false };
  return { isAllowed: true, statement: grant.label };
}

function isAbout(statement: Statement, { action, resource, keys }: Call): boolean {
  const { actions, notActions, resources, notResources, conditions } = statement;
  const isIn = (fields: Statement["actions"], value: string, fold: (text: string) => string) =>
    fields.some((it) => matches(fold(known(it)), fold(value)));
  const lower = (text: string) => text.toLowerCase();
  const same = (text: string) => text;
  const hasAction =
    notActions.length > 0 ? !isIn(notActions, action, lower) : isIn(actions, action, lower);
  if (!hasAction) return false;
  const hasResource =
    notResources.length > 0 ? !isIn(notResources, resource, same) : isIn(resources, resource, same);
  if (!hasResource) return false;
  if (!conditions.isKnown) throw new Error(`statement ${statement.label}: conditions are unknown`);
  return conditions.value.every((it) => holds(it, keys));
}

/** True if a condition holds for these keys. */
export function holds(condition: Condition, keys: Keys): boolean {
  const { name, isForAllValues, isForAnyValue, isIfExists, isNegated } = operatorOf(condition);
  const given = keys[condition.key.toLowerCase()];
  const found = given === undefined ? [] : [given].flat();
  const asked = condition.values.map(known);
  if (name === "null") return asked.includes(String(found.length === 0));
  if (found.length === 0) return isForAllValues || isIfExists || isNegated;
  const positive = name.replace("not", "");
  const fits = (value: string) => asked.some((it) => compare(positive, value, it)) !== isNegated;
  return isForAnyValue ? found.some(fits) : found.every(fits);
}

/** The comparison of an operator that is not negated. */
function compare(operator: string, value: string, asked: string): boolean {
  switch (operator) {
    case "stringequals":
      return value === asked;
    case "stringequalsignorecase":
    case "bool":
      return value.toLowerCase() === asked.toLowerCase();
    case "stringlike":
    case "arnequals":
    case "arnlike":
      return matches(asked, value);
    default:
      throw new Error(`the condition operator ${operator} is not evaluated here`);
  }
}

/** A policy's text; what depends on the request is not evaluated here. */
function known(field: Statement["actions"][number]): string {
  const value = scalarOf(field);
  if (value === undefined) throw new Error("a value of the policy is unknown");
  if (value.includes("${"))
    throw new Error(`the policy variable in ${value} is not evaluated here`);
  return value;
}

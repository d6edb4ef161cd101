import { stringOf } from "../field.ts";
import { isSameWord } from "./case.ts";
import { type Condition, operatorOf, restricts } from "./condition.ts";
import { hasWildcard } from "./pattern.ts";

/**
 * AWS's way to let people create roles and users without more permissions than a boundary allows: whatever
 * they change must have that policy as its permissions boundary.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
 */
const boundaryKey = "iam:PermissionsBoundary";

/** True if the conditions of an Allow require a boundary: one of the listed policies. */
export function requiresBoundary(conditions: readonly Condition[]): boolean {
  return conditions.some((it) => isBoundary(it, conditions));
}

/** True if a Deny with these conditions exempts only what has a boundary: one of the listed policies. */
export function exemptsBoundary(conditions: readonly Condition[]): boolean {
  const [condition, ...others] = conditions;
  if (!condition || others.length > 0) return false;
  const { isNegated, isForAllValues, isForAnyValue } = operatorOf(condition);
  if (!isNegated || isForAllValues || isForAnyValue) return false;
  const operator = condition.operator.replace(/not/i, "").replace(/ifexists$/i, "");
  return isBoundary({ ...condition, operator }, []);
}

function isBoundary(condition: Condition, others: readonly Condition[]): boolean {
  return (
    isSameWord(condition.key, boundaryKey) &&
    restricts(condition, others) &&
    condition.values.every((it) => !it.isKnown || isOnePolicy(stringOf(it) ?? "*"))
  );
}

/** One policy, and none of AWS's that allow almost everything. */
function isOnePolicy(value: string): boolean {
  const isWide = /:iam::aws:policy\/(.*\/)?(AdministratorAccess|PowerUserAccess|\w*FullAccess)/i;
  return !hasWildcard(value) && !value.includes("${") && !isWide.test(value);
}

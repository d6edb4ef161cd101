import { scalarOf, stringOf } from "../field.ts";
import { isSameWord, lowerCase } from "./case.ts";
import { type Condition, namesCaller, operatorOf } from "./condition.ts";
import type { Statement } from "./document.ts";
import { hasWildcard, matches, matchesEverything } from "./pattern.ts";

/**
 * True if other statements of the same document deny what the statement allows to everyone but specific
 * callers, e.g. unless they come from an endpoint. AWS's examples for APIs and buckets are such pairs.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
 */
export function isForbiddenToOthers(
  allowing: Statement,
  statements: readonly Statement[],
): boolean {
  return statements.some(
    (it) => !it.isAllow && includesAll(it, allowing) && (isForOthers(it) || isUnlessNamed(it)),
  );
}

/** True if the Deny has all actions and resources of the other statement. */
function includesAll(denying: Statement, allowing: Statement): boolean {
  const isIn = (of: Statement["actions"], all: Statement["actions"], read: typeof lowerCase) =>
    of.every((it) => {
      const value = stringOf(it);
      return all.some((one) => {
        const pattern = stringOf(one);
        return pattern !== undefined && value !== undefined && matches(read(pattern), read(value));
      });
    });
  const isByExclusion = denying.notActions.length + denying.notResources.length > 0;
  return (
    !isByExclusion &&
    allowing.notActions.length + allowing.notResources.length === 0 &&
    isIn(allowing.actions, denying.actions, lowerCase) &&
    isIn(allowing.resources, denying.resources, (it) => it)
  );
}

/** A Deny for everyone except the principals that it lists. */
function isForOthers({ notPrincipals, conditions }: Statement): boolean {
  return (
    notPrincipals.length > 0 &&
    notPrincipals.every(({ value }) => !hasWildcard(stringOf(value) ?? "")) &&
    conditions.isKnown &&
    conditions.value.length === 0
  );
}

/** A Deny for everyone whose conditions exempt specific callers only. */
function isUnlessNamed({ principals, conditions }: Statement): boolean {
  const isForAll = principals.some(({ value }) => matchesEverything(stringOf(value) ?? ""));
  if (!isForAll || !conditions.isKnown || conditions.value.length === 0) return false;
  return conditions.value.every((it) => isExemptionOfServices(it) || isExemption(it));
}

function isExemption(condition: Condition): boolean {
  const { isNegated, isForAllValues, isForAnyValue } = operatorOf(condition);
  if (!isNegated || isForAllValues || isForAnyValue) return false;
  const operator = condition.operator.replace(/not/i, "").replace(/ifexists$/i, "");
  return namesCaller([{ ...condition, operator }]);
}

/** AWS's services themselves, which call for the account that configures them. */
function isExemptionOfServices({ operator, key, values }: Condition): boolean {
  return (
    /^bool(ifexists)?$/i.test(operator) &&
    isSameWord(key, "aws:PrincipalIsAWSService") &&
    values.every((it) => scalarOf(it) === "false")
  );
}

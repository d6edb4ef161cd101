import { countCompared } from "../comparisons.ts";
import {
  alwaysPresent,
  callerKeys,
  ownKeys,
  requiredLists,
  resourceKeys,
  sourceKeys,
} from "../data/condition-keys.ts";
import {
  type Field,
  fieldsKey,
  isFields,
  read,
  readList,
  scalarOf,
  showString,
  stringOf,
} from "../field.ts";
import { isEveryArn } from "./arn.ts";
import { isSameWord, lowerCase } from "./case.ts";
import { hasWildcard, matchesEverything } from "./pattern.ts";
import { areTooLarge } from "./range.ts";

/**
 * One condition of a statement: operator, key, and the values of which one must match.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export interface Condition {
  /** As written, e.g. `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  /** As written, e.g. `aws:SourceArn`. Case-insensitive. */
  readonly key: string;
  readonly values: readonly Field<unknown>[];
}

/** Reads a Condition element: operator → key → one value or several. Undefined if it is malformed. */
export function readConditions(get: () => unknown): Field<readonly Condition[]> | undefined {
  const element = read(get);
  if (!element.isKnown) return element;
  const operators = element.value ?? {};
  if (!isFields(operators)) return undefined;
  const conditions: Condition[] = [];
  for (const operator of Object.keys(operators)) {
    const keys = read(() => operators[operator]);
    if (!keys.isKnown) return keys;
    if (!isFields(keys.value)) return undefined;
    const { value } = keys;
    for (const key of Object.keys(value)) {
      conditions.push({ operator, key, values: readList(() => value[key]) });
    }
  }
  return { isKnown: true, value: conditions };
}

/** The parts of a condition's operator; the name in lower case, without prefix and suffix. */
export interface Operator {
  readonly name: string;
  readonly isForAllValues: boolean;
  readonly isForAnyValue: boolean;
  readonly isIfExists: boolean;
  readonly isNegated: boolean;
}

export function operatorOf({ operator }: Condition): Operator {
  countCompared(operator.length);
  const [, set = "", name = "", ifExists] =
    /^(forallvalues:|foranyvalue:)?(.*?)(ifexists)?$/.exec(lowerCase(operator)) ?? [];
  return {
    name,
    isForAllValues: set === "forallvalues:",
    isForAnyValue: set === "foranyvalue:",
    isIfExists: ifExists !== undefined,
    isNegated: name.includes("not"),
  };
}

/** Why a condition does not protect, as the end of a sentence. */
export interface Vacuity {
  readonly why: string;
  /** True if it restricts some requests: it is advisory, and the condition is not relied on. */
  readonly isPartial: boolean;
}

/**
 * Why a condition restricts nothing, or less than it seems to; undefined if it does restrict, or if its
 * values are not known yet. `others` are the conditions of the same statement.
 */
export function vacuityOf(condition: Condition, others: readonly Condition[]): Vacuity | undefined {
  const { name, isForAllValues, isIfExists, isNegated } = operatorOf(condition);
  const key = lowerCase(condition.key);
  const whole = (why: string) => ({ why: `it restricts nothing: ${why}`, isPartial: false });
  const part = (why: string) => ({ why, isPartial: true });
  const texts = condition.values.flatMap((it) => stringOf(it) ?? []);
  if (texts.some((it) => variablesOf(it).includes(key))) {
    return whole("it compares the key with itself");
  }
  if (name === "null") {
    return isPresence(condition) && alwaysPresent.has(key)
      ? whole("every request has this key")
      : undefined;
  }
  if (isNegated) return undefined;
  const wide = texts.find((it) => isWide(name, it));
  if (wide !== undefined) {
    // "*" for one tag or one pair of a context requires that it exists, which is a restriction.
    const isOneOfMany = /tag\/.|^kms:encryptioncontext:./.test(key) && !isIfExists;
    if (isOneOfMany) return undefined;
    if (!name.startsWith("string") || isIfExists || alwaysPresent.has(key)) {
      return whole(`${showString(wide)} matches every value`);
    }
    return part("it matches every value, so it only requires that the request has the key");
  }
  if (name === "ipaddress" && areTooLarge(texts)) {
    return part("its range is larger than any one network");
  }
  const booleans = new Set(condition.values.map((it) => lowerCase(scalarOf(it) ?? "")));
  if (name === "bool" && booleans.has("true") && booleans.has("false")) {
    return whole("it accepts true and false");
  }
  const isRequired =
    requiredLists.has(key) || others.some((it) => it !== condition && requires(it, key));
  if (isForAllValues && !isRequired) {
    return part('it also allows requests that do not have the key (add "Null": {KEY: "false"})');
  }
  return undefined;
}

/** The keys of the request that a value contains: `${aws:username}`, also with a default value. */
function variablesOf(value: string): string[] {
  return [...value.matchAll(/\$\{\s*([^\s,}]+)/g)].map(([, key = ""]) => lowerCase(key));
}

/** True for `"Null": {KEY: "false"}`: the request must have the key. */
function isPresence({ values }: Condition): boolean {
  return values.length > 0 && values.every((it) => scalarOf(it) === "false");
}

/** True if the other condition requires that a request has the key. */
function requires(other: Condition, key: string): boolean {
  const { name, isForAllValues, isIfExists, isNegated } = operatorOf(other);
  const otherKey = lowerCase(other.key);
  // A condition on one tag of the request requires that it has tags.
  const isAboutKey =
    otherKey === key || (key === "aws:tagkeys" && otherKey.startsWith("aws:requesttag/"));
  if (!isAboutKey) return false;
  if (name === "null") return isPresence(other);
  return !isForAllValues && !isIfExists && !isNegated;
}

function isWide(operator: string, value: string): boolean {
  if (operator === "ipaddress") return /^[\d.:a-f]+\/0+$/i.test(value);
  if (operator === "stringlike") return matchesEverything(value);
  const isArn = matchesEverything(value) || value.startsWith("arn:");
  return /^arn(like|equals)$/.test(operator) && isArn && isEveryArn(value);
}

/** Operators that compare with the values. Others measure, or are booleans. */
const naming = /^(string(equals|equalsignorecase|like)|arn(equals|like)|ipaddress)$/;

/**
 * True if the condition certainly restricts the statement to its values: an operator that compares with
 * them (no `Not…`, no `…IfExists`, no lone ForAllValues), and values that do not match everything.
 */
export function restricts(condition: Condition, others: readonly Condition[]): boolean {
  const { name, isIfExists } = operatorOf(condition);
  if (isIfExists || !naming.test(name) || condition.values.length === 0) return false;
  return vacuityOf(condition, others) === undefined;
}

export function namesSource(conditions: readonly Condition[]): boolean {
  return conditions.some((it) => {
    const key = lowerCase(it.key);
    // CloudWatch Logs identifies by it the log group that it uses a key for.
    const isSource = sourceKeys.has(key) || key === "kms:encryptioncontext:aws:logs:arn";
    return isSource && namesOne(it, conditions);
  });
}

/**
 * True if the source is required by an ARN without an account, e.g. of a bucket: any account can create a
 * bucket of that name after it was deleted.
 */
export function namesSourceOfAnyAccount(conditions: readonly Condition[]): boolean {
  return conditions.some((it) => {
    if (!isSameWord(it.key, "aws:SourceArn") || !restricts(it, conditions)) return false;
    return it.values.every((value) =>
      /^arn:[\w-]+:[\w-]+:[^:]*::[^:*?]/.test(stringOf(value) ?? ""),
    );
  });
}

export function namesCaller(conditions: readonly Condition[]): boolean {
  return conditions.some((it) => {
    const key = lowerCase(it.key);
    // Anyone who comes through a mount target is in its network.
    if (key === "elasticfilesystem:accessedviamounttarget") {
      return it.operator === "Bool" && it.values.every((value) => scalarOf(value) === "true");
    }
    return callerKeys.has(key) && namesOne(it, conditions);
  });
}

/** The presence of a tag does not specify a resource: most have a `Name`. */
export function namesResource(conditions: readonly Condition[]): boolean {
  return conditions.some((it) => {
    const key = lowerCase(it.key);
    const isTag = /^[\w-]+:(resourcetag|existingobjecttag)\/./.test(key);
    if ((!isTag && !resourceKeys.has(key)) || !restricts(it, conditions)) return false;
    return it.values.every((value) => !value.isKnown || namesSome(key, stringOf(value) ?? "*"));
  });
}

/**
 * True for a name, or a pattern that starts with two letters of it. A variable in it must not be about
 * the resource itself. All ids of instances begin alike, so a pattern names none of them.
 */
function namesSome(key: string, value: string): boolean {
  if (key === "ec2:instanceid" && hasWildcard(value)) return false;
  const isOfResource = variablesOf(value).some(
    (it) => /(resourcetag|existingobjecttag)\//.test(it) || resourceKeys.has(it),
  );
  const last = value.slice(Math.max(value.lastIndexOf("/"), value.lastIndexOf(":")) + 1);
  return !isOfResource && !/^[^*?]?[*?]/.test(last);
}

/** The values that a statement requires of a key; an unknown one is an empty string. */
export function requiredValues(key: string, conditions: readonly Condition[]): string[] {
  return conditions
    .filter((it) => isSameWord(it.key, key) && restricts(it, conditions))
    .flatMap(({ values }) => values.map((it) => stringOf(it) ?? ""));
}

/**
 * The values with wildcards that a statement compares with a key as plain characters, so they match only
 * a value with the same wildcards.
 */
export function literalWildcards(key: string, conditions: readonly Condition[]): string[] {
  return conditions
    .filter((it) => isSameWord(it.key, key) && /^stringequals/.test(operatorOf(it).name))
    .flatMap(({ values }) => values.flatMap((it) => stringOf(it) ?? []))
    .filter(hasWildcard);
}

/**
 * Like `restricts`, and an ARN has an account. One without, e.g. of an S3 bucket, is not enough: anyone
 * who creates a bucket of the same name after it was deleted has the same ARN.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
function namesOne(condition: Condition, others: readonly Condition[]): boolean {
  if (!restricts(condition, others)) return false;
  return condition.values.every((it) => {
    const value = stringOf(it);
    if (!it.isKnown) return true;
    if (value === undefined) return false;
    const isOfRequest = variablesOf(value).some((key) => !ownKeys.has(key));
    if (isOfRequest) return false;
    // An organizational unit: its path starts with the organization.
    if (/^o-[a-z0-9]+\//.test(value)) return true;
    const parts = value.split(":");
    if (parts.length < 6 || parts[0] !== "arn") return !hasWildcard(value);
    const [, , service = "", , account = ""] = parts;
    return !hasWildcard(service) && account !== "" && !hasWildcard(account);
  });
}

/** A string that is equal for conditions that require the same in the same words, and for no others. */
export function conditionsKey(conditions: readonly Condition[]): string {
  const keys = conditions.map((it) => JSON.stringify([it.operator, it.key, fieldsKey(it.values)]));
  return keys.sort().join();
}

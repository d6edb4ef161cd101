import { countCompared } from "../comparisons.ts";
import {
  type Field,
  fieldsText,
  isFields,
  read,
  readList,
  scalarOf,
  showText,
  textOf,
} from "../field.ts";
import { isEveryArn } from "./arn.ts";
import { isSameWord, lowerCase } from "./letter-case.ts";
import { hasWildcard, takesEverything } from "./pattern.ts";
import { areTooLarge } from "./range.ts";

/**
 * One condition of a statement: operator, key, and the values of which one must fit.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export interface Condition {
  /** As it is written, such as `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  /** As it is written, such as `aws:SourceArn`. AWS does not look at its letter case. */
  readonly key: string;
  readonly values: readonly Field<unknown>[];
}

/** Reads a Condition element: operator → key → one value or several. Nothing if it is malformed. */
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

/** Keys that every request has: to ask for their presence, or for any value, narrows nothing. */
const alwaysPresent = new Set([
  "aws:currenttime",
  "aws:epochtime",
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principaltype",
  "aws:requestedregion",
  "aws:securetransport",
  "aws:userid",
  "aws:viaawsservice",
]);

/** A condition's operator taken apart; its name in lower case, without what stands around it. */
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

/** Why a condition is no safeguard, as the end of a sentence. */
export interface Vacuity {
  readonly why: string;
  /** True where it does narrow some requests: it is worth an advice, and is not believed. */
  readonly isPartial: boolean;
}

/**
 * Why a condition narrows nothing, or not what it seems to; nothing if it does narrow, or if its
 * values are not known yet. `others` are the conditions of the same statement.
 */
export function vacuityOf(condition: Condition, others: readonly Condition[]): Vacuity | undefined {
  const { name, isForAllValues, isIfExists, isNegated } = operatorOf(condition);
  const key = lowerCase(condition.key);
  const whole = (why: string) => ({ why: `it narrows nothing: ${why}`, isPartial: false });
  const part = (why: string) => ({ why, isPartial: true });
  const texts = condition.values.flatMap((it) => textOf(it) ?? []);
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
    // "*" for one tag or one pair of a context asks that it is there, which is something.
    const isOneOfMany = /tag\/.|^kms:encryptioncontext:./.test(key) && !isIfExists;
    if (isOneOfMany) return undefined;
    if (!name.startsWith("string") || isIfExists || alwaysPresent.has(key)) {
      return whole(`${showText(wide)} is every value`);
    }
    return part("it takes every value, so it only asks that the request has the key");
  }
  if (name === "ipaddress" && areTooLarge(texts)) {
    return part("its range is half a continent or more");
  }
  const answers = new Set(condition.values.map((it) => lowerCase(scalarOf(it) ?? "")));
  if (name === "bool" && answers.has("true") && answers.has("false")) {
    return whole("it takes both answers");
  }
  if (isForAllValues && !others.some((it) => it !== condition && requires(it, key))) {
    return part(
      'it also lets requests through that do not have the key (add "Null": {KEY: "false"})',
    );
  }
  return undefined;
}

/** The keys that a value takes from the request: `${aws:username}`, also with a default value. */
function variablesOf(value: string): string[] {
  return [...value.matchAll(/\$\{\s*([^\s,}]+)/g)].map(([, key = ""]) => lowerCase(key));
}

/** True for `"Null": {KEY: "false"}`: the request must have the key. */
function isPresence({ values }: Condition): boolean {
  return values.length > 0 && values.every((it) => scalarOf(it) === "false");
}

/** True if the other condition makes sure that a request has the key. */
function requires(other: Condition, key: string): boolean {
  const { name, isForAllValues, isIfExists, isNegated } = operatorOf(other);
  const otherKey = lowerCase(other.key);
  // Who asks for one tag of the request asks that it has tags.
  const isAboutKey =
    otherKey === key || (key === "aws:tagkeys" && otherKey.startsWith("aws:requesttag/"));
  if (!isAboutKey) return false;
  if (name === "null") return isPresence(other);
  return !isForAllValues && !isIfExists && !isNegated;
}

function isWide(operator: string, value: string): boolean {
  if (operator === "ipaddress") return /^[\d.:a-f]+\/0+$/i.test(value);
  if (operator === "stringlike") return takesEverything(value);
  const isArn = takesEverything(value) || value.startsWith("arn:");
  return /^arn(like|equals)$/.test(operator) && isArn && isEveryArn(value);
}

/** Operators that compare with the values; others measure, or ask for an answer. */
const naming = /^(string(equals|equalsignorecase|like)|arn(equals|like)|ipaddress)$/;

/**
 * True if the condition surely narrows the statement to the values that it names: an operator that
 * compares with them (no `Not…`, no `…IfExists`, no lone ForAllValues), and values that are not
 * everything.
 */
export function asksFor(condition: Condition, others: readonly Condition[]): boolean {
  const { name, isIfExists } = operatorOf(condition);
  if (isIfExists || !naming.test(name) || condition.values.length === 0) return false;
  return vacuityOf(condition, others) === undefined;
}

/** Keys by which a statement names who calls. `sts:ExternalId` is a secret that the caller knows. */
const callerKeys = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceip",
  "aws:sourceorgid",
  "aws:sourceorgpaths",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpcarn",
  "aws:sourcevpce",
  "aws:userid",
  "aws:vpceaccount",
  "aws:vpceorgid",
  "kms:calleraccount",
  "lambda:sourcefunctionarn",
]);

/** Keys by which a statement narrows which resource is meant, beside the tags of the resource. */
const resourceKeys = new Set([
  "cloudwatch:namespace",
  "dynamodb:leadingkeys",
  "ec2:createaction",
  "ec2:owner",
  "ec2:subnet",
  "ec2:vpc",
  "ecs:cluster",
  "kms:requestalias",
  "kms:resourcealiases",
  "lambda:functionarn",
]);

/** Variables that say whose the resource is. Others are of who calls, and so name nobody. */
const ownKeys = new Set(["aws:resourceaccount", "aws:resourceorgid"]);

/** Keys by which a service says for whom it acts. */
const sourceKeys = new Set([
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceorgid",
  "aws:sourceorgpaths",
  "aws:sourceowner",
]);

export function namesSource(conditions: readonly Condition[]): boolean {
  return conditions.some((it) => {
    const key = lowerCase(it.key);
    // CloudWatch Logs says by it for which log group it uses a key.
    const isSource = sourceKeys.has(key) || key === "kms:encryptioncontext:aws:logs:arn";
    return isSource && namesOne(it, conditions);
  });
}

export function namesCaller(conditions: readonly Condition[]): boolean {
  return conditions.some((it) => {
    const key = lowerCase(it.key);
    // Whoever comes by a mount target is in its network.
    if (key === "elasticfilesystem:accessedviamounttarget") {
      return it.operator === "Bool" && it.values.every((value) => scalarOf(value) === "true");
    }
    return callerKeys.has(key) && namesOne(it, conditions);
  });
}

/** That a tag is there, whatever it says, does not name a resource: most have a `Name`. */
export function namesResource(conditions: readonly Condition[]): boolean {
  return conditions.some((it) => {
    const key = lowerCase(it.key);
    const isTag = /^[\w-]+:(resourcetag|existingobjecttag)\/./.test(key);
    if ((!isTag && !resourceKeys.has(key)) || !asksFor(it, conditions)) return false;
    return it.values.every((value) => !value.isKnown || namesSome(textOf(value) ?? "*"));
  });
}

/**
 * True for a name, or a pattern that begins with two letters of it; what it takes from the request
 * must not be of the resource itself.
 */
function namesSome(value: string): boolean {
  const isOfResource = variablesOf(value).some(
    (it) => /(resourcetag|existingobjecttag)\//.test(it) || resourceKeys.has(it),
  );
  const last = value.slice(Math.max(value.lastIndexOf("/"), value.lastIndexOf(":")) + 1);
  return !isOfResource && !/^[^*?]?[*?]/.test(last);
}

/** The values that a statement asks for under a key; an unknown one is an empty text. */
export function valuesAskedFor(key: string, conditions: readonly Condition[]): string[] {
  return conditions
    .filter((it) => isSameWord(it.key, key) && asksFor(it, conditions))
    .flatMap(({ values }) => values.map((it) => textOf(it) ?? ""));
}

/**
 * Like `asksFor`; and an ARN names its account. One that has none, as those of S3 buckets, is not
 * enough: whoever takes the bucket's name after it was deleted has the same ARN.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
function namesOne(condition: Condition, others: readonly Condition[]): boolean {
  if (!asksFor(condition, others)) return false;
  return condition.values.every((it) => {
    const value = textOf(it);
    if (!it.isKnown) return true;
    if (value === undefined) return false;
    const isOfRequest = variablesOf(value).some((key) => !ownKeys.has(key));
    if (isOfRequest) return false;
    // All of an organization's unit: the path begins with the organization.
    if (/^o-[a-z0-9]+\//.test(value)) return true;
    const parts = value.split(":");
    if (parts.length < 6 || parts[0] !== "arn") return !hasWildcard(value);
    const [, , service = "", , account = ""] = parts;
    return !hasWildcard(service) && account !== "" && !hasWildcard(account);
  });
}

/** Conditions as a text that is equal exactly if they ask for the same by the same words. */
export function conditionsText(conditions: readonly Condition[]): string {
  const texts = conditions.map((it) =>
    JSON.stringify([it.operator, it.key, fieldsText(it.values)]),
  );
  return texts.sort().join();
}

/** Whether an event, or a record of a stream, matches. */
export type Matches = (event: unknown) => boolean;

/**
 * The predicate of an event pattern: exact values, `exists` and `prefix`. Throws for a pattern that EventBridge
 * refuses, and for operators that the sandbox does not know.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function parsePattern(text: string): Matches {
  const pattern: unknown = JSON.parse(text);
  if (!isObject(pattern)) throw invalid(pattern, "a JSON object");
  return object(pattern);
}

/** EventBridge's filter criteria: one of the patterns must match. Without patterns everything does. */
export function anyOf(patterns: readonly string[]): Matches {
  const matches = patterns.map(parsePattern);
  return (event) => matches.length === 0 || matches.some((it) => it(event));
}

function object(pattern: object): Matches {
  const fields = Object.entries(pattern).map(([key, it]) => [key, field(it)] as const);
  if (fields.length === 0) throw invalid(pattern, "at least one field");
  return (event) => fields.every(([key, matches]) => matches(memberOf(event, key)));
}

function field(pattern: unknown): Matches {
  if (isObject(pattern)) return object(pattern);
  if (!Array.isArray(pattern) || pattern.length === 0) {
    throw invalid(pattern, "an object, or a list with at least one value");
  }
  const alternatives = pattern.map(alternative);
  return (value) => alternatives.some((matches) => matches(value));
}

function alternative(pattern: unknown): Matches {
  if (Array.isArray(pattern)) throw invalid(pattern, "a value or an operator");
  if (!isObject(pattern)) return (value) => leavesOf(value).includes(pattern);
  const [[operator, operand] = [], ...others] = Object.entries(pattern);
  if (others.length > 0) throw invalid(pattern, "one operator");
  if (operator === "exists" && typeof operand === "boolean") {
    return (value) => leavesOf(value).length > 0 === operand;
  }
  if (operator === "prefix" && typeof operand === "string") {
    return (value) =>
      leavesOf(value).some((it) => typeof it === "string" && it.startsWith(operand));
  }
  throw invalid(pattern, "exists with true or false, or prefix with a string");
}

/** The values that a leaf of a pattern is compared with: `exists`, too, matches leaves only. */
function leavesOf(value: unknown): readonly unknown[] {
  if (value === undefined || isObject(value)) return [];
  return Array.isArray(value) ? value : [value];
}

function memberOf(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(part: unknown, expected: string): Error {
  return new Error(`invalid event pattern: got ${JSON.stringify(part)}; expected ${expected}`);
}

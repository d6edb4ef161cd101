import { createHash } from "node:crypto";
import { UnknownValueError } from "@pulumi/policy";
import { lowerCase } from "./iam/case.ts";
import { isSecret } from "./secrets.ts";

/** A value of a resource; in a preview it may not be known yet. */
export type Field<T> = { readonly isKnown: true; readonly value: T } | { readonly isKnown: false };

/**
 * Reads a value. Reading an unknown one throws in a policy pack, and the engine would then report only an
 * advisory and let the resource pass. So every rule reads through this.
 */
export function read<T>(get: () => T): Field<T> {
  // In a preview most properties are unknown, and the stack trace is by far the most expensive part of an error.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return { isKnown: true, value: get() };
  } catch (error) {
    if (error instanceof UnknownValueError) return { isKnown: false };
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** One value or a list of values, as a list. No value is an empty list. */
export function readList(get: () => unknown): Field<unknown>[] {
  const field = read(get);
  if (!field.isKnown) return [field];
  const { value } = field;
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [field];
  // By index: iterating would read, and so throw at, the first unknown element.
  return Array.from({ length: value.length }, (_, index) => read(() => value[index] as unknown));
}

/**
 * True if a property has a value, or may have one that is not known yet. For a property that the program
 * does not set, the state of a provider has `""`, `null`, `[]`, `{}`, or a list or block of only those.
 * A number or a boolean is a value: `encrypted: false` is one.
 */
export function isSet(field: Field<unknown>): boolean {
  if (!field.isKnown) return true;
  const { value } = field;
  if (Array.isArray(value)) return readList(() => value).some(isSet);
  if (!isFields(value)) return value !== undefined && value !== null && value !== "";
  return Object.keys(value).some((name) => isSet(read(() => value[name])));
}

/** True if an object has a property of this name that is set. */
export function has(props: Fields, name: string): boolean {
  return isSet(read(() => props[name]));
}

export type Fields = Record<string, unknown>;

/** An object that reads each property on access, so an unknown one throws only then. */
export function lazyFields(
  properties: readonly (readonly [name: string, get: () => unknown])[],
): Fields {
  return Object.defineProperties(
    {},
    Object.fromEntries(properties.map(([name, get]) => [name, { enumerable: true, get }])),
  );
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object in the proxy by which `@pulumi/policy` throws for an unknown value. */
export function withoutProxy(value: unknown): unknown {
  return isFields(value) && value.__isSpecialProxy === true ? value.__getSpecialProxyTarget : value;
}

/** The value of a table's key. Resources and documents can have the name of an inherited member. */
export function ownValue<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** A member of a field that holds an object; unknown if the field is. */
export function memberOf(field: Field<unknown>, name: string): Field<unknown> {
  if (!field.isKnown) return field;
  const { value } = field;
  return read(() => (isFields(value) ? value[name] : undefined));
}

/** The string of a field; undefined if it is unknown or not a string. */
export function stringOf(field: Field<unknown>): string | undefined {
  return field.isKnown && typeof field.value === "string" ? field.value : undefined;
}

/** The same; undefined for an empty string. */
export function nonEmptyStringOf(field: Field<unknown>): string | undefined {
  return stringOf(field) || undefined;
}

/** A known string, number or boolean as a string; undefined for anything else. */
export function scalarOf(field: Field<unknown>): string | undefined {
  if (!field.isKnown) return undefined;
  const { value } = field;
  const isScalar = ["string", "number", "boolean"].includes(typeof value);
  return isScalar ? String(value) : undefined;
}

/** A string that is equal for the same values in any order, and for no others. */
export function fieldsKey(fields: readonly Field<unknown>[]): string {
  return JSON.stringify(
    fields.map((it) => (it.isKnown ? JSON.stringify(it.value) : "unknown")).sort(),
  );
}

const notKnown = "(not known before deployment)";

/** What findings show in place of a value that the engine marks as secret. */
export const secretValue = "(secret)";

/** Formats of values that policies contain and that are not secrets. */
const plain = [
  // An action, and an ARN.
  /^[a-z][a-z0-9-]*:[A-Za-z0-9*?]*$/,
  /^arn:[\w*?-]+(:\S*)?$/,
  // A service, or a provider of identities.
  /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,6}(\/[\w./-]*)?$/,
  // An account, an organization, a wildcard, a boolean.
  /^\d{12}$/,
  /^o-[a-z0-9]+$/,
  /^[*?]+$/,
  /^(true|false)$/,
  // A range of addresses.
  /^[\d.]+\/\d+$/,
  /^[\da-f:]+\/\d+$/i,
];

/**
 * A value as findings show it, different for each value. Not every secret is marked as one, so only
 * values in a known format are printed. Others are shown as a digest, but for secrets: a short one could be
 * guessed from it.
 */
export function show(field: Field<unknown>): string {
  if (!field.isKnown) return notKnown;
  const { value } = field;
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return showString(value);
  let hasSecret = false;
  const json = read(() =>
    JSON.stringify(value, (_name, member) => {
      hasSecret ||= typeof member !== "object" && isSecret(String(member));
      return member;
    }),
  );
  if (hasSecret) return secretValue;
  return json.isKnown ? redact(json.value ?? "") : notKnown;
}

export function showString(value: string): string {
  return isPlain(value) ? value : redact(value);
}

/**
 * An action as findings show it, e.g. `ec2:Reboot*` for `EC2:Reboot*`: services are case-insensitive.
 */
export function showAction(field: Field<unknown>): string {
  return plainAction(stringOf(field) ?? "") ?? show(field);
}

/** An action that could be one of AWS's, with its service in lower case; undefined for another string. */
export function plainAction(text: string): string | undefined {
  const [, service, name] = /^([A-Za-z0-9*?-]{1,60}):([A-Za-z0-9*?]{1,200})$/.exec(text) ?? [];
  return service === undefined ? undefined : `${lowerCase(service)}:${name}`;
}

export function isPlain(value: string): boolean {
  return value.length <= 300 && plain.some((form) => form.test(value));
}

/** What findings show in place of a value that could be a secret. */
export function redact(value: string): string {
  return isSecret(value) ? secretValue : `(redacted #${digestOf(value)})`;
}

/** Twenty hexadecimal digits: nobody can find another value with the same ones. */
export function digestOf(value: string): string {
  return createHash("sha256").update(value).digest("hex").slice(0, 20);
}

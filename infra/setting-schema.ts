import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { nearest } from "./nearest.ts";

/** One setting of a stack, as the engine has it. */
export interface SettingValue {
  /** Empty if the setting is absent. */
  readonly text: string;
  /** True if it is encrypted in the stack's file. */
  readonly isSecret: boolean;
}

/**
 * A table of settings: key → schema, from the setting's text to its value. The message of each check in
 * a schema says what is expected. It must not contain the value, which can be a secret.
 */
type Table = Readonly<Record<string, v.GenericSchema<string, unknown>>>;

/** The values of a table's settings. */
export type SettingsOf<T extends Table> = { readonly [K in keyof T]: v.InferOutput<T[K]> };

/** A string in this format, which the empty string must not match. */
export const matching = (form: RegExp, expected: string) =>
  v.pipe(v.string(), v.regex(form, expected));

/** The id of a resource of EC2, for example `i-01234567` for the prefix `i`. */
export const ec2Id = (prefix: string) =>
  matching(
    new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`),
    `${prefix}- and 8 or 17 hexadecimal digits`,
  );

/**
 * A valid string, which the empty string must not be. What is expected may depend on the string, unless the
 * setting is a secret.
 */
export const text = (
  isValid: (text: string) => boolean,
  expected: string | ((text: string) => string),
) =>
  v.pipe(
    v.string(),
    v.check(isValid, typeof expected === "string" ? expected : ({ input }) => expected(input)),
  );

/**
 * A whole number from `least` to `most`. `unit` is "whole minutes" for example; `empty` says what an
 * optional setting is left empty for.
 */
export const wholeNumber = (
  least: number,
  most: number,
  { unit = "a whole number", empty = "" } = {},
) =>
  numberThat(
    (it) => it >= least && it <= most,
    `${unit} from ${least} to ${most}${empty && `, or empty to ${empty}`}`,
  );

/** One of these whole numbers. */
export const oneOf = (numbers: readonly number[], unit: string) =>
  numberThat((it) => numbers.includes(it), `one of ${numbers.join(", ")} ${unit}`);

const numberThat = (isValid: (number: number) => boolean, expected: string) =>
  v.pipe(v.string(), v.digits(expected), v.transform(Number), v.check(isValid, expected));

export const trueOrFalse = v.pipe(
  matching(/^(true|false)$/, "true or false"),
  v.transform((it) => it === "true"),
);

/** The same setting, but the empty text is accepted too, as `undefined`. */
export const optional = <T>(schema: v.GenericSchema<string, T>) =>
  v.pipe(
    v.string(),
    v.transform((it) => it || undefined),
    v.optional(schema),
  );

/** The same setting, but it must be encrypted in the stack's file, and errors do not show its value. */
export const secret = <T>(schema: v.GenericSchema<string, T>) =>
  v.pipe(schema, v.metadata({ isSecret: true }));

/** What the setting must be, in words. */
export function expectedOf(schema: v.GenericSchema<string, unknown>): string {
  // No setting accepts this text.
  const { issues } = v.safeParse(schema, "?", { abortPipeEarly: true });
  return issues?.[0].message ?? "";
}

/** The settings of the project that runs, by key without namespace. */
export function projectSettings(): ReadonlyMap<string, SettingValue> {
  const prefix = `${pulumi.getProject()}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  return new Map(
    own.map(([key, text]) => [key.slice(prefix.length), { text, isSecret: isConfigSecret(key) }]),
  );
}

// Pulumi leaves this function out of its types and has no public one for the same
// (docs/decisions/0006-settings-name-all-errors-at-once.md).
const { isConfigSecret } = pulumi.runtime as unknown as {
  isConfigSecret: (key: string) => boolean;
};

/**
 * Checks `values` by the table. `valid` has every setting that is valid by itself; `problems` has one
 * line for each key that is missing, invalid, not encrypted or unknown.
 */
export function checkSettings<T extends Table>(
  table: T,
  values: ReadonlyMap<string, SettingValue>,
): { readonly valid: Partial<SettingsOf<T>>; readonly problems: readonly string[] } {
  const valid: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, schema] of Object.entries(table)) {
    const { text, isSecret } = values.get(key) ?? { text: "", isSecret: false };
    const mustBeSecret = v.getMetadata(schema).isSecret === true;
    if (mustBeSecret && text !== "" && !isSecret) {
      problems.push(`${key}: is not encrypted; set it with --secret`);
    }
    const result = v.safeParse(schema, text, { abortPipeEarly: true });
    if (result.success) {
      valid[key] = result.output;
    } else {
      const shown = mustBeSecret ? "a value in another format" : JSON.stringify(text);
      const got = text === "" ? "is missing" : `got ${shown}`;
      problems.push(`${key}: ${got}; expected ${result.issues[0].message}`);
    }
  }
  problems.push(...unknownKeys(Object.keys(table), [...values.keys()]));
  return { valid: valid as Partial<SettingsOf<T>>, problems };
}

function unknownKeys(known: readonly string[], keys: readonly string[]): string[] {
  return keys
    .filter((key) => !known.includes(key))
    .map((key) => {
      const similar = nearest(key, known);
      const hint = similar ? `did you mean ${similar}?` : `known settings are ${known.join(", ")}`;
      return `${key}: no such setting; ${hint}`;
    });
}

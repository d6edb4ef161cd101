import type { ArrayExpression, ObjectExpression } from "acorn";
import type { Located, Scope } from "./scopes.ts";

/** What is known about the value of an expression. A promise counts as the value it resolves to. */
export type Value =
  /** The exports of a package of the AWS SDK, and one of them. */
  | { readonly kind: "sdk-module"; readonly from: string }
  | { readonly kind: "sdk-export"; readonly from: string; readonly name: string }
  /** A client of the SDK; an aggregated client has a method for each operation. */
  | { readonly kind: "client"; readonly from: string; readonly isAggregated: boolean }
  /** The exports of another file of the package. */
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "object"; readonly node: ObjectExpression; readonly scope: Scope }
  | { readonly kind: "list"; readonly node: ArrayExpression; readonly scope: Scope }
  /** What `Object.create` returns, with the members that are assigned to it. */
  | ({ readonly kind: "created" } & Located)
  | { readonly kind: "string"; readonly text: string }
  | ({ readonly kind: "function" } & Located)
  /** `process.env`, and a variable of it. */
  | { readonly kind: "environment" }
  | { readonly kind: "environment-variable"; readonly name: string }
  /** Certainly nothing of the SDK. */
  | { readonly kind: "unrelated" }
  | UnknownValue;

/** A value that cannot be followed. `name` is the member or the undeclared name that it is read from. */
export interface UnknownValue {
  readonly kind: "unknown";
  readonly name: string | undefined;
}

export const unrelated: Value = { kind: "unrelated" };
export const unknown: Value = { kind: "unknown", name: undefined };

export function unknownNamed(name: string): Value {
  return { kind: "unknown", name };
}

/** True for a value of the SDK or of the environment, and for one that can contain such a value. */
export function leadsToSdk({ kind }: Value): boolean {
  return !["unknown", "unrelated", "function", "string"].includes(kind);
}

/** Of alternatives, the first that leads to the SDK; otherwise the first. One of several strings is not known. */
export function preferredOf(values: readonly Value[]): Value {
  const [first = unknown, ...others] = values;
  const isOneString = first.kind !== "string" || others.length === 0;
  return values.find(leadsToSdk) ?? (isOneString ? first : unrelated);
}

/** A name of the SDK; of an unknown package if `from` is undefined. */
export interface SdkName {
  readonly name: string;
  readonly from: string | undefined;
}

/** The name that a value has, or may have, in the SDK. */
export function sdkNameOf(value: Value): SdkName | undefined {
  if (value.kind === "sdk-export") return { name: value.name, from: value.from };
  if (value.kind !== "unknown" || value.name === undefined) return undefined;
  return { name: value.name, from: undefined };
}

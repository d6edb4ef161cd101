import type { Collection, CollectionMember, ResourceMember } from "./resources.ts";
import type { Located } from "./scopes.ts";

/** Whose credentials a client has: the function's, those of a role that it assumes, or perhaps either. */
export type Credentials = "own" | "other" | "either";

/** What is known about the value of an expression. What can be awaited counts as what it gives. */
export type Value =
  /** A module of the package. */
  | { readonly kind: "module"; readonly path: string }
  /** A module outside the package or something in it, e.g. `boto3.client`. */
  | { readonly kind: "library"; readonly name: string }
  /** `partial(boto3.client, region_name="eu-west-1")`: a function of a library with some of its arguments. */
  | {
      readonly kind: "partial";
      readonly name: string;
      readonly given: readonly GivenArgument[];
    }
  /** What a class or a function of a library returns, e.g. of Powertools' `SSMProvider`. */
  | {
      readonly kind: "library-object";
      readonly of: string;
      readonly inputs: readonly GivenArgument[];
    }
  | { readonly kind: "session"; readonly credentials: Credentials }
  | ClientValue
  | MethodValue
  /** `client.get_paginator("name")` and `client.get_waiter("name")`, which the node calls. */
  | PendingCall
  | ResourceValue
  | MemberValue
  | CollectionValue
  | {
      readonly kind: "collection-member";
      readonly collection: CollectionValue;
      readonly name: string;
      readonly member: CollectionMember;
    }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "none" }
  /** Lists, tuples and sets; dictionaries, and the arguments that a function gets by name. */
  | ({ readonly kind: "list" | "dict" } & Located)
  /** What iterating a dictionary's `values()` and `items()` gives. */
  | { readonly kind: "values" | "items" | "pair"; readonly of: readonly Located[] }
  /** What a function with `yield` returns. */
  | { readonly kind: "generator"; readonly yielded: readonly Located[] }
  | FunctionValue
  | ClassValue
  | InstanceValue
  /** `os.environ`, and a variable of it. */
  | { readonly kind: "environment" }
  | { readonly kind: "environment-variable"; readonly name: string; readonly mayBeMissing?: true }
  /** What a call of AWS returns, and parts of it. */
  | { readonly kind: "response"; readonly method: string }
  /** Certainly nothing of the SDK. */
  | { readonly kind: "unrelated" }
  /** A value that cannot be followed. */
  | { readonly kind: "unknown" };

export interface ClientValue {
  readonly kind: "client";
  /** As in `boto3.client("logs")`. */
  readonly service: string;
  readonly credentials: Credentials;
}

/** A method of a client; `partial` gives it arguments before it is called. */
export interface MethodValue {
  readonly kind: "method";
  readonly client: ClientValue;
  readonly name: string;
  readonly given: readonly GivenArgument[];
}

export interface PendingCall {
  readonly kind: "paginator" | "waiter";
  readonly client: ClientValue;
  readonly name: string;
  readonly node: Located["node"];
}

/** An object of boto3's resources, with the arguments that named it. */
export interface ResourceValue {
  readonly kind: "resource";
  readonly service: string;
  /** `Table`; `ServiceResource` for `boto3.resource(…)` itself. */
  readonly type: string;
  readonly inputs: readonly GivenArgument[];
  /** True if reading an attribute calls nothing. */
  readonly isLoaded: boolean;
  readonly credentials: Credentials;
}

export interface MemberValue {
  readonly kind: "resource-member";
  readonly resource: ResourceValue;
  readonly name: string;
  readonly member: ResourceMember;
}

export interface CollectionValue {
  readonly kind: "collection";
  readonly resource: ResourceValue;
  /** Its attribute of the resource, e.g. `objects`. */
  readonly name: string;
  readonly collection: Collection;
  /** What `filter` and such got. */
  readonly inputs: readonly GivenArgument[];
}

/** An argument of a call; a positional one has the name of its parameter, if that is known. */
export interface GivenArgument {
  readonly name: string | undefined;
  readonly value: Located;
}

export interface FunctionValue extends Located {
  readonly kind: "function";
  /** What the first parameter of a method is bound to. */
  readonly self: InstanceValue | ClassValue | undefined;
}

export interface ClassValue extends Located {
  readonly kind: "class";
}

export interface InstanceValue {
  readonly kind: "instance";
  readonly class: ClassValue;
  /** False if it can be of a class below: `self` in a method. */
  readonly isExact: boolean;
}

export const unknown: Value = { kind: "unknown" };
export const unrelated: Value = { kind: "unrelated" };

/** Alternatives that are followed for one expression; more are an unknown value. */
const maximumValues = 24;

/** The values, each once. */
export function distinct(values: readonly Value[]): readonly Value[] {
  if (values.length < 2) return values;
  const found: Value[] = [];
  const keys = new Map<string, Set<unknown>>();
  for (const it of values) {
    const kind = it.kind === "instance" && it.isExact ? "exact instance" : it.kind;
    const ofKind = keys.get(kind) ?? new Set();
    keys.set(kind, ofKind);
    const key = keyOf(it);
    if (ofKind.has(key)) continue;
    ofKind.add(key);
    if (found.length === maximumValues) return [...found, unknown];
    found.push(it);
  }
  return found;
}

/** Equal for equal values of one kind. */
function keyOf(value: Value): unknown {
  switch (value.kind) {
    case "list":
    case "dict":
    case "class":
    case "paginator":
    case "waiter":
      return value.node;
    case "function":
      return value.self ? value : value.node;
    case "method":
      return value.given.length > 0 ? value : JSON.stringify([value.client, value.name]);
    case "instance":
      return value.class.node;
    case "library-object":
    case "partial":
    case "resource":
    case "resource-member":
    case "collection":
    case "collection-member":
    case "values":
    case "items":
    case "pair":
    case "generator":
      return value;
    default:
      return JSON.stringify(value);
  }
}

import type { PyNode } from "./syntax.ts";
import type { GivenArgument } from "./value.ts";

/** What is called of the SDK or of a library. */
export type Called =
  /** A method of a client: by itself, or by its name in `get_paginator("name")` and such. */
  | { readonly kind: "method"; readonly service: string; readonly method: string }
  | { readonly kind: "waiter"; readonly service: string; readonly waiter: string }
  /** A function or a class of a library, or a method of an object of it. */
  | { readonly kind: "library"; readonly name: string }
  /** A method of a value that cannot be followed. */
  | { readonly kind: "unknown"; readonly method: string }
  | { readonly kind: "unknown-waiter"; readonly waiter: string };

/** A place where a file calls AWS, or may do so. */
export interface Use {
  readonly called: Called;
  /** As in the code, e.g. `reboot_instances of boto3.client("ec2")`; empty for a call by its name alone. */
  readonly name: string;
  readonly inputs: readonly GivenArgument[];
  /** True if the function's own credentials may not be used, or the code may not run. */
  readonly isOptional: boolean;
  /** False if a method is only mentioned, e.g. to be passed on. */
  readonly isCalled: boolean;
  /** File and line, e.g. `app.py:12`. */
  readonly where: string;
  /** Where it is in the tree: one call can be of several clients, of which one has the method. */
  readonly node: PyNode;
}

/** What the program uses. */
export interface Uses {
  readonly uses: readonly Use[];
  /** The services of all clients. */
  readonly services: readonly string[];
  /** Uses of the SDK that cannot be followed, as ends of `its code …`. */
  readonly unresolved: readonly string[];
}

import { createRequire } from "node:module";
import type { Value, Values } from "../../engine/values.ts";
import { waitFor } from "../../wait.ts";
import type { Tagger } from "./default-tags.ts";

const require = createRequire(import.meta.url);

/**
 * One resource type as the program uses it. Inputs and outputs come without secret marks.
 *
 * It behaves as the real provider wherever the program could notice: properties that are not listed here
 * are refused, computed values and tags are filled in, a change of a `replaces` property replaces.
 */
export interface ResourceType {
  /** Every input property that the program may give. */
  readonly inputs: readonly string[];
  /** Inputs whose change makes a new resource. */
  readonly replaces?: readonly string[];
  /** The input that gets an automatic name where the program gives none. */
  readonly autoName?: string;
  /** An automatic name as the type accepts it, from the one that the engine proposes. */
  readonly completeAutoName?: (proposed: string, inputs: Values) => string;
  /** True where the program gives the physical name, so that the old one must go first. */
  readonly hasFixedName?: true;
  /** Inputs that are JSON documents, kept as normalized text. */
  readonly json?: readonly string[];
  readonly secretOutputs?: readonly string[];
  /** For types with tags, which the provider completes by its default tags. */
  readonly tagger?: Tagger;
  /** Inputs as the provider completes them before it compares them with old ones. */
  complete?(inputs: Values): Values;
  /**
   * What the provider assumes for an input that the program does not set: a refresh compares with it,
   * so that a manual change is detected, and put back.
   */
  readonly defaults?: Values;
  create(inputs: Values): Promise<Created>;
  /** What AWS or Sumo Logic has now, inputs included; nothing if the resource is gone. */
  read(id: string, state: Values): Promise<Values | undefined>;
  /**
   * True where a failed update leaves the old state: types of Terraform's plugin framework. Those of
   * its older SDK keep the wanted properties, as if the update had succeeded.
   */
  readonly keepsStateOfFailedUpdate?: true;
  /** Returns the new outputs. `olds` are the old inputs, and the other outputs that have a value. */
  update?(id: string, inputs: Values, olds: Values): Promise<Values>;
  delete(id: string, state: Values): Promise<void>;
}

export interface Created {
  readonly id: string;
  readonly outputs: Values;
}

/** How a provider derives outputs from the properties of a resource, and inputs from outputs. */
export interface Outputs {
  /** After a resource was created, read or changed: all properties of its type. */
  complete(properties: Values): Values;
  /** The same in a preview, in which nothing is created or changed. */
  planned(properties: Values): Values;
  /** The inputs by what AWS has now; `olds` are those of before. */
  asInputs(olds: Values, now: Values): Values;
}

/** Creation failed after the resource was there: the engine keeps it, and updates it the next time. */
export class CreatedInPart extends Error {
  readonly created: Created;

  constructor(created: Created, cause: Error) {
    super(cause.message, { cause });
    this.created = created;
  }
}

/** A package of resource types and functions, by their Pulumi type tokens. */
export interface Provider {
  /** The version of the plugin that the package wants. */
  readonly version: string;
  /**
   * Accepts the provider's settings, for example `region`; called before any other call. The engine does
   * not call it while a setting is unknown. Settings other than strings come as JSON.
   */
  configure(settings: ReadonlyMap<string, string>): void | Promise<void>;
  /** All outputs of a type; without it the outputs are what the type returns. */
  readonly outputs?: (type: string) => Outputs;
  readonly resources: Readonly<Record<string, ResourceType>>;
  readonly functions: Readonly<Record<string, (args: Values) => Promise<Values>>>;
}

/** The version of its plugin that an installed package of Pulumi names. */
export function packageVersion(name: string): string {
  const { version, pulumi } = require(`${name}/package.json`);
  return pulumi.version ?? version;
}

/** A list of names, written as words. */
export function names(words: string): string[] {
  return words.split(" ");
}

/** A string property; throws if it is something else. */
export function text(values: Values, key: string): string {
  const value: Value | undefined = values[key];
  if (typeof value !== "string") {
    throw new Error(`${key} must be a string: got ${JSON.stringify(value)}`);
  }
  return value;
}

/** Waits until a change of AWS shows; fails if it does not within a minute. */
export async function until(check: () => Promise<boolean>): Promise<void> {
  await waitFor("a change of AWS to show", check, { timeoutMs: 60_000 });
}

/** Something that the real provider can do, and the sandbox cannot. */
export class NotInSandbox extends Error {}

/** For types that the program never changes in place, though the real provider could. */
export async function cannotUpdate(id: string): Promise<never> {
  throw new NotInSandbox(
    `the sandbox cannot change ${id} in place: destroy the stack and start again`,
  );
}

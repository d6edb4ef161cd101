import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { withoutProxy } from "./field.ts";
import { keepSecrets } from "./secret-marks.ts";

/** The part of a protobuf Struct that is used here. */
interface Struct {
  toJavaScript(): Record<string, unknown>;
  clearFieldsMap(): void;
}

interface Deserializer {
  deserializeProperties(struct: Pick<Struct, "toJavaScript">, ...rest: unknown[]): unknown;
}

let areConvertedOnce = false;

/**
 * `@pulumi/policy` converts each message of the engine again for each rule, and drops the marks of secrets.
 * From now on it converts the properties of a resource once, and the marks are kept before.
 */
export function convertMessagesOnce(): void {
  // Tests start several packs in a process.
  if (areConvertedOnce) return;
  areConvertedOnce = true;
  // The very module that the policy server uses.
  const server: Deserializer = require("@pulumi/policy/deserialize");
  const { deserializeProperties } = server;
  const converted = new WeakMap<Struct, unknown>();
  server.deserializeProperties = (struct: Struct, ...rest) => {
    let properties = converted.get(struct);
    if (properties === undefined) {
      const marked = struct.toJavaScript();
      keepSecrets(marked);
      properties = deserializeProperties({ toJavaScript: () => marked }, ...rest);
      // Nothing else reads it, and a large stack would be in memory twice.
      struct.clearFieldsMap();
      converted.set(struct, properties);
    }
    return properties;
  };
}

/** For all rules that get the same message, what the first of them got. */
export interface SharedResources {
  /** The properties of the resource. */
  one(args: ResourceValidationArgs): ResourceValidationArgs;
  /** All resources of a stack. Calls `prepare` with them once. */
  stack(
    resources: PolicyResource[],
    prepare: (resources: PolicyResource[]) => void,
  ): PolicyResource[];
}

/**
 * The server creates the resources again for each rule. What one rule reads of shared ones, such as a
 * document, the others need not read again.
 */
export function createSharedResources(): SharedResources {
  const properties = new WeakMap<object, ResourceValidationArgs["props"]>();
  const stacks = new WeakMap<object, PolicyResource[]>();
  return {
    one: (args) => ({ ...args, props: firstOf(properties, args.props, () => args.props) }),
    stack(resources, prepare) {
      const [resource] = resources;
      if (!resource) return resources;
      return firstOf(stacks, resource.props, () => {
        prepare(resources);
        return resources;
      });
    },
  };
}

function firstOf<T>(firsts: WeakMap<object, T>, props: object, create: () => T): T {
  const key = withoutProxy(props) as object;
  const first = firsts.get(key) ?? create();
  firsts.set(key, first);
  return first;
}

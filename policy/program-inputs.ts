import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { codeAssets, types } from "./data/resource-types.ts";
import { type Field, has, isFields, lazyFields, ownValue, read, readList } from "./field.ts";
import { policiesFilledIn } from "./resources.ts";

/**
 * What stack rules need of the inputs. The engine passes them outputs, which lack four things:
 *
 * - A resource has none at all in a preview in which a setting of its provider is not known yet
 *   (`if !pcfg.known` in provider_plugin.go of the engine).
 * - After a refresh, the code of a function or of an object in S3 has a hash and no contents.
 * - Policies of a role can be the program's, or what AWS had at the last refresh.
 * - An unknown policy can be the program's, or what AWS fills in.
 *
 * Resource rules get the inputs of the same resources earlier, in the same process.
 */
export interface ProgramInputs {
  /** Keeps the inputs of a resource if stack rules will need them. */
  keep(args: ResourceValidationArgs): void;
  /**
   * Adds the kept inputs to the properties of the stack's resources, and an empty list of dependencies for
   * each policy that the program sets to an unknown value from nowhere.
   */
  addTo(resources: readonly PolicyResource[]): void;
  /** True if the inputs of a role are known, and do not set this property. */
  leavesOut(role: PolicyResource, property: string): boolean;
}

type Props = PolicyResource["props"];

export function createProgramInputs(): ProgramInputs {
  const kept = new Map<string, Props>();
  const roles = new Map<string, Props>();
  const unknownPolicies = new Map<string, readonly string[]>();
  // Each rule is called for each resource; the first call is enough.
  const seen = new Set<string>();
  return {
    keep({ type, urn, props, provider }) {
      if (seen.has(urn)) return;
      seen.add(urn);
      if (type === types.role) roles.set(urn, props);
      const unknown = policiesFilledIn(type).filter((it) => hasUnknown(read(() => props[it])));
      if (unknown.length > 0) unknownPolicies.set(urn, unknown);
      const code = ownValue(codeAssets, type);
      if (provider && hasUnknown(read(() => provider.props))) kept.set(urn, props);
      else if (code !== undefined) kept.set(urn, only(props, code));
    },
    addTo(resources) {
      for (const resource of resources) {
        const inputs = kept.get(resource.urn);
        if (inputs) resource.props = joined(resource, inputs);
        for (const it of unknownPolicies.get(resource.urn) ?? []) {
          resource.propertyDependencies[it] ??= [];
        }
      }
    },
    leavesOut({ urn }, property) {
      const inputs = roles.get(urn);
      return inputs !== undefined && !has(inputs, property);
    },
  };
}

function hasUnknown(field: Field<unknown>): boolean {
  if (!field.isKnown) return true;
  const { value } = field;
  if (Array.isArray(value)) return readList(() => value).some(hasUnknown);
  return isFields(value) && Object.keys(value).some((name) => hasUnknown(read(() => value[name])));
}

function only(props: Props, name: string): Props {
  return name in props ? lazyFields([[name, () => props[name]]]) : {};
}

/** The outputs, and the inputs of the code and of everything that they lack. */
function joined({ type, props: outputs }: PolicyResource, inputs: Props): Props {
  const code = ownValue(codeAssets, type);
  const names = Object.keys(inputs).filter((it) => it === code || !(it in outputs));
  const all = (of: Props, keys: readonly string[]) =>
    keys.map((name) => [name, () => of[name]] as const);
  return lazyFields([...all(outputs, Object.keys(outputs)), ...all(inputs, names)]);
}

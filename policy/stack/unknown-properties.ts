import type { PolicyResource } from "@pulumi/policy";
import { resourcePolicies, types } from "../data/resource-types.ts";
import { ownValue } from "../field.ts";
import { rootOf } from "../resources.ts";
import { some } from "../statements.ts";
import { sourcesOf } from "./links.ts";
import { resourceName } from "./permissions.ts";

/**
 * True for a property that the program does not set. Stack rules see outputs, which AWS fills in: such a
 * property is unknown in a preview. A property that the program sets to an unknown value depends on it.
 */
export function isFilledInByAws(resource: PolicyResource, property: string): boolean {
  const root = rootOf(property);
  const isOptional =
    (resource.type === types.role && root !== "assumeRolePolicy") ||
    ownValue(resourcePolicies, resource.type) === root;
  return isOptional && sourcesOf(resource, root).length === 0;
}

/** Where an unknown value comes from, to follow a clause of a finding. */
export function originOf(sources: readonly PolicyResource[]): string {
  if (sources.length === 0) return "";
  // The engine lists dependencies in a different order each time.
  return ` (it depends on ${some(sources.map(resourceName).sort())})`;
}

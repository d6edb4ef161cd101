import type { PolicyResource } from "@pulumi/policy";
import { ownValue } from "../field.ts";
import { policiesFilledIn, rootOf } from "../resources.ts";
import { some } from "../statements.ts";
import { resourceName } from "./permissions.ts";

/**
 * True for a property that the program does not set. Stack rules see outputs, which AWS fills in: such a
 * property is unknown in a preview.
 */
export function isFilledInByAws(resource: PolicyResource, property: string): boolean {
  const root = rootOf(property);
  return policiesFilledIn(resource.type).includes(root) && !isUnknownInput(resource, root);
}

/**
 * True if the program sets a property to a value that is not known yet. Then it has a list of dependencies,
 * which is empty for the result of a function: see program-inputs.ts.
 */
export function isUnknownInput(
  { propertyDependencies }: Pick<PolicyResource, "propertyDependencies">,
  property: string,
): boolean {
  return ownValue(propertyDependencies, property) !== undefined;
}

/** Where an unknown value comes from, to follow a clause of a finding. */
export function originOf(sources: readonly PolicyResource[], verb = "it depends on"): string {
  if (sources.length === 0) return "";
  // The engine lists dependencies in a different order each time.
  return ` (${verb} ${some([...new Set(sources.map(resourceName))].sort())})`;
}

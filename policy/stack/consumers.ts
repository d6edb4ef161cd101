import type { PolicyResource } from "@pulumi/policy";
import { ownValue, read, setTextOf } from "../field.ts";
import { addTo } from "../groups.ts";
import { resourcePolicies, types } from "../resources.ts";

/**
 * Who has each role of the stack: resources that name it, but for its own policies and for
 * components, which hand it on. Roles that nothing names have no entry.
 */
export function consumersOf(
  resources: readonly PolicyResource[],
): ReadonlyMap<PolicyResource, readonly PolicyResource[]> {
  const roles = resources.filter(({ type }) => type === types.role);
  const found = new Map<PolicyResource, PolicyResource[]>();
  if (roles.length === 0) return found;
  const byText = new Map(roles.flatMap((role) => textsOf(role).map((text) => [text, role])));
  for (const resource of resources) {
    if (!isConsumer(resource)) continue;
    for (const role of new Set([...namedRoles(resource), ...rolesByText(resource, byText)])) {
      addTo(found, role, resource);
    }
  }
  return found;
}

/** Policies and attachments of IAM are of the role; whoever has it is something else. */
function isConsumer({ type, provider }: PolicyResource): boolean {
  if (type.startsWith("aws:iam/")) return type === types.instanceProfile;
  return provider !== undefined || type.startsWith("aws:");
}

/** A role is not given to what only names it: in tags, in a policy, or as a value that is kept. */
function namedRoles({ type, propertyDependencies }: PolicyResource): PolicyResource[] {
  const naming = ["tags", "tagsAll", "principal", ownValue(resourcePolicies, type)];
  const isKept = /^aws:(ssm\/parameter|secretsmanager\/|s3\/bucketObject)/.test(type);
  return Object.entries(propertyDependencies)
    .filter(([property]) => !isKept && !naming.includes(property))
    .flatMap(([, sources]) => sources)
    .filter((it) => it.type === types.role);
}

/** A role may also be named by text, in a property such as `role` or `executionRoleArn`. */
function rolesByText(
  { props }: PolicyResource,
  byText: ReadonlyMap<string, PolicyResource>,
): PolicyResource[] {
  const properties = Object.keys(props).filter((it) => /role/i.test(it));
  return properties.flatMap((it) => byText.get(setTextOf(read(() => props[it])) ?? "") ?? []);
}

function textsOf({ props }: PolicyResource): string[] {
  return ["arn", "name"].flatMap((it) => setTextOf(read(() => props[it])) ?? []);
}

import type { PolicyResource } from "@pulumi/policy";
import { resourcePolicies, types } from "../data/resource-types.ts";
import { ownValue } from "../field.ts";
import { addTo } from "../groups.ts";
import { rootOf } from "../resources.ts";
import { isOfAws, namesIn, resolveProperty, sourcesOf } from "./links.ts";

/**
 * The resources that use each role of the stack. Policies and attachments of the role and components,
 * which pass it on, do not count. Roles that nothing uses have no entry.
 */
export function consumersOf(
  resources: readonly PolicyResource[],
): ReadonlyMap<PolicyResource, readonly PolicyResource[]> {
  const roles = resources.filter(({ type }) => type === types.role);
  const found = new Map<PolicyResource, PolicyResource[]>();
  if (roles.length === 0) return found;
  const find = namesIn(roles)(types.role);
  for (const resource of resources) {
    if (!isConsumer(resource)) continue;
    const used = [
      ...givenBy(resource),
      // A role may also be referred to by value, in a property such as `executionRoleArn`.
      ...Object.keys(resource.props)
        .filter((it) => /role/i.test(it))
        .flatMap((it) => resolveProperty(resource, it, find).resources),
    ];
    for (const role of new Set(used)) if (role.type === types.role) addTo(found, role, resource);
  }
  return found;
}

function isConsumer({ type, provider }: PolicyResource): boolean {
  if (type.startsWith("aws:iam/")) return type === types.instanceProfile;
  return provider !== undefined || isOfAws(type);
}

/** What a resource depends on. A tag, a policy or a stored value only mentions a role. */
function givenBy(resource: PolicyResource): PolicyResource[] {
  const mentions = onlyMentioning(resource.type);
  if (/^aws:(ssm\/parameter|secretsmanager\/|s3\/bucketObject)/.test(resource.type)) return [];
  return Object.keys(resource.propertyDependencies)
    .filter((property) => !mentions.includes(property))
    .flatMap((property) => sourcesOf(resource, property));
}

/** The properties of a type that name a role and do not use it. */
export function onlyMentioning(type: string): readonly string[] {
  return ["tags", "tagsAll", "principal", rootOf(ownValue(resourcePolicies, type) ?? "")];
}

import type { PolicyResource } from "@pulumi/policy";
import { types } from "../data/resource-types.ts";
import { type Field, stringOf } from "../field.ts";
import { lowerCase } from "../iam/case.ts";
import { hasWildcard, matches } from "../iam/pattern.ts";
import { type Identity, identitiesOf, isPartlyUnread } from "../identities.ts";
import { type LocatedStatement, statementsOf } from "../statements.ts";
import { type StackArns, stackArns } from "./arns.ts";
import { resolveStandIn } from "./links.ts";
import { includes, type Permission, permissionName, permissionsOf } from "./permissions.ts";

/** What an identity gains by what it may do to other identities of the stack. */
export interface Access {
  /**
   * The roles of the stack that these statements give access to by an action: those that may be passed,
   * or the roles of the resources that may be changed. Undefined if one of them may be in another stack.
   */
  rolesBy(
    action: string,
    statements: readonly LocatedStatement[],
  ): Promise<readonly PolicyResource[] | undefined>;
  /** What a role may do and the identity may not, in words. */
  moreIn(role: PolicyResource, than: Identity): Promise<readonly string[]>;
}

export function createAccess(resources: readonly PolicyResource[]): Access {
  // In most stacks no role gives access to another, so these are not needed.
  let arns: Promise<StackArns> | undefined;
  let roles: ReadonlyMap<PolicyResource, Identity> | undefined;
  const permissionsIn = async (of: { readonly statements: readonly LocatedStatement[] }) => {
    arns ??= stackArns(resources);
    return permissionsOf(of, await arns);
  };
  return {
    async rolesBy(action, statements) {
      const isByExclusion = statements.some(
        (it) => it.notActions.length + it.notResources.length > 0,
      );
      const having = statements
        .map((it) => ({ ...it, actions: it.actions.filter((one) => isIn(action, one)) }))
        .filter(({ actions }) => actions.length > 0);
      if (having.length === 0 || isByExclusion) return undefined;
      const permissions = await permissionsIn({ statements: having });
      if (permissions.length === 0) return undefined;
      const found: PolicyResource[] = [];
      for (const it of permissions) {
        const isOpen = it.resources.length === 0 || hasWildcard(stringOf(it.resource) ?? "");
        if (isOpen) return undefined;
        found.push(...it.resources.flatMap(rolesBehind));
      }
      return [...new Set(found)];
    },

    async moreIn(role, than) {
      roles ??= new Map([...identitiesOf(resources)].map((it) => [it.resource, it]));
      const identity = roles.get(role);
      if (!identity) return [];
      const own = (await permissionsIn(than)).filter(isAllowed);
      const more = (await permissionsIn(identity))
        .filter(isAllowed)
        .filter((it) => !own.some((one) => includes(one, it)))
        .map(permissionName);
      const unread = isPartlyUnread(identity) ? ["whatever its unread policies allow"] : [];
      return [...new Set([...more, ...unread])];
    },
  };
}

function isIn(action: string, field: Field<unknown>): boolean {
  const pattern = stringOf(field);
  return pattern !== undefined && matches(lowerCase(pattern), lowerCase(action));
}

/** A role itself, or the roles that a resource has by its dependencies. */
function rolesBehind(resource: PolicyResource): PolicyResource[] {
  if (resource.type === types.role) return [resource];
  return Object.values(resource.propertyDependencies)
    .flat()
    .flatMap(resolveStandIn)
    .filter(({ type }) => type === types.role);
}

/** True if a role trusts a service, as far as its trust policy is known. */
export function trusts(role: PolicyResource, service: string): boolean {
  const principals = statementsOf(role, ["trust"])
    .filter(({ isAllow }) => isAllow)
    .flatMap(({ principals }) => principals);
  if (principals.length === 0) return true;
  return principals.some(({ type, value }) => {
    const name = stringOf(value);
    return name === undefined || name === "*" || (type === "Service" && name === service);
  });
}

function isAllowed({ statement }: Permission): boolean {
  return statement.isAllow;
}

import type { PolicyResource } from "@pulumi/policy";
import { type Field, textOf } from "../field.ts";
import { lowerCase } from "../iam/letter-case.ts";
import { hasWildcard, matches } from "../iam/pattern.ts";
import { type HeldStatement, type Identity, identitiesOf } from "../identities.ts";
import { types } from "../resources.ts";
import { statementsOf } from "../statements.ts";
import { type StackArns, stackArns } from "./arns.ts";
import { type Granted, grantedBy, grantName, includes } from "./granted.ts";

/** Answers what an identity could reach by what it may do to others of the stack. */
export interface Reach {
  /**
   * The roles of the stack to which these statements lead by an action: those that may be passed,
   * or those of what is changed. Nothing where one of them may be elsewhere.
   */
  rolesBy(
    action: string,
    statements: readonly HeldStatement[],
  ): Promise<readonly PolicyResource[] | undefined>;
  /** What a role may do and the identity may not, in words; nothing where it may no more. */
  moreIn(role: PolicyResource, than: Identity): Promise<readonly string[]>;
}

export function createReach(resources: readonly PolicyResource[]): Reach {
  // Most stacks have no way from one role to another, and need none of it.
  let arns: Promise<StackArns> | undefined;
  let roles: ReadonlyMap<PolicyResource, Identity> | undefined;
  const grantsOf = async (identity: Pick<Identity, "statements">) => {
    arns ??= stackArns(resources);
    return grantedBy(identity, await arns);
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
      const granted = await grantsOf({ statements: having });
      if (granted.length === 0) return undefined;
      const found: PolicyResource[] = [];
      for (const it of granted) {
        const isOpen = it.resources.length === 0 || hasWildcard(textOf(it.resource) ?? "");
        if (isOpen) return undefined;
        found.push(...it.resources.flatMap(rolesBehind));
      }
      return [...new Set(found)];
    },

    async moreIn(role, than) {
      roles ??= new Map([...identitiesOf(resources)].map((it) => [it.resource, it]));
      const identity = roles.get(role);
      if (!identity) return [];
      const own = (await grantsOf(than)).filter(isAllowed);
      const more = (await grantsOf(identity))
        .filter(isAllowed)
        .filter((it) => !own.some((one) => includes(one, it)))
        .map(grantName);
      const unread = identity.isPartlyUnread
        ? ["what policies allow it that are not read here"]
        : [];
      return [...new Set([...more, ...unread])];
    },
  };
}

function isIn(action: string, field: Field<unknown>): boolean {
  const pattern = textOf(field);
  return pattern !== undefined && matches(lowerCase(pattern), lowerCase(action));
}

/** A role itself, or the role of what the engine says has one, also by an instance profile. */
function rolesBehind(resource: PolicyResource): PolicyResource[] {
  if (resource.type === types.role) return [resource];
  return Object.values(resource.propertyDependencies)
    .flat()
    .flatMap((it) => (it.type === types.instanceProfile ? rolesBehind(it) : [it]))
    .filter(({ type }) => type === types.role);
}

/** True if a role may be given to a service, as far as its trust policy is known. */
export function trusts(role: PolicyResource, service: string): boolean {
  const principals = statementsOf(role, ["trust"])
    .filter(({ statement }) => statement.isAllow)
    .flatMap(({ statement }) => statement.principals);
  if (principals.length === 0) return true;
  return principals.some(({ type, value }) => {
    const name = textOf(value);
    return name === undefined || name === "*" || (type === "Service" && name === service);
  });
}

function isAllowed({ statement }: Granted): boolean {
  return statement.isAllow;
}

import type { PolicyResource } from "@pulumi/policy";
import { ownValue, read, readList, scalarOf } from "./field.ts";
import type { PolicyDocument, Statement } from "./iam/document.ts";
import {
  attachedPolicies,
  documentsOf,
  grantsAbove,
  type LocatedDocument,
  rootOf,
  types,
} from "./resources.ts";

/** A role, user or group (or what stands for one) and all that its documents in this stack say. */
export interface Identity {
  readonly resource: PolicyResource;
  readonly statements: readonly HeldStatement[];
  /** The statements of its permissions boundary, where that is a policy of this stack. */
  readonly boundary: readonly Statement[] | undefined;
  /** Managed policies of AWS or of other stacks, and documents not known yet: nobody reads them here. */
  readonly isPartlyUnread: boolean;
}

/** A statement, and where an identity has it from. */
export interface HeldStatement extends Statement {
  /** The resource whose document or grants it is in. */
  readonly holder: PolicyResource;
  /** Resources of the stack from which what is not known yet in it comes. */
  readonly sources: readonly PolicyResource[];
}

/** Properties by which a policy or an attachment names whom it is for, and the type of those. */
const owners: Readonly<Record<string, string>> = {
  role: types.role,
  roleName: types.role,
  roles: types.role,
  user: types.user,
  userName: types.user,
  users: types.user,
  group: types.group,
  groupName: types.group,
  groups: types.group,
};

const memberships: readonly string[] = [types.groupMembership, types.userGroupMembership];

/**
 * The identities of a stack, one after the other, so that a large stack is never wholly in memory. A
 * policy that no identity of the stack has, and the grants of a component without a policy, stand
 * for one of their own: someone will have it.
 */
export function* identitiesOf(resources: readonly PolicyResource[]): Iterable<Identity> {
  const policiesOf = policiesByIdentity(resources);
  const placed = new Set<PolicyResource>();
  for (const [resource, policies] of policiesOf) {
    for (const policy of policies) {
      placed.add(policy);
      if (policy.parent) placed.add(policy.parent);
    }
    // A boundary grants nothing.
    for (const it of resource.propertyDependencies.permissionsBoundary ?? []) placed.add(it);
    yield identityOf(resource, [resource, ...policies]);
  }
  for (const resource of resources) {
    if (policiesOf.has(resource) || placed.has(resource)) continue;
    const identity = identityOf(resource, [resource]);
    if (identity.statements.length > 0) yield identity;
  }
}

function identityOf(resource: PolicyResource, sources: readonly PolicyResource[]): Identity {
  return {
    resource,
    statements: sources.flatMap(ownStatements),
    boundary: boundaryOf(resource),
    isPartlyUnread: sources.some(isPartlyUnread),
  };
}

/** Each role, user and group with the policies that the stack gives to it. */
function policiesByIdentity(
  resources: readonly PolicyResource[],
): ReadonlyMap<PolicyResource, readonly PolicyResource[]> {
  const kinds: readonly string[] = Object.values(owners);
  const identities = resources.filter(({ type }) => kinds.includes(type));
  const byName = new Map(identities.map((it) => [`${it.type} ${nameOf(it)}`, it]));
  const found = new Map(identities.map((it) => [it, [] as PolicyResource[]]));
  for (const resource of resources) {
    const policies = policiesFrom(resource);
    if (policies.length === 0) continue;
    for (const owner of ownersOf(resource, byName)) found.get(owner)?.push(...policies);
  }
  for (const resource of resources.filter(({ type }) => memberships.includes(type))) {
    const members = ownersOf(resource, byName);
    const ofGroups = members
      .filter(({ type }) => type === types.group)
      .flatMap((it) => found.get(it) ?? []);
    for (const user of members.filter(({ type }) => type === types.user)) {
      found.get(user)?.push(...ofGroups);
    }
  }
  return found;
}

/** The policies that a resource gives to others: itself, or those that it attaches. */
function policiesFrom(resource: PolicyResource): readonly PolicyResource[] {
  if (resource.type !== types.role && attachedPolicies(resource)) {
    return attachesOthers(resource) ? [resource, ...managedOf(resource)] : managedOf(resource);
  }
  const hasOwner = Object.keys(owners).some((it) => it in resource.props);
  return hasOwner && documentsOf(resource).some(({ kind }) => kind === "identity")
    ? [resource]
    : [];
}

function ownersOf(
  resource: PolicyResource,
  byName: ReadonlyMap<string, PolicyResource>,
): PolicyResource[] {
  const found = new Set<PolicyResource>();
  for (const [property, type] of Object.entries(owners)) {
    if (!(property in resource.props)) continue;
    for (const it of resource.propertyDependencies[property] ?? []) found.add(it);
    for (const name of readList(() => resource.props[property])) {
      const owner = byName.get(`${type} ${scalarOf(name)}`);
      if (owner) found.add(owner);
    }
  }
  return [...found];
}

function nameOf(resource: PolicyResource): string {
  return scalarOf(read(() => resource.props.name)) ?? resource.urn;
}

/** What a resource's documents say; those that are unknown are judged by the grants above them. */
function ownStatements(resource: PolicyResource): HeldStatement[] {
  const managed = resource.type === types.role ? managedOf(resource) : [];
  return [
    ...documentsOf(resource)
      .filter(({ kind }) => kind === "identity")
      .flatMap((it) => statementsIn(it, resource)),
    ...managed.flatMap(ownStatements),
  ];
}

function statementsIn(
  { property, document }: LocatedDocument,
  resource: PolicyResource,
): HeldStatement[] {
  const { parent } = resource;
  if (document.kind === "statements") {
    return held(document, resource, property === "grants" ? undefined : property);
  }
  const above = grantsAbove(resource);
  return above && parent ? held(above, parent) : [];
}

/**
 * The statements of a document, or of a component's grants. The engine knows for each input of a
 * resource where it comes from, and no finer: a component whose inputs have the resources of each
 * statement once more under its Sid lets a preview tell them apart.
 */
function held(
  document: PolicyDocument,
  holder: PolicyResource,
  property?: string,
): HeldStatement[] {
  if (document.kind !== "statements") return [];
  const { propertyDependencies } = holder;
  return document.statements.map((it) => {
    const input = property ? rootOf(property) : (it.sid ?? "grants");
    const sources = ownValue(propertyDependencies, input) ?? propertyDependencies.grants ?? [];
    return { ...it, holder, sources };
  });
}

function isPartlyUnread(resource: PolicyResource): boolean {
  const isUnread = documentsOf(resource).some(
    ({ kind, document }) =>
      kind === "identity" &&
      document.kind !== "statements" &&
      grantsAbove(resource)?.kind !== "statements",
  );
  return isUnread || attachesOthers(resource);
}

/** True if it attaches policies that are not of this stack. */
function attachesOthers(resource: PolicyResource): boolean {
  const { arns = [] } = attachedPolicies(resource) ?? {};
  return arns.length > managedOf(resource).length;
}

/** The policies of this stack that a resource attaches. */
function managedOf(resource: PolicyResource): readonly PolicyResource[] {
  const property = attachedPolicies(resource)?.property ?? "";
  const sources = resource.propertyDependencies[property] ?? [];
  return sources.filter(({ type }) => type === types.policy);
}

function boundaryOf(resource: PolicyResource): readonly Statement[] | undefined {
  const [policy] = resource.propertyDependencies.permissionsBoundary ?? [];
  if (policy?.type !== types.policy) return undefined;
  const statements = ownStatements(policy);
  // One that is not known yet cuts nothing.
  return statements.length > 0 ? statements : undefined;
}

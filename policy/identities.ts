import type { PolicyResource } from "@pulumi/policy";
import { chatChannels, memberships, owners, types } from "./data/resource-types.ts";
import { has, memberOf, nonEmptyStringOf, read, readList } from "./field.ts";
import type { Statement } from "./iam/document.ts";
import {
  attachedPolicies,
  documentsOf,
  grantsAbove,
  type LocatedDocument,
  rootOf,
} from "./resources.ts";
import { type Find, namesIn, type Reference, resolveProperty, sourcesOf } from "./stack/links.ts";
import { isFilledInByAws, isUnknownInput } from "./stack/unknown-properties.ts";
import { type LocatedStatement, statementName, statementsIn } from "./statements.ts";

/** A role, user or group, or a resource in place of one, and what its documents in this stack say. */
export interface Identity {
  readonly resource: PolicyResource;
  /** `where` names the policy if the identity has several. */
  readonly statements: readonly IdentityStatement[];
  /** Its permissions boundary, if that is a policy of this stack. */
  readonly boundary: readonly Statement[] | undefined;
  /** The ARNs of attached policies of other stacks, which are not read. */
  readonly unreadPolicies: readonly string[];
  /** True if a document is not known yet, or cannot be read. */
  readonly hasUnreadDocument: boolean;
}

/** A statement of an identity. */
export interface IdentityStatement extends LocatedStatement {
  /** The group that a user has it from. */
  readonly group: PolicyResource | undefined;
}

/** True if an identity has policies that are not read. */
export function isPartlyUnread({ unreadPolicies, hasUnreadDocument }: Identity): boolean {
  return unreadPolicies.length > 0 || hasUnreadDocument;
}

/**
 * The identities of a stack, one after the other, so that a large stack is never entirely in memory. A
 * policy without an identity in the stack, and the grants of a component without a policy, count as
 * identities: some identity will have them.
 */
export function* identitiesOf(resources: readonly PolicyResource[]): Iterable<Identity> {
  const attachments = attachmentsIn(resources);
  const policiesOf = policiesByIdentity(resources, attachments);
  const placed = new Set<PolicyResource>();
  for (const [resource, policies] of policiesOf) {
    for (const policy of [...policies.keys(), ...attachments(resource).resources]) {
      placed.add(policy);
      if (policy.parent) placed.add(policy.parent);
    }
    // A boundary grants nothing.
    for (const it of sourcesOf(resource, "permissionsBoundary")) placed.add(it);
    yield identityOf(resource, policies, attachments);
  }
  // Neither does the guardrail of a chat channel.
  for (const it of resources.filter(({ type }) => chatChannels.includes(type))) {
    for (const policy of sourcesOf(it, "guardrailPolicyArns")) placed.add(policy);
  }
  for (const resource of resources) {
    if (policiesOf.has(resource) || placed.has(resource)) continue;
    const identity = identityOf(resource, new Map(), attachments);
    if (identity.statements.length > 0) yield identity;
  }
}

/** Each role, user and group, and each policy that the stack gives to it, with the first that has it. */
export function identityByPolicy(
  resources: readonly PolicyResource[],
): ReadonlyMap<PolicyResource, PolicyResource> {
  const found = new Map<PolicyResource, PolicyResource>();
  for (const [identity, policies] of policiesByIdentity(resources, attachmentsIn(resources))) {
    found.set(identity, identity);
    for (const [policy, group] of policies) {
      // What users have from a group is the group's.
      if (!group && !found.has(policy)) found.set(policy, identity);
    }
  }
  return found;
}

function identityOf(
  resource: PolicyResource,
  policies: Policies,
  attachments: Attachments,
): Identity {
  const own = attachments(resource);
  const all = [...new Set([resource, ...policies.keys(), ...own.resources])];
  // The grants of a component and the policy that it creates from them are the same.
  const holders = all.filter((it) => !all.some(({ parent }) => parent === it));
  const documents = holders.flatMap((it) => identityDocuments(it, all));
  const isOfSeveral = documents.length > 1;
  const unreadPolicies = [...new Set(all.flatMap((it) => attachments(it).values))];
  return {
    resource,
    statements: documents.flatMap((it) =>
      knownStatements(it).map((statement) => ({
        ...statement,
        group: policies.get(it.resource),
        where: `statement ${statementName(statement)}${isOfSeveral ? policyName(it, resource) : ""}`,
      })),
    ),
    boundary: boundaryOf(resource),
    unreadPolicies,
    hasUnreadDocument: documents.some(isUnread),
  };
}

/**
 * The identity documents of a resource. Stack rules see outputs, in which AWS fills in the inline
 * policies of a role: those that are resources of the stack are not counted twice.
 */
function identityDocuments(
  resource: PolicyResource,
  all: readonly PolicyResource[],
): LocatedDocument<PolicyResource>[] {
  return documentsOf(resource)
    .filter(({ kind }) => kind === "identity")
    .filter((it) => !isFilledIn(it, all));
}

/** True if a policy, or a resource that lists policies, is for this role. */
export function isForRole(resource: PolicyResource, role: PolicyResource): boolean {
  const roleName = nonEmptyStringOf(read(() => role.props.name));
  const find = (value: string) => (value === roleName ? role : undefined);
  return ["role", "roleName"].some((property) =>
    resolveProperty(resource, property, find).resources.includes(role),
  );
}

/** True for an inline policy that AWS fills in and that a RolePolicy of the stack creates. */
export function isFilledIn(
  located: LocatedDocument<PolicyResource>,
  all: readonly PolicyResource[],
): boolean {
  const { resource, property } = located;
  if (rootOf(property) !== "inlinePolicies") return false;
  if (located.document.kind === "unknown" && !isUnknownInput(resource, "inlinePolicies")) {
    return true;
  }
  const index = Number(/\d+/.exec(property)?.[0]);
  const inline = readList(() => resource.props.inlinePolicies)[index];
  const name = inline && nonEmptyStringOf(memberOf(inline, "name"));
  const isCreated = (it: PolicyResource) =>
    it.type === types.rolePolicy &&
    nonEmptyStringOf(read(() => it.props.name)) === name &&
    isForRole(it, resource);
  return name !== undefined && all.some(isCreated);
}

/** The policies of this stack that a resource attaches, and the ARNs of others; `…` for unknown ones. */
type Attachments = (resource: PolicyResource) => Reference;

function attachmentsIn(resources: readonly PolicyResource[]): Attachments {
  const isPolicy = (type: string) => type === types.policy;
  const find = namesIn(resources.filter(({ type }) => isPolicy(type)))(types.policy);
  return (resource) => {
    const { property, arns } = attachedPolicies(resource) ?? {};
    if (property === undefined || arns === undefined) return { resources: [], values: [] };
    const attached = resolveProperty(resource, property, find, isPolicy);
    const isUnread =
      attached.resources.length === 0 &&
      !isFilledInByAws(resource, property) &&
      arns.some((it) => !it.isKnown);
    return isUnread ? { ...attached, values: [...attached.values, "…"] } : attached;
  };
}

/** The policies of an identity, each with the group that a user has it from. */
type Policies = ReadonlyMap<PolicyResource, PolicyResource | undefined>;

/** Each role, user and group with the policies that the stack gives to it. */
function policiesByIdentity(
  resources: readonly PolicyResource[],
  attachments: Attachments,
): ReadonlyMap<PolicyResource, Policies> {
  const { identities, find: findBy } = identitiesIn(resources);
  const found = new Map(
    identities.map((it) => [it, new Map<PolicyResource, PolicyResource | undefined>()]),
  );
  for (const resource of resources) {
    const policies = policiesFrom(resource, attachments);
    if (policies.length === 0) continue;
    for (const owner of ownersOf(resource, findBy)) {
      for (const it of policies) found.get(owner)?.set(it, undefined);
    }
  }
  for (const resource of resources.filter(({ type }) => memberships.includes(type))) {
    const members = [...ownersOf(resource, findBy)];
    for (const user of members.filter(({ type }) => type === types.user)) {
      const own = found.get(user);
      for (const group of members.filter(({ type }) => type === types.group)) {
        for (const it of found.get(group)?.keys() ?? []) if (!own?.has(it)) own?.set(it, group);
      }
    }
  }
  return found;
}

/** The policies that a resource gives to identities: itself, or the ones that it attaches. */
function policiesFrom(
  resource: PolicyResource,
  attachments: Attachments,
): readonly PolicyResource[] {
  if (resource.type !== types.role && attachedPolicies(resource)) {
    return [resource, ...attachments(resource).resources];
  }
  const hasOwner = Object.keys(owners).some((it) => has(resource.props, it));
  return hasOwner && documentsOf(resource).some(({ kind }) => kind === "identity")
    ? [resource]
    : [];
}

/** Finds the first role, user or group that a resource attaches policies to; else the resource itself. */
export function identityOfAttachments(
  resources: readonly PolicyResource[],
): (resource: PolicyResource) => PolicyResource {
  const findBy = identitiesIn(resources).find;
  return (resource) => [...ownersOf(resource, findBy)][0] ?? resource;
}

function identitiesIn(resources: readonly PolicyResource[]) {
  const kinds: readonly string[] = Object.values(owners);
  const identities = resources.filter(({ type }) => kinds.includes(type));
  return { identities, find: namesIn(identities) };
}

function ownersOf(
  resource: PolicyResource,
  findBy: (type: string) => Find,
): ReadonlySet<PolicyResource> {
  const all = Object.entries(owners).flatMap(([property, type]) =>
    has(resource.props, property)
      ? resolveProperty(resource, property, findBy(type)).resources
      : [],
  );
  return new Set(all);
}

/** The policy of a document, if an identity has several. */
function policyName(
  { resource, property }: LocatedDocument<PolicyResource>,
  identity: PolicyResource,
): string {
  return ` of ${resource === identity ? property : `${resource.type} ${resource.name}`}`;
}

/** The statements of a document. The grants above one that is unknown take its place. */
function knownStatements(located: LocatedDocument<PolicyResource>): LocatedStatement[] {
  if (located.document.kind === "statements") return statementsIn(located);
  const above = grantsAbove(located.resource);
  return above ? statementsIn(above) : [];
}

function isUnread({ resource, document }: LocatedDocument<PolicyResource>): boolean {
  return document.kind !== "statements" && grantsAbove(resource)?.document.kind !== "statements";
}

/** The statements of a managed policy of the stack; none if they are not known yet. */
export function statementsOfPolicy(policy: PolicyResource): readonly LocatedStatement[] {
  return identityDocuments(policy, []).flatMap(knownStatements);
}

function boundaryOf(resource: PolicyResource): readonly Statement[] | undefined {
  const [policy] = sourcesOf(resource, "permissionsBoundary");
  if (policy?.type !== types.policy) return undefined;
  const statements = statementsOfPolicy(policy);
  // A boundary that is not known yet restricts nothing.
  return statements.length > 0 ? statements : undefined;
}

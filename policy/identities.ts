import type { PolicyResource } from "@pulumi/policy";
import { has, memberOf, ownValue, read, readList, setTextOf } from "./field.ts";
import type { PolicyDocument, Statement } from "./iam/document.ts";
import { attachedPolicies, documentsOf, grantsAbove, rootOf, types } from "./resources.ts";
import { partsOf } from "./stack/arn-parts.ts";

/** A role, user or group (or what stands for one) and all that its documents in this stack say. */
export interface Identity {
  readonly resource: PolicyResource;
  readonly statements: readonly HeldStatement[];
  /** Its permissions boundary, where that is a policy of this stack. */
  readonly boundary: readonly Statement[] | undefined;
  /** The ARNs of attached policies that are not of this stack; nobody reads them here. */
  readonly unreadPolicies: readonly string[];
  /** True with such a policy, or with a document that is not known yet. */
  readonly isPartlyUnread: boolean;
}

/** A statement that an identity has. */
export interface HeldStatement extends Statement {
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
  const attachments = attachmentsIn(resources);
  const policiesOf = policiesByIdentity(resources, attachments);
  const placed = new Set<PolicyResource>();
  for (const [resource, policies] of policiesOf) {
    for (const policy of [...policies, ...attachments(resource).policies]) {
      placed.add(policy);
      if (policy.parent) placed.add(policy.parent);
    }
    // A boundary grants nothing.
    for (const it of resource.propertyDependencies.permissionsBoundary ?? []) placed.add(it);
    yield identityOf(resource, policies, attachments);
  }
  for (const resource of resources) {
    if (policiesOf.has(resource) || placed.has(resource)) continue;
    const identity = identityOf(resource, [], attachments);
    if (identity.statements.length > 0) yield identity;
  }
}

function identityOf(
  resource: PolicyResource,
  policies: readonly PolicyResource[],
  attachments: Attachments,
): Identity {
  const own = attachments(resource);
  const all = [...new Set([resource, ...policies, ...own.policies])];
  // A component that makes the policy of its grants has them once.
  const sources = all.filter((it) => !all.some(({ parent }) => parent === it));
  const documents = sources.flatMap((it) => identityDocuments(it, all));
  const unreadPolicies = [...new Set(all.flatMap((it) => attachments(it).others))];
  return {
    resource,
    statements: documents.flatMap(statementsIn),
    boundary: boundaryOf(resource),
    unreadPolicies,
    isPartlyUnread: unreadPolicies.length > 0 || documents.some(isUnread),
  };
}

/** A document as it was read, and the resource that has it. */
interface HeldDocument {
  readonly resource: PolicyResource;
  readonly property: string;
  readonly document: PolicyDocument;
}

/**
 * The identity documents of a resource. Stack rules see outputs, in which AWS fills in the inline
 * policies of a role: those that the stack makes by themselves are not counted twice.
 */
function identityDocuments(
  resource: PolicyResource,
  all: readonly PolicyResource[],
): HeldDocument[] {
  return documentsOf(resource)
    .filter(({ kind }) => kind === "identity")
    .map(({ property, document }) => ({ resource, property, document }))
    .filter((it) => !isFilledIn(it, all));
}

/** True if a policy, or what lists policies, names this role or depends on it. */
export function isForRole(
  { props, propertyDependencies }: PolicyResource,
  role: PolicyResource,
): boolean {
  const roleName = setTextOf(read(() => role.props.name));
  return ["role", "roleName"].some((property) => {
    const name = setTextOf(read(() => props[property]));
    const isNamed = name !== undefined && name === roleName;
    return isNamed || (propertyDependencies[property] ?? []).includes(role);
  });
}

/** True for an inline policy of a role that AWS fills in, and a RolePolicy of that role created. */
export function isFilledIn(
  { resource, property, document }: HeldDocument,
  all: readonly PolicyResource[],
): boolean {
  if (rootOf(property) !== "inlinePolicies") return false;
  const isOfProgram = (resource.propertyDependencies.inlinePolicies ?? []).length > 0;
  if (document.kind === "unknown" && !isOfProgram) return true;
  const index = Number(/\d+/.exec(property)?.[0]);
  const inline = readList(() => resource.props.inlinePolicies)[index];
  const name = inline && setTextOf(memberOf(inline, "name"));
  const isMade = (it: PolicyResource) =>
    it.type === types.rolePolicy &&
    setTextOf(read(() => it.props.name)) === name &&
    isForRole(it, resource);
  return name !== undefined && all.some(isMade);
}

/** The policies of this stack that a resource attaches, and the ARNs of others. */
type Attachments = (resource: PolicyResource) => {
  readonly policies: readonly PolicyResource[];
  readonly others: readonly string[];
};

/** By dependency, or by an ARN that is written as text. */
function attachmentsIn(resources: readonly PolicyResource[]): Attachments {
  const byArn = new Map<string, PolicyResource>();
  for (const it of resources) {
    if (it.type !== types.policy) continue;
    const [arn, name, path] = ["arn", "name", "path"].map((property) =>
      setTextOf(read(() => it.props[property])),
    );
    if (arn !== undefined) byArn.set(arn, it);
    else if (name !== undefined) byArn.set(`policy${path ?? "/"}${name}`, it);
  }
  return (resource) => {
    const { property = "", arns = [] } = attachedPolicies(resource) ?? {};
    const sources = resource.propertyDependencies[property] ?? [];
    const policies = new Set(sources.filter(({ type }) => type === types.policy));
    const others: string[] = [];
    for (const field of arns) {
      const arn = setTextOf(field);
      const policy = arn && (byArn.get(arn) ?? byArn.get(partsOf(arn).rest));
      if (policy) policies.add(policy);
      else if (arn !== undefined) others.push(arn);
      // What AWS fills in for a role is not known in a preview, and comes from nothing.
      else if (policies.size === 0 && resource.type !== types.role) others.push("…");
    }
    return { policies: [...policies], others };
  };
}

/** Each role, user and group with the policies that the stack gives to it. */
function policiesByIdentity(
  resources: readonly PolicyResource[],
  attachments: Attachments,
): ReadonlyMap<PolicyResource, readonly PolicyResource[]> {
  const kinds: readonly string[] = Object.values(owners);
  const identities = resources.filter(({ type }) => kinds.includes(type));
  const byName = new Map(identities.map((it) => [`${it.type} ${nameOf(it)}`, it]));
  const found = new Map(identities.map((it) => [it, [] as PolicyResource[]]));
  for (const resource of resources) {
    const policies = policiesFrom(resource, attachments);
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
function policiesFrom(
  resource: PolicyResource,
  attachments: Attachments,
): readonly PolicyResource[] {
  if (resource.type !== types.role && attachedPolicies(resource)) {
    return [resource, ...attachments(resource).policies];
  }
  const hasOwner = Object.keys(owners).some((it) => has(resource.props, it));
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
    if (!has(resource.props, property)) continue;
    for (const it of resource.propertyDependencies[property] ?? []) found.add(it);
    for (const name of readList(() => resource.props[property])) {
      const owner = byName.get(`${type} ${setTextOf(name)}`);
      if (owner) found.add(owner);
    }
  }
  return [...found];
}

function nameOf(resource: PolicyResource): string {
  return setTextOf(read(() => resource.props.name)) ?? resource.urn;
}

/** What a document says; one that is unknown is judged by the grants above it. */
function statementsIn({ resource, property, document }: HeldDocument): HeldStatement[] {
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
    return { ...it, sources };
  });
}

function isUnread({ resource, document }: HeldDocument): boolean {
  return document.kind !== "statements" && grantsAbove(resource)?.kind !== "statements";
}

function boundaryOf(resource: PolicyResource): readonly Statement[] | undefined {
  const [policy] = resource.propertyDependencies.permissionsBoundary ?? [];
  if (policy?.type !== types.policy) return undefined;
  const statements = identityDocuments(policy, []).flatMap(statementsIn);
  // One that is not known yet cuts nothing.
  return statements.length > 0 ? statements : undefined;
}

import type { PolicyResource } from "@pulumi/policy";
import {
  authorizationPolicies,
  devicePolicies,
  identityPolicies,
  limitingPolicies,
  managedPolicies,
  resourcePolicies,
  types,
} from "./data/resource-types.ts";
import {
  type Field,
  has,
  isFields,
  isSet,
  memberOf,
  nonEmptyStringOf,
  ownValue,
  read,
  readList,
} from "./field.ts";
import { type PolicyDocument, readDocument, readGrants } from "./iam/document.ts";
import { permissionStatementOf } from "./permission-statements.ts";

/** What the rules check: a resource's type token, its name, and its properties. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  // biome-ignore lint/suspicious/noExplicitAny: as @pulumi/policy types properties
  readonly props: Record<string, any>;
  /** The provider that creates it; components have none. */
  readonly provider?: unknown;
}

/** True for an instance that gets the properties it does not set from its launch template. */
export function isOfTemplate(props: Resource["props"]): boolean {
  return has(props, "launchTemplate");
}

/** The property of a resource that a path such as `inlinePolicies[0].policy` begins with. */
export function rootOf(path: string): string {
  return path.replace(/[[.].*/, "");
}

/** What is read of a resource for its documents. Only stack rules see dependencies. */
export type Holder = Pick<Resource, "type" | "props" | "provider"> &
  Partial<Pick<PolicyResource, "name" | "propertyDependencies">>;

/**
 * What a policy is for: an IAM identity, a role's trust, a resource, devices of IoT, or only a limit of
 * what other policies allow.
 */
export const everyKind = ["identity", "trust", "resource", "device", "limit"] as const;

/** The kinds whose statements list what their holder may do. */
export const grantingKinds = ["identity", "device"] as const;

/** A document, the resource and the property that hold it, and what kind of policy it is. */
export interface LocatedDocument<Of extends Holder = Holder> {
  readonly resource: Of;
  readonly property: string;
  readonly kind: (typeof everyKind)[number];
  /** Read on each access, so rules for other kinds need not read it. */
  readonly document: PolicyDocument;
}

/** The documents of a resource: identity, trust and resource policies, and a component's grants. */
export function documentsOf<Of extends Holder>(resource: Of): LocatedDocument<Of>[] {
  const { type, props, provider } = resource;
  const locate = (
    kind: LocatedDocument["kind"],
    property: string,
    readIt: () => PolicyDocument,
  ) => ({
    resource,
    kind,
    property,
    get document() {
      return readOnce(props, property, readIt);
    },
  });
  const locateIn = (kind: LocatedDocument["kind"], property: string) =>
    locate(kind, property, () => readDocument(() => valueAt(props, property)));
  // The policy may be a resource of another type instead, so without a value there is no document.
  const locateSet = (kind: LocatedDocument["kind"], property: string) =>
    isSet(read(() => valueAt(props, property))) ? [locateIn(kind, property)] : [];
  if (type === types.role) {
    const inline = readList(() => props.inlinePolicies).map((it, index) =>
      locate("identity", `inlinePolicies[${index}].policy`, () => readInline(it)),
    );
    return [...inline, locateIn("trust", "assumeRolePolicy")];
  }
  const ofIdentity = ownValue(identityPolicies, type);
  if (ofIdentity !== undefined) return [locateIn("identity", ofIdentity)];
  const ofDevices = ownValue(devicePolicies, type);
  if (ofDevices !== undefined) return [locateIn("device", ofDevices)];
  const ofResource = ownValue(resourcePolicies, type);
  if (ofResource !== undefined) return locateSet("resource", ofResource);
  const limiting = ownValue(limitingPolicies, type);
  if (limiting !== undefined && !isOfOtherGrammar(resource)) {
    return limiting.flatMap((property) => locateSet("limit", property));
  }
  const permission = permissionStatementOf(resource);
  if (permission) {
    const document = { Statement: permission };
    return [locate("resource", "permission", () => readDocument(() => document))];
  }
  const isComponent = !type.startsWith("aws:") && provider === undefined;
  if (isComponent && has(props, "grants")) {
    return [locate("identity", "grants", () => readGrants(() => props.grants))];
  }
  return [];
}

/** The properties with policies that AWS fills in if the program does not set them. */
export function policiesFilledIn(type: string): readonly string[] {
  if (type === types.role) return ["inlinePolicies", "managedPolicyArns"];
  const ofResource = ownValue(resourcePolicies, type);
  return ofResource === undefined ? [] : [rootOf(ofResource)];
}

/** Each rule that gets the same properties gets the same document. */
const documents = new WeakMap<object, Map<string, PolicyDocument>>();

function readOnce(props: object, property: string, readIt: () => PolicyDocument): PolicyDocument {
  const ofProps = documents.get(props) ?? new Map<string, PolicyDocument>();
  documents.set(props, ofProps);
  const document = ofProps.get(property) ?? readIt();
  ofProps.set(property, document);
  return document;
}

/** The value of a property, or of a member of one: `details.policy`. */
function valueAt(props: Resource["props"], path: string): unknown {
  return path
    .split(".")
    .reduce((value: unknown, name) => (isFields(value) ? value[name] : undefined), props);
}

/** True for a policy of an organization that is not IAM's, such as one for tags. */
function isOfOtherGrammar({ type, props }: Holder): boolean {
  const kind = nonEmptyStringOf(read(() => props.type));
  return (
    type === types.organizationPolicy && kind !== undefined && !authorizationPolicies.includes(kind)
  );
}

/** An entry without a policy removes all inline policies. */
function readInline(inline: Field<unknown>): PolicyDocument {
  if (!inline.isKnown) return { kind: "unknown" };
  const { value } = inline;
  if (!isFields(value)) return { kind: "malformed", problem: "an inline policy is not an object" };
  return readDocument(() => (isSet(memberOf(inline, "policy")) ? value.policy : "{}"));
}

/** The grants of a resource's parent component. The resource's documents must equal them. */
export function grantsAbove({
  parent,
}: Pick<PolicyResource, "parent">): LocatedDocument<PolicyResource> | undefined {
  return parent && documentsOf(parent).find(({ property }) => property === "grants");
}

/** The ARNs of managed policies that a resource attaches, and the property that holds them. */
export function attachedPolicies({
  type,
  props,
}: Holder): { readonly property: string; readonly arns: readonly Field<unknown>[] } | undefined {
  const property = ownValue(managedPolicies, type);
  return property === undefined ? undefined : { property, arns: readList(() => props[property]) };
}

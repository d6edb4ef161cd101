import type { PolicyResource } from "@pulumi/policy";
import {
  identityPolicies,
  managedPolicies,
  resourcePolicies,
  types,
} from "./data/resource-types.ts";
import {
  type Field,
  has,
  isFields,
  isSet,
  lazyFields,
  memberOf,
  ownValue,
  read,
  readList,
  scalarOf,
} from "./field.ts";
import { type PolicyDocument, readDocument, readGrants } from "./iam/document.ts";

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
  Partial<Pick<PolicyResource, "propertyDependencies">>;

export const everyKind = ["identity", "trust", "resource"] as const;

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
      return readIt();
    },
  });
  const locateIn = (kind: LocatedDocument["kind"], property: string) =>
    locate(kind, property, () => readDocument(() => props[property]));
  if (type === types.role) {
    const inline = readList(() => props.inlinePolicies).map((it, index) =>
      locate("identity", `inlinePolicies[${index}].policy`, () => readInline(it)),
    );
    return [...inline, locateIn("trust", "assumeRolePolicy")];
  }
  const ofIdentity = ownValue(identityPolicies, type);
  if (ofIdentity !== undefined) return [locateIn("identity", ofIdentity)];
  const ofResource = ownValue(resourcePolicies, type);
  // The policy may be a resource of another type instead, so without a value there is no document.
  if (ofResource !== undefined) {
    return has(props, ofResource) ? [locateIn("resource", ofResource)] : [];
  }
  if (type === types.lambdaPermission) {
    return [locate("resource", "permission", () => readPermission(props))];
  }
  const isComponent = !type.startsWith("aws:") && provider === undefined;
  if (isComponent && has(props, "grants")) {
    return [locate("identity", "grants", () => readGrants(() => props.grants))];
  }
  return [];
}

/**
 * A Lambda permission as the statement that Lambda creates from it.
 * https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 */
function readPermission(props: Resource["props"]): PolicyDocument {
  return readDocument(() => ({
    Statement: {
      Effect: "Allow",
      get Action() {
        return props.action;
      },
      get Principal() {
        const principal = scalarOf({ isKnown: true, value: props.principal }) ?? "";
        if (principal === "*") return principal;
        return { [/\.amazon(aws)?\.com(\.cn)?$/.test(principal) ? "Service" : "AWS"]: principal };
      },
      Condition: {
        ArnLike: lazily(props, { "aws:SourceArn": "sourceArn" }),
        StringEquals: lazily(props, {
          "aws:SourceAccount": "sourceAccount",
          "aws:PrincipalOrgID": "principalOrgId",
          "lambda:EventSourceToken": "eventSourceToken",
          "lambda:FunctionUrlAuthType": "functionUrlAuthType",
        }),
        Bool: isFalse(read(() => props.invokedViaFunctionUrl))
          ? {}
          : lazily(props, { "lambda:InvokedViaFunctionUrl": "invokedViaFunctionUrl" }),
      },
    },
  }));
}

/** True for the value that the provider's state has if a program does not set a boolean. */
function isFalse(field: Field<unknown>): boolean {
  return field.isKnown && field.value === false;
}

/** An object with the properties that are set, under other names, each read on access. */
function lazily(props: Resource["props"], names: Readonly<Record<string, string>>): object {
  const there = Object.entries(names).filter(([, property]) => has(props, property));
  return lazyFields(there.map(([name, property]) => [name, () => props[property]]));
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

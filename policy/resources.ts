import { type PolicyDocument, readDocument, readGrants } from "./document.ts";
import { type Field, readList } from "./field.ts";

/** What the rules look at: a resource's type token and its properties. */
export interface IamResource {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: as @pulumi/policy types properties
  readonly props: Record<string, any>;
}

/** A document and the property that holds it. */
export interface LocatedDocument {
  readonly property: string;
  readonly document: PolicyDocument;
}

/** Types that hold one identity policy, in this property. */
const identityPolicies: Readonly<Record<string, string>> = {
  "aws:iam/policy:Policy": "policy",
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:iam/groupPolicy:GroupPolicy": "policy",
};

/** Types that name managed policies, in these properties. */
const managedPolicies: Readonly<Record<string, string>> = {
  "aws:iam/role:Role": "managedPolicyArns",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
  "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
};

export const roleType = "aws:iam/role:Role";

/** True for what the program itself groups, which no provider has checked or changed. */
export function isComponent({ type }: IamResource): boolean {
  return !type.startsWith("aws:") && !type.startsWith("pulumi:");
}

/** The documents by which a resource allows something: policies, and the grants of components. */
export function identityDocuments({ type, props }: IamResource): LocatedDocument[] {
  const property = identityPolicies[type];
  if (property) return [{ property, document: readDocument(() => props[property]) }];
  if (type === roleType) {
    return readList(() => props.inlinePolicies).map((inline, index) => ({
      property: `inlinePolicies[${index}].policy`,
      document: inline.isKnown
        ? readDocument(() => (inline.value as { policy?: unknown }).policy ?? "{}")
        : { kind: "unknown" },
    }));
  }
  if (isComponent({ type, props }) && "grants" in props) {
    return [{ property: "grants", document: readGrants(() => props.grants) }];
  }
  return [];
}

/** The trust policy of a role. */
export function trustDocuments({ type, props }: IamResource): LocatedDocument[] {
  if (type !== roleType) return [];
  const property = "assumeRolePolicy";
  return [{ property, document: readDocument(() => props[property]) }];
}

/** The ARNs of managed policies that a resource attaches, and the property that holds them. */
export function attachedPolicies({ type, props }: IamResource): {
  readonly property: string;
  readonly arns: readonly Field<unknown>[];
} {
  const property = managedPolicies[type];
  return property
    ? { property, arns: readList(() => props[property]) }
    : { property: "", arns: [] };
}

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

/** What the rules look at: a resource's type token, its name, and its properties. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  // biome-ignore lint/suspicious/noExplicitAny: as @pulumi/policy types properties
  readonly props: Record<string, any>;
  /** The provider that makes it; components have none. */
  readonly provider?: unknown;
}

/** True for an instance that has from its launch template what it does not say itself. */
export function isOfTemplate(props: Resource["props"]): boolean {
  return has(props, "launchTemplate");
}

/** The property of a resource that a path such as `inlinePolicies[0].policy` begins with. */
export function rootOf(path: string): string {
  return path.replace(/[[.].*/, "");
}

/** What is read of a resource for its documents. */
export type Holder = Pick<Resource, "type" | "props" | "provider">;

export const everyKind = ["identity", "trust", "resource"] as const;

/** A document, the property that holds it, and what kind of policy it is. */
export interface LocatedDocument {
  readonly property: string;
  readonly kind: (typeof everyKind)[number];
  /** Read each time that it is asked for, so that rules for other kinds need not read it. */
  readonly document: PolicyDocument;
}

/**
 * The one list of the provider's type tokens and properties that the pack reads. A test compares
 * it with @pulumi/aws.
 */
export const types = {
  role: "aws:iam/role:Role",
  user: "aws:iam/user:User",
  group: "aws:iam/group:Group",
  policy: "aws:iam/policy:Policy",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  rolePoliciesExclusive: "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive",
  roleAttachmentsExclusive: "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
  instanceProfile: "aws:iam/instanceProfile:InstanceProfile",
  groupMembership: "aws:iam/groupMembership:GroupMembership",
  userGroupMembership: "aws:iam/userGroupMembership:UserGroupMembership",
  function: "aws:lambda/function:Function",
  functionUrl: "aws:lambda/functionUrl:FunctionUrl",
  eventSourceMapping: "aws:lambda/eventSourceMapping:EventSourceMapping",
  eventInvokeConfig: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  lambdaPermission: "aws:lambda/permission:Permission",
  instance: "aws:ec2/instance:Instance",
  launchTemplate: "aws:ec2/launchTemplate:LaunchTemplate",
  launchConfiguration: "aws:ec2/launchConfiguration:LaunchConfiguration",
  volume: "aws:ebs/volume:Volume",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  securityGroupRule: "aws:ec2/securityGroupRule:SecurityGroupRule",
  defaultSecurityGroup: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  ingressRule: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
} as const;

/** Types that hold one identity policy, in this property. */
export const identityPolicies: Readonly<Record<string, string>> = {
  [types.policy]: "policy",
  [types.rolePolicy]: "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:iam/groupPolicy:GroupPolicy": "policy",
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "inlinePolicy",
};

/** Types that hold the policy of a resource, in this property. */
export const resourcePolicies: Readonly<Record<string, string>> = {
  "aws:sns/topic:Topic": "policy",
  "aws:sns/topicPolicy:TopicPolicy": "policy",
  "aws:sqs/queue:Queue": "policy",
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
  "aws:kms/key:Key": "policy",
  "aws:kms/keyPolicy:KeyPolicy": "policy",
  "aws:kms/externalKey:ExternalKey": "policy",
  "aws:kms/replicaKey:ReplicaKey": "policy",
  "aws:s3/bucket:Bucket": "policy",
  "aws:s3/bucketV2:BucketV2": "policy",
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  "aws:secretsmanager/secret:Secret": "policy",
  "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
  "aws:s3control/accessPointPolicy:AccessPointPolicy": "policy",
  "aws:backup/vaultPolicy:VaultPolicy": "policy",
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": "policy",
  "aws:codebuild/resourcePolicy:ResourcePolicy": "policy",
  "aws:dynamodb/resourcePolicy:ResourcePolicy": "policy",
  "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
  "aws:efs/fileSystemPolicy:FileSystemPolicy": "policy",
  "aws:kinesis/resourcePolicy:ResourcePolicy": "policy",
  "aws:opensearch/domainPolicy:DomainPolicy": "accessPolicies",
};

/** Types that name managed policies, in these properties. */
export const managedPolicies: Readonly<Record<string, string>> = {
  [types.role]: "managedPolicyArns",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
  "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
  [types.roleAttachmentsExclusive]: "policyArns",
  "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "policyArns",
  "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": "policyArns",
  "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": "managedPolicyArn",
};

/** The documents of a resource: identity, trust and resource policies, and a component's grants. */
export function documentsOf({ type, props, provider }: Holder): LocatedDocument[] {
  if (type === types.role) {
    return [...inlinePolicies(props), locateIn(props, "trust", "assumeRolePolicy")];
  }
  const identity = ownValue(identityPolicies, type);
  if (identity !== undefined) return [locateIn(props, "identity", identity)];
  const resource = ownValue(resourcePolicies, type);
  // The policy may be a resource of another type instead: nothing is no document here.
  if (resource !== undefined) {
    return has(props, resource) ? [locateIn(props, "resource", resource)] : [];
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

function locate(
  kind: LocatedDocument["kind"],
  property: string,
  readIt: () => PolicyDocument,
): LocatedDocument {
  return {
    kind,
    property,
    get document() {
      return readIt();
    },
  };
}

function locateIn(
  props: Resource["props"],
  kind: LocatedDocument["kind"],
  property: string,
): LocatedDocument {
  return locate(kind, property, () => readDocument(() => props[property]));
}

function inlinePolicies(props: Resource["props"]): LocatedDocument[] {
  return readList(() => props.inlinePolicies).map((inline, index) =>
    locate("identity", `inlinePolicies[${index}].policy`, () => readInline(inline)),
  );
}

/**
 * A Lambda permission as the statement that Lambda makes of it.
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

/** True for what the provider's state has if a program does not set a boolean. */
function isFalse(field: Field<unknown>): boolean {
  return field.isKnown && field.value === false;
}

/** An object with the properties that are set under other names; each is read when asked for. */
function lazily(props: Resource["props"], names: Readonly<Record<string, string>>): object {
  const there = Object.entries(names).filter(([, property]) => has(props, property));
  return lazyFields(there.map(([name, property]) => [name, () => props[property]]));
}

/** An entry without policy removes all inline policies. */
function readInline(inline: Field<unknown>): PolicyDocument {
  if (!inline.isKnown) return { kind: "unknown" };
  const { value } = inline;
  if (!isFields(value)) return { kind: "malformed", problem: "an inline policy is not an object" };
  return readDocument(() => (isSet(memberOf(inline, "policy")) ? value.policy : "{}"));
}

/** The grants of the component that a resource belongs to, which its documents must equal. */
export function grantsAbove({ parent }: { readonly parent?: Holder }): PolicyDocument | undefined {
  return parent && documentsOf(parent).find(({ property }) => property === "grants")?.document;
}

/** The ARNs of managed policies that a resource attaches, and the property that holds them. */
export function attachedPolicies({
  type,
  props,
}: Holder): { readonly property: string; readonly arns: readonly Field<unknown>[] } | undefined {
  const property = ownValue(managedPolicies, type);
  return property === undefined ? undefined : { property, arns: readList(() => props[property]) };
}

/**
 * The type tokens and properties of @pulumi/aws that the pack reads. Resources of other types are not
 * checked.
 *
 * Source: @pulumi/aws.
 * Refresh: test/resources.spec.ts compares every token and property with the package.
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
  functionAlias: "aws:lambda/alias:Alias",
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
  key: "aws:kms/key:Key",
  keyAlias: "aws:kms/alias:Alias",
  secret: "aws:secretsmanager/secret:Secret",
  streamConsumer: "aws:kinesis/streamConsumer:StreamConsumer",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
} as const;

/** Type → the property that holds its identity policy. */
export const identityPolicies: Readonly<Record<string, string>> = {
  [types.policy]: "policy",
  [types.rolePolicy]: "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:iam/groupPolicy:GroupPolicy": "policy",
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "inlinePolicy",
};

/** Type → the property that holds its resource policy. */
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

/** Type → the property that lists managed policies. */
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

/** Property by which a policy or attachment refers to its identities → the type of those. */
export const owners: Readonly<Record<string, string>> = {
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

/** Types that put users into groups. */
export const memberships: readonly string[] = [types.groupMembership, types.userGroupMembership];

/** Types that refer to another resource, which is meant → the property that refers to it. */
export const standIns: Readonly<Record<string, string>> = {
  [types.instanceProfile]: "role",
  [types.streamConsumer]: "streamArn",
  [types.keyAlias]: "targetKeyId",
  [types.functionAlias]: "functionName",
};

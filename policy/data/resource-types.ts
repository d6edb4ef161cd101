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
  lambdaResourcePolicy: "aws:lambda/resourcePolicy:ResourcePolicy",
  layerVersion: "aws:lambda/layerVersion:LayerVersion",
  layerPermission: "aws:lambda/layerVersionPermission:LayerVersionPermission",
  eventPermission: "aws:cloudwatch/eventPermission:EventPermission",
  signingPermission: "aws:signer/signingProfilePermission:SigningProfilePermission",
  organizationAccount: "aws:organizations/account:Account",
  organizationPolicy: "aws:organizations/policy:Policy",
  accessPoint: "aws:s3/accessPoint:AccessPoint",
  searchDomain: "aws:opensearch/domain:Domain",
  elasticsearchDomain: "aws:elasticsearch/domain:Domain",
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
  stateMachine: "aws:sfn/stateMachine:StateMachine",
  streamConsumer: "aws:kinesis/streamConsumer:StreamConsumer",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  bucket: "aws:s3/bucket:Bucket",
  bucketV2: "aws:s3/bucketV2:BucketV2",
  bucketObject: "aws:s3/bucketObject:BucketObject",
  bucketObjectV2: "aws:s3/bucketObjectv2:BucketObjectv2",
  objectCopy: "aws:s3/objectCopy:ObjectCopy",
  slackChannel: "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
  teamsChannel: "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
} as const;

/** An endpoint of a Lambda web function. @pulumi/aws has it since 7.55. */
export const webFunctionEndpoint = "aws:lambdaweb/functionEndpoint:FunctionEndpoint";

/** Types whose property `arn` is that of another resource, which they are about. */
export const arnOfAnother: readonly string[] = [
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:lakeformation/resource:Resource",
  "aws:notifications/channelAssociation:ChannelAssociation",
  "aws:sns/dataProtectionPolicy:DataProtectionPolicy",
  "aws:sns/topicPolicy:TopicPolicy",
];

/** Channels in which people can run AWS commands. */
export const chatChannels: readonly string[] = [types.slackChannel, types.teamsChannel];

/** A reference to another stack, of Pulumi itself. */
export const stackReference = "pulumi:pulumi:StackReference";

/** Type → the property that holds its identity policy. */
export const identityPolicies: Readonly<Record<string, string>> = {
  [types.policy]: "policy",
  [types.rolePolicy]: "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:iam/groupPolicy:GroupPolicy": "policy",
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "inlinePolicy",
};

/** Type → the property that holds its resource policy; dots lead into an object. */
export const resourcePolicies: Readonly<Record<string, string>> = {
  "aws:acmpca/policy:Policy": "policy",
  "aws:amp/resourcePolicy:ResourcePolicy": "policyDocument",
  "aws:apigateway/domainName:DomainName": "policy",
  "aws:apigateway/restApi:RestApi": "policy",
  "aws:apigateway/restApiPolicy:RestApiPolicy": "policy",
  "aws:backup/vaultPolicy:VaultPolicy": "policy",
  "aws:bedrock/agentcoreResourcePolicy:AgentcoreResourcePolicy": "policy",
  "aws:cloudsearch/domainServiceAccessPolicy:DomainServiceAccessPolicy": "accessPolicy",
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": "policy",
  "aws:cloudwatch/logDeliveryDestinationPolicy:LogDeliveryDestinationPolicy":
    "deliveryDestinationPolicy",
  "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy": "accessPolicy",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
  "aws:codeartifact/domainPermissions:DomainPermissions": "policyDocument",
  "aws:codeartifact/repositoryPermissionsPolicy:RepositoryPermissionsPolicy": "policyDocument",
  "aws:codebuild/resourcePolicy:ResourcePolicy": "policy",
  "aws:dsql/clusterPolicy:ClusterPolicy": "policy",
  "aws:dynamodb/resourcePolicy:ResourcePolicy": "policy",
  "aws:ecr/registryPolicy:RegistryPolicy": "policy",
  "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": "repositoryPolicy",
  "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
  "aws:ecrpublic/repositoryPolicy:RepositoryPolicy": "policy",
  "aws:efs/fileSystemPolicy:FileSystemPolicy": "policy",
  [types.elasticsearchDomain]: "accessPolicies",
  "aws:elasticsearch/domainPolicy:DomainPolicy": "accessPolicies",
  "aws:fsx/s3AccessPointAttachment:S3AccessPointAttachment": "s3AccessPoint.policy",
  "aws:glacier/vault:Vault": "accessPolicy",
  "aws:glacier/vaultLock:VaultLock": "policy",
  "aws:glue/resourcePolicy:ResourcePolicy": "policy",
  "aws:kinesis/resourcePolicy:ResourcePolicy": "policy",
  "aws:kms/externalKey:ExternalKey": "policy",
  "aws:kms/key:Key": "policy",
  "aws:kms/keyPolicy:KeyPolicy": "policy",
  "aws:kms/replicaExternalKey:ReplicaExternalKey": "policy",
  "aws:kms/replicaKey:ReplicaKey": "policy",
  [types.lambdaResourcePolicy]: "policy",
  "aws:mediastore/containerPolicy:ContainerPolicy": "policy",
  "aws:msk/clusterPolicy:ClusterPolicy": "policy",
  "aws:networkfirewall/resourcePolicy:ResourcePolicy": "policy",
  "aws:oam/sinkPolicy:SinkPolicy": "policy",
  [types.searchDomain]: "accessPolicies",
  "aws:opensearch/domainPolicy:DomainPolicy": "accessPolicies",
  "aws:opensearchingest/resourcePolicy:ResourcePolicy": "policy",
  "aws:organizations/resourcePolicy:ResourcePolicy": "content",
  "aws:pinpoint/smsvoicev2ResourcePolicy:Smsvoicev2ResourcePolicy": "policy",
  "aws:redshift/resourcePolicy:ResourcePolicy": "policy",
  "aws:redshiftserverless/resourcePolicy:ResourcePolicy": "policy",
  [types.accessPoint]: "policy",
  [types.bucket]: "policy",
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  [types.bucketV2]: "policy",
  "aws:s3/filesFileSystemPolicy:FilesFileSystemPolicy": "policy",
  "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy": "policy",
  "aws:s3control/accessGrantsInstanceResourcePolicy:AccessGrantsInstanceResourcePolicy": "policy",
  "aws:s3control/accessPointPolicy:AccessPointPolicy": "policy",
  "aws:s3control/bucketPolicy:BucketPolicy": "policy",
  "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy": "details.policy",
  "aws:s3control/objectLambdaAccessPointPolicy:ObjectLambdaAccessPointPolicy": "policy",
  "aws:s3tables/tableBucketPolicy:TableBucketPolicy": "resourcePolicy",
  "aws:s3tables/tablePolicy:TablePolicy": "resourcePolicy",
  "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy": "resourcePolicy",
  "aws:schemas/registryPolicy:RegistryPolicy": "policy",
  "aws:secretsmanager/secret:Secret": "policy",
  "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
  "aws:ses/identityPolicy:IdentityPolicy": "policy",
  "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy": "policy",
  "aws:sns/topic:Topic": "policy",
  "aws:sns/topicPolicy:TopicPolicy": "policy",
  "aws:sqs/queue:Queue": "policy",
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
  "aws:vpclattice/authPolicy:AuthPolicy": "policy",
  "aws:vpclattice/resourcePolicy:ResourcePolicy": "policy",
  "aws:xray/resourcePolicy:ResourcePolicy": "policyDocument",
};

/** Type → the property that holds a policy for devices, which no identity of IAM has. */
export const devicePolicies: Readonly<Record<string, string>> = {
  "aws:iot/policy:Policy": "policy",
};

/**
 * Type → the properties with policies that only limit what other policies allow: of endpoints, of
 * sessions, and of the accounts of an organization. `*` is usual there, and grants nothing.
 */
export const limitingPolicies: Readonly<Record<string, readonly string[]>> = {
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["policy"],
  "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": ["policy"],
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": ["policy"],
  "aws:odb/network:Network": ["kmsPolicyDocument", "s3PolicyDocument", "stsPolicyDocument"],
  [types.organizationPolicy]: ["content"],
  "aws:rolesanywhere/profile:Profile": ["sessionPolicy"],
  "aws:transfer/access:Access": ["policy"],
  "aws:transfer/user:User": ["policy"],
};

/**
 * Policies of an organization with IAM's grammar. The others have their own.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html
 */
export const authorizationPolicies: readonly string[] = [
  "SERVICE_CONTROL_POLICY",
  "RESOURCE_CONTROL_POLICY",
];

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
  "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive":
    "managedPolicyArns",
};

/** Type → the property with the asset or the archive that may be a function's code, or a layer's. */
export const codeAssets: Readonly<Record<string, string>> = {
  [types.function]: "code",
  [types.layerVersion]: "code",
  [types.bucketObject]: "source",
  [types.bucketObjectV2]: "source",
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

/**
 * AWS managed policies that findings treat differently, by their names after `policy/`.
 *
 * Refresh: compare the lists with AWS's pages, and test/aws-managed-policy.spec.ts with @pulumi/aws.
 */

/** Policies for everything, or for all of a service, by the last part of their names. */
export const fullAccess = /^(AdministratorAccess.*|PowerUserAccess|\w*FullAccess\w*)$/;

/** The path of the policies that AWS provides for the role of a service. Its guides attach them, and so do components. */
export const serviceRolePath = "service-role/";

/**
 * Policies with that path that allow all of a service, the data of others, or the roles of others, whatever a
 * program needs. Those with FullAccess in their names need no entry.
 *
 * Source: their contents in the Python package moto 5.2.1 (Apache-2.0), which has AWS's responses.
 * Refresh: search a newer version for Allow statements on `*` without a condition, of `SERVICE:*`,
 * `iam:PassRole`, `lambda:InvokeFunction`, objects of S3 or items of DynamoDB.
 */
export const wideServiceRolePolicies: readonly string[] = [
  "service-role/AWSCodeStarServiceRole",
  "service-role/AWSDeepLensServiceRolePolicy",
  "service-role/AWSDeepRacerServiceRolePolicy",
  "service-role/AWSElasticBeanstalkService",
  "service-role/AWSGlueServiceRole",
  "service-role/AWSGreengrassResourceAccessRolePolicy",
  "service-role/AWSIoTRuleActions",
  "service-role/AWSLambdaRole",
  "service-role/AWSPanoramaGreengrassGroupRolePolicy",
  "service-role/AWSShieldDRTAccessPolicy",
  "service-role/AmazonEC2RoleforAWSCodeDeploy",
  "service-role/AmazonEC2RoleforDataPipelineRole",
  "service-role/AmazonEC2RoleforSSM",
  "service-role/AmazonElasticMapReduceRole",
  "service-role/AmazonElasticMapReduceforEC2Role",
  "service-role/AmazonElasticTranscoderRole",
  "service-role/AmazonMacieServiceRole",
  "service-role/AmazonSSMAutomationRole",
  "service-role/AmazonSSMMaintenanceWindowRole",
  "service-role/SageMakerStudioProjectProvisioningRolePolicy",
];

/**
 * Policies for the role of a service that do not have that path.
 *
 * Sources:
 * - https://docs.aws.amazon.com/eks/latest/userguide/security-iam-awsmanpol.html
 * - https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
 * - https://docs.aws.amazon.com/AmazonECR/latest/userguide/security-iam-awsmanpol.html
 * - https://docs.aws.amazon.com/xray/latest/devguide/security_iam_id-based-policy-examples.html
 * - https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
 * - https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/create-iam-roles-for-cloudwatch-agent.html
 * - https://docs.aws.amazon.com/gamelift/latest/fleetiqguide/gsg-iam-permissions-roles.html
 */
export const servicePolicies: readonly string[] = [
  "AWSXRayDaemonWriteAccess",
  "AmazonEKSClusterPolicy",
  "AmazonEKSServicePolicy",
  "AmazonEKSVPCResourceController",
  "AmazonEKSFargatePodExecutionRolePolicy",
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKSWorkerNodeMinimalPolicy",
  "AmazonEKS_CNI_Policy",
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSComputePolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingPolicy",
  "AmazonEC2ContainerRegistryReadOnly",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonSSMManagedInstanceCore",
  "CloudWatchAgentServerPolicy",
  "GameLiftGameServerGroupPolicy",
];

/**
 * What CallbackFunction attaches if a program sets neither `role` nor `policies`.
 *
 * Source: lambda/lambdaMixins.js of @pulumi/aws.
 */
export const callbackFunctionPolicies: readonly string[] = [
  "AWSLambda_FullAccess",
  "CloudWatchFullAccessV2",
  "CloudWatchEventsFullAccess",
  "AmazonS3FullAccess",
  "AmazonDynamoDBFullAccess",
  "AmazonSQSFullAccess",
  "AmazonKinesisFullAccess",
  "AmazonCognitoPowerUser",
  "AWSXrayWriteOnlyAccess",
];

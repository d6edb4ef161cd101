/**
 * AWS managed policies that findings treat differently, by their names after `policy/`.
 *
 * Refresh: compare the lists with AWS's pages, and test/aws-managed-policy.spec.ts with @pulumi/aws.
 */

/**
 * Policies that AWS provides for the role of one service. Its guides attach them, and so do components.
 *
 * Sources:
 * - https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html
 * - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-awsmanpol.html
 * - https://docs.aws.amazon.com/eks/latest/userguide/security-iam-awsmanpol.html
 * - https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
 * - https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
 * - https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 * - https://docs.aws.amazon.com/xray/latest/devguide/security_iam_id-based-policy-examples.html
 */
export const servicePolicies: readonly string[] = [
  "service-role/AWSLambdaBasicExecutionRole",
  "service-role/AWSLambdaDynamoDBExecutionRole",
  "service-role/AWSLambdaKinesisExecutionRole",
  "service-role/AWSLambdaMSKExecutionRole",
  "service-role/AWSLambdaSQSQueueExecutionRole",
  "service-role/AWSLambdaVPCAccessExecutionRole",
  "AWSXRayDaemonWriteAccess",
  "service-role/AmazonECSTaskExecutionRolePolicy",
  "service-role/AmazonEC2ContainerServiceforEC2Role",
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
  "service-role/AmazonEBSCSIDriverPolicy",
  "service-role/AmazonEFSCSIDriverPolicy",
  "AmazonEC2ContainerRegistryReadOnly",
  "AmazonEC2ContainerRegistryPullOnly",
  "service-role/AmazonRDSEnhancedMonitoringRole",
  "service-role/AmazonAPIGatewayPushToCloudWatchLogs",
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

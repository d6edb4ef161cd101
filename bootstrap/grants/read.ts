import type { Grant } from "../../infra/grants.ts";
import type { Names } from "../names.ts";

/** What a refresh of the program's resources reads, and a preview asks for. */
export function readGrants(names: Names): Grant[] {
  return [
    {
      sid: "ReadRole",
      actions: [
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
      ],
      resources: [names.role],
    },
    {
      sid: "ReadFunction",
      actions: [
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionConfiguration",
        "lambda:GetFunctionEventInvokeConfig",
        "lambda:GetFunctionUrlConfig",
        "lambda:GetPolicy",
        "lambda:ListVersionsByFunction",
      ],
      resources: [names.function],
    },
    {
      sid: "ReadTakingOfChecks",
      actions: ["lambda:GetEventSourceMapping"],
      resources: [names.eventSourceMappings],
      conditions: ofFunction(names),
    },
    {
      sid: "ReadTopic",
      // IAM sees a subscription by an ARN that begins with its topic's.
      actions: [
        "sns:GetSubscriptionAttributes",
        "sns:GetTopicAttributes",
        "sns:ListTagsForResource",
      ],
      resources: [names.topics],
    },
    {
      sid: "ReadQueues",
      actions: ["sqs:GetQueueAttributes", "sqs:ListQueueTags"],
      resources: [names.queues],
    },
    {
      sid: "ReadTable",
      actions: [
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeTable",
        "dynamodb:DescribeTimeToLive",
        "dynamodb:ListTagsOfResource",
      ],
      resources: [names.tables],
    },
    {
      sid: "ReadAlarms",
      actions: ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
      resources: [names.alarms],
    },
    {
      sid: "ReadLogGroup",
      actions: ["logs:ListTagsForResource"],
      resources: [names.logGroup],
    },
    { sid: "ListLogGroups", actions: ["logs:DescribeLogGroups"], resources: ["*"] },
    {
      // EC2 has no resources for what only describes:
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
      sid: "LookAtInstances",
      actions: [
        "ec2:DescribeImages",
        "ec2:DescribeInstanceCreditSpecifications",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInstances",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
        "ec2:DescribeVolumes",
        "ec2:DescribeVpcs",
      ],
      resources: ["*"],
    },
    {
      sid: "LookAtInstance",
      actions: ["ec2:DescribeInstanceAttribute"],
      ...theInstance(names),
    },
    { sid: "FindImage", actions: ["ssm:GetParameter"], resources: [names.amiParameter] },
  ];
}

/** The one that exists already, or the one that has the stack's tags. */
export function theInstance(names: Names): Pick<Grant, "resources" | "conditions"> {
  return names.existingInstance
    ? { resources: [names.existingInstance] }
    : { resources: [names.ec2("instance/*")], conditions: names.ofStack("aws:ResourceTag") };
}

/** Event source mappings have ids that only AWS knows; their function says whose they are. */
export function ofFunction(names: Names): Grant["conditions"] {
  return { ArnEquals: { "lambda:FunctionArn": names.function } };
}

import type { Grant } from "../../../infra/grants.ts";
import type { Names } from "../names.ts";
import type { Option } from "../options.ts";
import { theInstances } from "./instances.ts";

/**
 * What a refresh of the program's resources reads, and a preview asks for. Whatever can have tags is
 * asked for them, though nobody gave it any:
 * https://github.com/hashicorp/terraform-provider-aws/blob/4640a66635ff36287cdb9ce0683daefda6c188c7/internal/provider/sdkv2/tags_interceptor.go
 */
export function readGrants(names: Names): Grant[] {
  return [
    {
      sid: "ReadRole",
      actions: ofRole,
      resources: [names.role],
    },
    {
      sid: "ReadFunction",
      actions: [
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionEventInvokeConfig",
        "lambda:GetFunctionUrlConfig",
        "lambda:GetPolicy",
        "lambda:ListVersionsByFunction",
      ],
      resources: [names.function],
    },
    {
      // The provider reads a mapping until it is gone, and Lambda authorizes the read of one that is gone on "*",
      // without lambda:FunctionArn: nobody can say any more whose it was.
      sid: "ReadTakingOfChecks",
      actions: ["lambda:GetEventSourceMapping"],
      resources: ["*"],
    },
    {
      // IAM has no condition key for a mapping's function with this action. Neither account nor
      // region, so that the waiver in pipeline/bootstrap/policy-waivers.json fits wherever it is deployed.
      sid: "ReadTagsOfTakingOfChecks",
      actions: ["lambda:ListTags"],
      resources: [names.anyEventSourceMapping],
    },
    {
      sid: "ReadTopic",
      // IAM sees a subscription by an ARN that begins with its topic's.
      actions: [
        "sns:GetSubscriptionAttributes",
        "sns:GetTopicAttributes",
        "sns:ListTagsForResource",
      ],
      resources: [...names.topics, ...names.subscriptions],
    },
    {
      sid: "ReadQueues",
      actions: ["sqs:GetQueueAttributes", "sqs:ListQueueTags"],
      resources: names.queues,
    },
    {
      sid: "ReadTable",
      actions: [
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeTable",
        "dynamodb:DescribeTimeToLive",
        "dynamodb:ListTagsOfResource",
      ],
      resources: names.tables,
    },
    {
      sid: "ReadAlarms",
      actions: ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
      resources: names.alarms,
    },
    { sid: "ListLogGroups", actions: ["logs:DescribeLogGroups"], resources: ["*"] },
    {
      // EC2 has no resources for what only describes:
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
      sid: "LookAtInstances",
      actions: [
        "ec2:DescribeInstanceCreditSpecifications",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
        "ec2:DescribeVolumes",
        "ec2:DescribeVpcs",
      ],
      resources: ["*"],
    },
    // Instances of a group are only described together.
    ...(names.existingInstances.length > 1
      ? []
      : [
          {
            sid: "LookAtInstance",
            actions: ["ec2:DescribeInstanceAttribute"],
            ...theInstances(names),
          },
        ]),
    {
      sid: "ReadTagsOfLogGroup",
      actions: ["logs:ListTagsForResource"],
      resources: [names.logGroup],
    },
    { sid: "FindImage", actions: ["ssm:GetParameter"], resources: [names.amiParameter] },
  ];
}

/** Event source mappings have ids that only AWS knows; their function says whose they are. */
export function ofFunction(names: Names): Grant["conditions"] {
  return { ArnEquals: { "lambda:FunctionArn": names.function } };
}

/** What a preview reads besides, with these options. */
export function readOptionsGrants(options: readonly Option[]): Grant[] {
  const roles = options.flatMap(({ role }) => role?.arn ?? []);
  return [
    ...(roles.length > 0 ? [{ sid: "ReadRoles", actions: ofRole, resources: roles }] : []),
    ...options.flatMap(({ read }) => read),
  ];
}

const ofRole = [
  "iam:GetRole",
  "iam:GetRolePolicy",
  "iam:ListAttachedRolePolicies",
  "iam:ListRolePolicies",
];

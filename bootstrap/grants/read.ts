import type { Grant } from "../../infra/grants.ts";
import type { Names } from "../names.ts";
import { providerReadGrants } from "./provider.ts";

/** What a refresh of the program's resources reads, and a preview asks for. */
export function readGrants(names: Names): Grant[] {
  return [
    {
      sid: "ReadRole",
      actions: ["iam:GetRole", "iam:GetRolePolicy"],
      resources: [names.role],
    },
    {
      sid: "ReadFunction",
      actions: [
        "lambda:GetFunction",
        "lambda:GetFunctionEventInvokeConfig",
        "lambda:GetFunctionUrlConfig",
        "lambda:GetPolicy",
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
      // IAM has no condition key for a mapping's function with this action. Neither account nor
      // region, so that the waiver in bootstrap/policy-waivers.json fits wherever it is deployed.
      sid: "ReadTagsOfTakingOfChecks",
      actions: ["lambda:ListTags"],
      resources: [names.anyEventSourceMapping],
    },
    {
      sid: "ReadTopic",
      // IAM sees a subscription by an ARN that begins with its topic's.
      actions: ["sns:GetSubscriptionAttributes", "sns:GetTopicAttributes"],
      resources: [names.topics],
    },
    {
      sid: "ReadQueues",
      actions: ["sqs:GetQueueAttributes"],
      resources: [names.queues],
    },
    {
      sid: "ReadTable",
      actions: ["dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive"],
      resources: [names.tables],
    },
    {
      sid: "ReadAlarms",
      actions: ["cloudwatch:DescribeAlarms"],
      resources: [names.alarms],
    },
    { sid: "ListLogGroups", actions: ["logs:DescribeLogGroups"], resources: ["*"] },
    {
      // EC2 has no resources for what only describes:
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
      sid: "LookAtInstances",
      actions: ["ec2:DescribeInstances", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets"],
      resources: ["*"],
    },
    { sid: "FindImage", actions: ["ssm:GetParameter"], resources: [names.amiParameter] },
    ...providerReadGrants(names),
  ];
}

/** Event source mappings have ids that only AWS knows; their function says whose they are. */
export function ofFunction(names: Names): Grant["conditions"] {
  return { ArnEquals: { "lambda:FunctionArn": names.function } };
}

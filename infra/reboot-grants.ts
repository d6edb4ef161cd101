import * as pulumi from "@pulumi/pulumi";
import { evidenceFolder } from "../handler/evidence.ts";
import type { Grant } from "./grants.ts";

/** The ARNs of every resource that the reboot function uses. */
export interface UsedArns {
  /** One or more. */
  readonly instances: readonly pulumi.Input<string>[];
  readonly topic: pulumi.Input<string>;
  readonly logGroup: pulumi.Input<string>;
  readonly table: pulumi.Input<string>;
  readonly checkQueue: pulumi.Input<string>;
  readonly deadLetterQueue: pulumi.Input<string>;
  /** The bucket for evidence; none is captured if absent. */
  readonly evidenceBucket?: pulumi.Input<string>;
  /** Whether the function asks a load balancer for the health of its targets. */
  readonly targetGroup?: boolean;
}

/**
 * All permissions of the function: those that the AWS calls of handler/ need, one statement per resource, and
 * those that Lambda needs to poll the queue and to keep failed invocations.
 */
export function rebootGrants(arns: UsedArns): Grant[] {
  return [
    {
      // No condition on dynamodb:LeadingKeys: the table has the items of these instances only.
      sid: "ClaimReboots",
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      resources: [arns.table],
    },
    {
      sid: "DescribeInstances",
      actions: ["ec2:DescribeInstanceStatus"],
      // EC2 supports no resource for it:
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
      resources: ["*"],
    },
    ...instanceGrants(arns),
    { sid: "PublishNotifications", actions: ["sns:Publish"], resources: [arns.topic] },
    { sid: "ScheduleChecks", actions: ["sqs:SendMessage"], resources: [arns.checkQueue] },
    {
      // Lambda polls the queue with the function's role:
      // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      sid: "ReceiveChecks",
      actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
      resources: [arns.checkQueue],
    },
    {
      // Lambda sends failed asynchronous invocations there with the function's role:
      // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
      sid: "KeepFailedInvocations",
      actions: ["sqs:SendMessage"],
      resources: [arns.deadLetterQueue],
    },
    {
      sid: "WriteLogs",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`${arns.logGroup}:*`],
    },
    ...consoleGrants(arns),
    ...(arns.evidenceBucket === undefined
      ? []
      : [
          {
            sid: "StoreEvidence",
            actions: ["s3:PutObject"],
            resources: [pulumi.interpolate`${arns.evidenceBucket}/${evidenceFolder}*`],
          },
        ]),
    ...(arns.targetGroup
      ? [
          {
            sid: "CheckTargets",
            actions: ["elasticloadbalancing:DescribeTargetHealth"],
            // Elastic Load Balancing supports no resource for it:
            // https://docs.aws.amazon.com/service-authorization/latest/reference/list_elasticloadbalancingv2.html
            resources: ["*"],
          },
        ]
      : []),
  ];
}

const consoleActions = ["ec2:GetConsoleOutput", "ec2:GetConsoleScreenshot"];

/** With evidence, a group has the calls of the console here too: 50 ARNs fit into a policy once, not twice. */
function instanceGrants({ instances, evidenceBucket }: UsedArns): Grant[] {
  const grant = {
    sid: "RebootTheInstance",
    actions: ["ec2:RebootInstances"],
    resources: instances,
  };
  if (!isGroup(instances) || evidenceBucket === undefined) return [grant];
  return [{ ...grant, actions: [...consoleActions, ...grant.actions] }];
}

/** What capturing the console output and a screenshot of one instance needs. */
function consoleGrants({ instances, evidenceBucket }: UsedArns): Grant[] {
  if (isGroup(instances) || evidenceBucket === undefined) return [];
  return [{ sid: "CaptureConsole", actions: consoleActions, resources: instances }];
}

const isGroup = (instances: UsedArns["instances"]) => instances.length > 1;

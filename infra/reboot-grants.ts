import * as pulumi from "@pulumi/pulumi";
import { evidenceFolder } from "../handler/evidence.ts";
import type { Grant } from "./grants.ts";

/** The ARNs of every resource that the reboot function uses. */
export interface UsedArns {
  readonly instance: pulumi.Input<string>;
  readonly topic: pulumi.Input<string>;
  readonly logGroup: pulumi.Input<string>;
  readonly table: pulumi.Input<string>;
  readonly checkQueue: pulumi.Input<string>;
  readonly deadLetterQueue: pulumi.Input<string>;
  /** The bucket for evidence; none is captured if absent. */
  readonly evidenceBucket?: pulumi.Input<string>;
}

/**
 * All permissions of the function: those that the AWS calls of handler/ need, one statement per resource, and
 * those that Lambda needs to poll the queue and to keep failed invocations.
 */
export function rebootGrants(arns: UsedArns): Grant[] {
  return [
    {
      // No condition on dynamodb:LeadingKeys: the table has the items of this instance only.
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
    { sid: "RebootTheInstance", actions: ["ec2:RebootInstances"], resources: [arns.instance] },
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
    ...(arns.evidenceBucket === undefined
      ? []
      : evidenceGrants(arns.instance, arns.evidenceBucket)),
  ];
}

/** What capturing the console output and a screenshot needs: one instance, and one prefix of one bucket. */
function evidenceGrants(instance: pulumi.Input<string>, bucket: pulumi.Input<string>): Grant[] {
  return [
    {
      sid: "CaptureConsole",
      actions: ["ec2:GetConsoleOutput", "ec2:GetConsoleScreenshot"],
      resources: [instance],
    },
    {
      sid: "StoreEvidence",
      actions: ["s3:PutObject"],
      resources: [pulumi.interpolate`${bucket}/${evidenceFolder}*`],
    },
  ];
}

import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./grants.ts";

/** The ARNs of everything that the reboot function touches. */
export interface TouchedArns {
  readonly instance: pulumi.Input<string>;
  readonly topic: pulumi.Input<string>;
  readonly logGroup: pulumi.Input<string>;
  readonly table: pulumi.Input<string>;
  readonly checkQueue: pulumi.Input<string>;
  readonly deadLetters: pulumi.Input<string>;
}

/**
 * All that the function may do: a statement for each resource that the AWS calls of handler/ name,
 * and for what its configuration has Lambda do with its role.
 */
export function rebootGrants(arns: TouchedArns): Grant[] {
  return [
    {
      // No condition on dynamodb:LeadingKeys: the table has this instance's items and no others.
      sid: "ClaimReboots",
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      resources: [arns.table],
    },
    {
      sid: "LookAtInstances",
      actions: ["ec2:DescribeInstanceStatus"],
      // EC2 has no resource for it:
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
      resources: ["*"],
    },
    { sid: "RebootTheInstance", actions: ["ec2:RebootInstances"], resources: [arns.instance] },
    { sid: "TellPeople", actions: ["sns:Publish"], resources: [arns.topic] },
    { sid: "CheckLater", actions: ["sqs:SendMessage"], resources: [arns.checkQueue] },
    {
      // Lambda polls the queue with the function's role:
      // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      sid: "ReceiveChecks",
      actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
      resources: [arns.checkQueue],
    },
    {
      // Lambda puts failed asynchronous calls there, with the function's role:
      // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
      sid: "KeepFailedCalls",
      actions: ["sqs:SendMessage"],
      resources: [arns.deadLetters],
    },
    {
      sid: "WriteOwnLog",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`${arns.logGroup}:*`],
    },
  ];
}

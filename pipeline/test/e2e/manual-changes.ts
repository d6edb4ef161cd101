import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { AwsTarget } from "../../../sandbox/aws/provider/aws-target.ts";
import { ofFunction } from "./manual-changes/function.ts";
import type { ManualChange } from "./manual-changes/manual-change.ts";
import { ofMonitoring } from "./manual-changes/monitoring.ts";
import { ofQueues } from "./manual-changes/queues.ts";
import { ofRole } from "./manual-changes/role.ts";
import { ofServer } from "./manual-changes/server.ts";
import { ofTable } from "./manual-changes/table.ts";
import { ofTopic } from "./manual-changes/topic.ts";

/** True if a refresh says that a resource has changed, or is gone. */
export function reports(output: string, [type, name]: ManualChange["resource"]): boolean {
  return new RegExp(` ${type} +${name}\\S* +(update|delete) `).test(output);
}

/** Every manual change that `up` with refresh puts back, applied as root to a deployed stack. */
export function manualChanges(target: AwsTarget): ManualChange[] {
  return [
    ...ofQueues(new SQSClient(target)),
    ...ofFunction(new LambdaClient(target)),
    ...ofTable(new DynamoDBClient(target)),
    ...ofRole(new IAMClient(target), "reboot-role"),
    ...ofTopic(new SNSClient(target)),
    ...ofMonitoring(new CloudWatchClient(target), new CloudWatchLogsClient(target)),
    ...ofServer(target),
  ];
}

import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  type CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { found, functionName, type ManualChange } from "./manual-change.ts";

/** Changes of the alarms and the log group. */
export function ofMonitoring(
  cloudwatch: CloudWatchClient,
  logs: CloudWatchLogsClient,
): ManualChange[] {
  const alarm = async (name: string) => {
    const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({}));
    return found(MetricAlarms.find((it) => it.AlarmName?.includes(name)));
  };
  const logGroupName = `/aws/lambda/${functionName}`;
  return [
    {
      title: "an alarm's actions disabled",
      resource: ["aws:cloudwatch:MetricAlarm", "alarms-errors"],
      change: async () => {
        const { AlarmName = "" } = await alarm("alarms-errors");
        return cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [AlarmName] }));
      },
      read: async () => (await alarm("alarms-errors")).ActionsEnabled,
    },
    {
      title: "an alarm's threshold",
      resource: ["aws:cloudwatch:MetricAlarm", "alarms-throttles"],
      change: async () => {
        const found = await alarm("alarms-throttles");
        const change = { ...found, Threshold: 1_000 };
        return cloudwatch.send(new PutMetricAlarmCommand(change as never));
      },
      read: async () => (await alarm("alarms-throttles")).Threshold,
    },
    {
      title: "the log's retention",
      resource: ["aws:cloudwatch:LogGroup", "reboot-log"],
      change: () => logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 })),
      read: async () => {
        const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName });
        return (await logs.send(command)).logGroups?.[0]?.retentionInDays;
      },
    },
  ];
}

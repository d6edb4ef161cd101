import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type MetricName, metricNamespace } from "../handler/metrics.ts";
import type { GroupSettings } from "./group-settings.ts";
import { runbookSection } from "./runbook.ts";

export interface FunctionAlarmsArgs {
  readonly functionName: pulumi.Input<string>;
  /** The queue that delivers follow-up checks to the function. */
  readonly checkQueueName: pulumi.Input<string>;
  /** The queue of messages that the function could not handle. */
  readonly deadLetterQueueName: pulumi.Input<string>;
  /** The queue of events that did not reach a target; none without targets. */
  readonly eventDeadLetterQueueName?: pulumi.Input<string>;
  /** Absent if the stack has one instance. */
  readonly group?: Pick<GroupSettings, "maxAffectedPercent">;
  /** Notified when an alarm begins and when it ends. */
  readonly topicArn: pulumi.Input<string>;
}

interface Alarm {
  readonly name: string;
  readonly description: string;
  readonly metric: { readonly namespace: string; readonly metricName: string };
  readonly dimensions: Record<string, pulumi.Input<string>>;
  readonly statistic: "Sum" | "Maximum" | "Minimum";
  /** The alarm fires at this value or more in a period. */
  readonly threshold: number;
  readonly periodSeconds: number;
  /** Consecutive periods before the alarm fires; 1 if absent. */
  readonly periods?: number;
}

/**
 * Alarms for the automation, which cannot report its own failure. They notify the same topic without the
 * function. The function's custom metrics are extracted from its log, which Lambda writes with the
 * function's role.
 */
export class FunctionAlarms extends pulumi.ComponentResource {
  public readonly arns: readonly pulumi.Output<string>[];

  constructor(name: string, args: FunctionAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:FunctionAlarms", name, args, opts);
    this.arns = alarmsOf(args).map((alarm) => {
      const { arn } = new aws.cloudwatch.MetricAlarm(
        `${name}-${alarm.name}`,
        {
          alarmDescription: `${alarm.description} Runbook: ${runbookSection(`Alarm: ${alarm.name}`).text}`,
          ...alarm.metric,
          dimensions: alarm.dimensions,
          statistic: alarm.statistic,
          period: alarm.periodSeconds,
          evaluationPeriods: alarm.periods ?? 1,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          threshold: alarm.threshold,
          // There is no data without calls, which is the usual state.
          treatMissingData: "notBreaching",
          alarmActions: [args.topicArn],
          // Chat and pager integrations close the incident that they opened. The cost: one "OK" e-mail per
          // alarm soon after its creation, when it leaves INSUFFICIENT_DATA.
          okActions: [args.topicArn],
        },
        { parent: this },
      );
      return arn;
    });
    this.registerOutputs();
  }
}

function alarmsOf({
  functionName,
  checkQueueName,
  deadLetterQueueName,
  eventDeadLetterQueueName,
  group,
}: FunctionAlarmsArgs): Alarm[] {
  const custom = (metricName: MetricName) => ({ namespace: metricNamespace, metricName });
  const ofLambda = (metricName: string) => ({ namespace: "AWS/Lambda", metricName });
  const visibleMessages = {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
  };
  // A group's alerts are decided by messages of the check queue, and its shared causes are reported by them.
  const inGroup = (text: string) => (group === undefined ? "" : ` ${text}`);
  const once = {
    dimensions: { FunctionName: functionName },
    statistic: "Sum",
    threshold: 1,
    periodSeconds: 300,
  } as const;
  return [
    {
      name: "errors",
      description: "The reboot function failed. See its log.",
      metric: ofLambda("Errors"),
      ...once,
    },
    {
      name: "throttles",
      description: "Lambda throttled the reboot function. Alerts may be lost.",
      metric: ofLambda("Throttles"),
      ...once,
    },
    {
      name: "dead-letters",
      description:
        "The reboot function could not handle a message. The result of a reboot or of quiet hours may not have been reported." +
        inGroup(
          "Alerts may be neither decided nor rebooted, and a shared cause may not have been reported.",
        ),
      metric: visibleMessages,
      dimensions: { QueueName: deadLetterQueueName },
      statistic: "Maximum",
      threshold: 1,
      periodSeconds: 60,
    },
    {
      // Delayed messages and those that the function is handling are not counted.
      name: "stuck-checks",
      description:
        "Follow-up checks are not being processed. Results of reboots and of quiet hours will not be reported." +
        inGroup(
          "Alerts may be neither decided nor rebooted, and a shared cause may not be reported.",
        ),
      metric: visibleMessages,
      dimensions: { QueueName: checkQueueName },
      statistic: "Minimum",
      threshold: 1,
      periodSeconds: 300,
      periods: 3,
    },
    {
      name: "refused-alerts",
      description:
        "The reboot function refused an alert because of its token or body. Run pulumi up.",
      metric: custom("AlertRefused"),
      ...once,
    },
    {
      name: "flood",
      description:
        "Many unauthorized requests to the function URL. Nothing is rebooted, but alerts may be throttled.",
      metric: custom("UnauthenticatedRequest"),
      ...once,
      threshold: 100,
    },
    {
      name: "notification-failed",
      description: "The reboot function could not send a notification. See its log.",
      metric: custom("NotificationFailed"),
      ...once,
    },
    {
      name: "not-recovered",
      description: "A reboot did not help or was never confirmed. Check the instance.",
      metric: custom("NotRecovered"),
      ...once,
    },
    {
      name: "recovery-unconfirmed",
      description:
        "An alert resolved, but no request has succeeded since the reboot. Check that the API responds.",
      metric: custom("RecoveryUnconfirmed"),
      ...once,
    },
    ...(group === undefined
      ? []
      : [
          {
            name: "shared-cause",
            description: `More than ${group.maxAffectedPercent} % of the instances are slow at once, which looks like a shared cause. No alert reboots an instance.`,
            metric: custom("SharedCause"),
            ...once,
          },
        ]),
    ...(eventDeadLetterQueueName === undefined
      ? []
      : [
          {
            name: "lost-events",
            description:
              "An event did not reach a chat, a pager or an event bus. E-mails and reboots are not affected.",
            metric: visibleMessages,
            dimensions: { QueueName: eventDeadLetterQueueName },
            statistic: "Maximum",
            threshold: 1,
            periodSeconds: 60,
          } as const,
        ]),
  ];
}

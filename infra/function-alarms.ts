import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type MetricName, metricNamespace } from "../handler/metrics.ts";

export interface FunctionAlarmsArgs {
  readonly functionName: pulumi.Input<string>;
  /** The queue that brings incidents back to the function. */
  readonly checksName: pulumi.Input<string>;
  /** The queue of what the function could not handle. */
  readonly deadLettersName: pulumi.Input<string>;
  /** Notified when an alarm begins and when it ends. */
  readonly topicArn: pulumi.Input<string>;
}

interface Alarm {
  readonly name: string;
  readonly description: string;
  readonly metric: { readonly namespace: string; readonly metricName: string };
  readonly dimensions: Record<string, pulumi.Input<string>>;
  readonly statistic: "Sum" | "Maximum" | "Minimum";
  /** The alarm begins at this many (not strict) in a period. */
  readonly threshold: number;
  readonly periodSeconds: number;
  /** In so many periods, one after the other; 1 where it is not given. */
  readonly periods?: number;
}

/**
 * Alarms for the automation itself, which cannot tell when it breaks. They use the topic that
 * people have subscribed to, but not the function. The metrics that the function writes itself come by
 * its log, which Lambda writes with the function's role.
 */
export class FunctionAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: FunctionAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:FunctionAlarms", name, args, opts);
    for (const alarm of alarmsOf(args)) {
      new aws.cloudwatch.MetricAlarm(
        `${name}-${alarm.name}`,
        {
          alarmDescription: alarm.description,
          ...alarm.metric,
          dimensions: alarm.dimensions,
          statistic: alarm.statistic,
          period: alarm.periodSeconds,
          evaluationPeriods: alarm.periods ?? 1,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          threshold: alarm.threshold,
          // No call, no figure: that is the usual state.
          treatMissingData: "notBreaching",
          alarmActions: [args.topicArn],
          // Chat and pager integrations close what they opened. The price: one "OK" e-mail when an alarm
          // leaves INSUFFICIENT_DATA, soon after its creation.
          okActions: [args.topicArn],
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

function alarmsOf({ functionName, checksName, deadLettersName }: FunctionAlarmsArgs): Alarm[] {
  const own = (metricName: MetricName) => ({ namespace: metricNamespace, metricName });
  const ofLambda = (metricName: string) => ({ namespace: "AWS/Lambda", metricName });
  const waiting = { namespace: "AWS/SQS", metricName: "ApproximateNumberOfMessagesVisible" };
  const once = {
    dimensions: { FunctionName: functionName },
    statistic: "Sum",
    threshold: 1,
    periodSeconds: 300,
  } as const;
  return [
    {
      name: "errors",
      description: "The reboot function failed: look into its log.",
      metric: ofLambda("Errors"),
      ...once,
    },
    {
      name: "throttles",
      description: "Lambda refused to run the reboot function: alerts may be lost.",
      metric: ofLambda("Throttles"),
      ...once,
    },
    {
      name: "dead-letters",
      description:
        "The reboot function could not handle a message: the end of a reboot may be untold.",
      metric: waiting,
      dimensions: { QueueName: deadLettersName },
      statistic: "Maximum",
      threshold: 1,
      periodSeconds: 60,
    },
    {
      // Neither delayed messages nor those that the function has just now are in this figure.
      name: "stuck-checks",
      description: "Nobody takes the checks: the end of a reboot will be untold.",
      metric: waiting,
      dimensions: { QueueName: checksName },
      statistic: "Minimum",
      threshold: 1,
      periodSeconds: 300,
      periods: 3,
    },
    {
      name: "refused-alerts",
      description:
        "An alert was refused: its token or body is not the one that the function expects. Run pulumi up.",
      metric: own("AlertRefused"),
      ...once,
    },
    {
      name: "flood",
      description:
        "Strangers call the function's URL. Nothing is rebooted, but alerts may be throttled.",
      metric: own("StrangerRefused"),
      ...once,
      threshold: 100,
    },
    {
      name: "not-told",
      description: "The reboot function could not send an e-mail: look into its log.",
      metric: own("NotTold"),
      ...once,
    },
    {
      name: "not-recovered",
      description: "A reboot did not help, or was never confirmed: look at the instance.",
      metric: own("NotRecovered"),
      ...once,
    },
    {
      name: "recovery-unconfirmed",
      description:
        "An alert resolved, but no successful request came since the reboot: check that the API responds.",
      metric: own("RecoveryUnconfirmed"),
      ...once,
    },
  ];
}

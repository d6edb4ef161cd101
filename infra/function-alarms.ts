import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface FunctionAlarmsArgs {
  readonly functionName: pulumi.Input<string>;
  /** Told when an alarm begins. */
  readonly topicArn: pulumi.Input<string>;
}

/** The function's metrics of which one in five minutes is one too many, and what that means. */
const metrics = {
  Errors: "The reboot function failed: look into its log.",
  Throttles: "Lambda refused to run the reboot function: alerts may be lost.",
};

/**
 * Alarms for the automation itself, which cannot tell when it breaks. They use the topic that
 * people have subscribed to, but neither the function nor its role.
 */
export class FunctionAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: FunctionAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:FunctionAlarms", name, args, opts);
    for (const [metricName, alarmDescription] of Object.entries(metrics)) {
      new aws.cloudwatch.MetricAlarm(
        `${name}-${metricName.toLowerCase()}`,
        {
          alarmDescription,
          namespace: "AWS/Lambda",
          metricName,
          dimensions: { FunctionName: args.functionName },
          statistic: "Sum",
          period: 300,
          evaluationPeriods: 1,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          threshold: 1,
          // No call, no figure: that is the usual state.
          treatMissingData: "notBreaching",
          alarmActions: [args.topicArn],
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

import type { HandlerOptions } from "./options.ts";

/** The namespace of the function's own metrics in CloudWatch. */
export const metricNamespace = "RebootAutomation";

/** What the function counts, each for the alarm of infra/function-alarms.ts on it. */
export type MetricName =
  /**
   * A webhook that Sumo Logic seems to have sent was refused: it names this instance, but has a wrong
   * token; or it has a valid token, but not the expected body. Without an alarm the alert is lost silently.
   */
  | "AlertRefused"
  /** Any other webhook was refused before its body was read: a stranger's. Many of them are a flood. */
  | "StrangerRefused"
  /** People were to be told, and SNS did not take the e-mail. */
  | "NotTold"
  /** An incident ended without recovery, or without anybody knowing that it was rebooted. */
  | "NotRecovered"
  /** An alert resolved after a reboot, but no successful request came since. */
  | "RecoveryUnconfirmed";

/**
 * Counts one in CloudWatch, by a log line of the embedded metric format; it needs no permission but
 * that of the log. The line goes straight to the standard output: the console of Lambda's JSON
 * format would wrap it, and CloudWatch would not see the metric.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function countMetric(
  name: MetricName,
  { functionName, now, writeLine }: Pick<HandlerOptions, "functionName" | "now" | "writeLine">,
): void {
  writeLine(
    JSON.stringify({
      _aws: {
        Timestamp: now(),
        CloudWatchMetrics: [
          {
            Namespace: metricNamespace,
            Dimensions: [["FunctionName"]],
            Metrics: [{ Name: name, Unit: "Count" }],
          },
        ],
      },
      FunctionName: functionName,
      [name]: 1,
    }),
  );
}

import type { HandlerOptions } from "./options.ts";

/** The namespace of the function's metrics in CloudWatch. */
export const metricNamespace = "RebootAutomation";

/** What the function counts; infra/function-alarms.ts has an alarm on each metric. */
export type MetricName =
  /**
   * A webhook that Sumo Logic seems to have sent was refused: it names this instance but has a wrong
   * token, or it has a valid token but an unexpected body. Without an alarm the alert is lost silently.
   */
  | "AlertRefused"
  /** Any other webhook was refused without a valid token. Many of them are a flood. */
  | "UnauthenticatedRequest"
  /** SNS did not accept an e-mail. */
  | "NotificationFailed"
  /** An incident ended without recovery, or its reboot was never confirmed. */
  | "NotRecovered"
  /** An alert resolved after a reboot, but without a successful request since. */
  | "RecoveryUnconfirmed"
  /** So many instances of a group are affected that the cause is probably shared; counted each minute. */
  | "SharedCause";

/**
 * Counts one in CloudWatch, by a log line in the embedded metric format, which needs only the permission
 * to log. The line goes directly to the standard output: the console of Lambda's JSON format would wrap
 * it, and CloudWatch would not find the metric.
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

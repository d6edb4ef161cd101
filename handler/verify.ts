import { errorText } from "./errors.ts";
import { countCheck, leaseIncident, updateIncident } from "./incidents/store.ts";
import { closingAttributes, type Incident } from "./incidents/table.ts";
import { describeStatus, healthOf, readInstanceStatus } from "./instance-status.ts";
import { batchResponse } from "./lambda-response.ts";
import { countMetric, type MetricName } from "./metrics.ts";
import { sendNotification } from "./notifications/notify.ts";
import type { HandlerOptions } from "./options.ts";
import { queueCheck } from "./requests/check.ts";
import type { Check, InvocationContext } from "./requests/types.ts";
import { cleanReason } from "./text.ts";
import { reserveAfterLastNotificationMs } from "./time-limits.ts";
import { type End, evaluateIncident } from "./verdict.ts";

/** The ends that need a person; infra/function-alarms.ts has an alarm on each metric. */
const metrics: Readonly<Partial<Record<End, MetricName>>> = {
  "not recovered": "NotRecovered",
  "recovery unconfirmed": "RecoveryUnconfirmed",
  unconfirmed: "NotRecovered",
};

/**
 * One check of an incident: read the instance status → count → evaluate → notify and close, or queue the
 * next check. It never reboots.
 *
 * An error returns the message to the queue, which delivers it again and in the end moves it to the
 * dead-letter queue, whose alarm notifies people. Never throws.
 */
export async function verifyIncident(
  { incidentId, nonce, messageId, instanceId: named }: Check,
  { options, context }: { options: HandlerOptions; context: InvocationContext },
) {
  const instanceId = named ?? options.instanceId;
  const record = { source: "queue", instanceId, incidentId };
  try {
    const status = await readInstanceStatus(instanceId, options.clients);
    const incident = await countCheck({ incidentId, nonce }, healthOf(status), options);
    const verdict = evaluateIncident(incident, options.checks.maxChecks);
    const reason = cleanReason(verdict.reason);
    if (verdict.kind === "pending") await queueCheck({ incidentId, nonce, instanceId }, options);
    const incidentUpdate =
      verdict.kind === "end" ? await reportEnd(verdict.end, reason, incident) : undefined;
    options.log("info", {
      outcome: verdict.kind === "end" ? verdict.end : verdict.kind,
      ...record,
      reason,
      checkCount: incident.checkCount,
      instanceStatus: cleanReason(describeStatus(status)),
      ...(incidentUpdate && { incidentUpdate }),
    });
    return batchResponse();
  } catch (error) {
    const reason = errorText(error);
    options.log("error", { outcome: "check failed", ...record, reason, messageId });
    return batchResponse(messageId);
  }

  /**
   * Sends the last e-mail, then closes the incident, so that at least one is sent: only a crash in
   * between repeats it. Returns the result of closing; throws if the e-mail was not sent.
   */
  async function reportEnd(end: End, reason: string, { cause }: Incident): Promise<string> {
    await leaseIncident(incidentId, options);
    const metric = metrics[end];
    if (metric) countMetric(metric, options);
    const leftMs = () => context.getRemainingTimeInMillis() - reserveAfterLastNotificationMs;
    const notification = { kind: end, reason, incidentId, instanceId, cause };
    const result = await sendNotification(notification, options, leftMs);
    if (result !== "sent") throw new Error(`the last e-mail ${result}`);
    return updateIncident(incidentId, closingAttributes(end, options.now()), options);
  }
}

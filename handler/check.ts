import { errorText } from "./errors.ts";
import { eventAttribute } from "./incidents/events.ts";
import { leaseIncident, updateIncident } from "./incidents/store.ts";
import { closingAttributes, deliveryAttributes, type Incident } from "./incidents/table.ts";
import { batchResponse } from "./lambda-response.ts";
import { countMetric, type MetricName } from "./metrics.ts";
import { composeMail, type Notification } from "./notifications/message.ts";
import { sendMail } from "./notifications/notify.ts";
import { readRecentReboots } from "./notifications/recent.ts";
import type { HandlerOptions } from "./options.ts";
import type { Check, InvocationContext } from "./requests/types.ts";
import { reserveAfterLastNotificationMs } from "./time-limits.ts";
import type { End } from "./verdict.ts";

// What the checks of an incident and of a quiet period have in common.

/**
 * Runs one check and logs what it returns. An error returns the message to the queue, which delivers it
 * again and in the end moves it to the dead-letter queue, whose alarm notifies people. Never throws.
 */
export async function runCheck(
  { incidentId, messageId, instanceId }: Check,
  options: HandlerOptions,
  check: () => Promise<Record<string, unknown>>,
) {
  const record = { source: "queue", instanceId: instanceId ?? options.instanceId, incidentId };
  try {
    options.log("info", { ...record, ...(await check()) });
    return batchResponse();
  } catch (error) {
    const reason = errorText(error);
    options.log("error", { outcome: "check failed", ...record, reason, messageId });
    return batchResponse(messageId);
  }
}

/** The ends that need a person; infra/function-alarms.ts has an alarm on each metric. */
const metrics: Readonly<Partial<Record<string, MetricName>>> = {
  "not recovered": "NotRecovered",
  "recovery unconfirmed": "RecoveryUnconfirmed",
  unconfirmed: "NotRecovered",
} satisfies Partial<Record<End, MetricName>>;

/** The last e-mail of an incident, or of a quiet period. */
export type LastNotification = Notification & { readonly kind: End | "still slow" };

/**
 * Sends the last e-mail, then closes the incident, so that at least one is sent: only a crash in
 * between repeats it. Returns the result of closing; throws if the e-mail was not sent.
 */
export async function reportEnd(
  notification: LastNotification,
  { mails }: Incident,
  { options, context }: { options: HandlerOptions; context: InvocationContext },
): Promise<string> {
  const { kind: outcome, incidentId, instanceId, reason } = notification;
  const change = { outcome, incidentId, instanceId, reason, atMs: options.now() };
  await leaseIncident(incidentId, eventAttribute(change), options);
  const metric = metrics[outcome];
  if (metric) countMetric(metric, options);
  const mail = composeMail(notification, await readRecentReboots(options), options);
  const leftMs = () => context.getRemainingTimeInMillis() - reserveAfterLastNotificationMs;
  const result = await sendMail(mail, options, leftMs);
  const isSent = result === "sent";
  const item = {
    ...deliveryAttributes(mails, mail, result),
    ...(isSent && closingAttributes(outcome, options.now())),
  };
  const update = await updateIncident(incidentId, { item }, options);
  if (!isSent) throw new Error(`the last e-mail ${result}`);
  return update;
}

import { errorText } from "./errors.ts";
import { eventAttribute } from "./incidents/events.ts";
import { leaseIncident, updateIncident } from "./incidents/store.ts";
import {
  closingAttributes,
  deliveryAttributes,
  type Incident,
  type Item,
} from "./incidents/table.ts";
import { batchResponse } from "./lambda-response.ts";
import { countMetric, type MetricName } from "./metrics.ts";
import { composeMail, type Notification } from "./notifications/message.ts";
import { sendMail } from "./notifications/notify.ts";
import { readRecentReboots } from "./notifications/recent.ts";
import type { Dependencies, HandlerOptions } from "./options.ts";
import type { Check } from "./requests/types.ts";
import { reserveAfterLastNotificationMs } from "./time-limits.ts";
import type { End } from "./verdict.ts";

// What the checks of an incident and of a quiet period have in common.

/**
 * Runs one check and logs what it returns, unless the check has logged its outcome itself. An error returns the
 * message to the queue, which delivers it again and in the end moves it to the dead-letter queue, whose alarm
 * notifies people. Never throws.
 */
export async function runCheck(
  { incidentId, messageId, instanceId }: Check,
  options: HandlerOptions,
  check: () => Promise<Record<string, unknown> | undefined>,
) {
  const record = { source: "queue", instanceId: instanceId ?? options.instanceId, incidentId };
  try {
    const result = await check();
    if (result) options.log("info", { ...record, ...result });
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

/** The last e-mail of an incident, of a quiet period or of a shared cause. */
export type LastNotification = Notification & {
  readonly kind: End | "still slow" | "still affected" | "resolved" | "waited too long";
};

/**
 * Sends the last e-mail, then closes the incident, so that at least one is sent: only a crash in
 * between repeats it. Returns the result of closing; throws if the e-mail was not sent.
 */
export async function reportEnd(
  notification: LastNotification,
  incident: Incident,
  dependencies: Dependencies,
): Promise<string> {
  const { group, now } = dependencies.options;
  const update = await report(
    notification,
    incident,
    () => closingAttributes(notification.kind, now()),
    dependencies,
  );
  // If this fails, the lease ends by time.
  await group?.releaseLease(notification, dependencies.options).catch(() => {});
  return update;
}

/**
 * Sends an e-mail about a change of an incident, then records it with these attributes. Returns the result of
 * recording; throws if the e-mail was not sent.
 */
export async function report(
  notification: Notification & { readonly kind: LastNotification["kind"] | "shared cause" },
  { mails }: Incident,
  recorded: () => Item,
  { options, context }: Dependencies,
): Promise<string> {
  const { kind: outcome, incidentId, instanceId, otherCount, reason } = notification;
  const change = {
    outcome,
    incidentId,
    instanceId,
    ...(otherCount !== undefined && { otherCount }),
    reason,
    atMs: options.now(),
  };
  await leaseIncident(incidentId, eventAttribute(change), options);
  const metric = metrics[outcome];
  if (metric) countMetric(metric, options);
  const mail = composeMail(notification, await readRecentReboots(options), options);
  const leftMs = () => context.getRemainingTimeInMillis() - reserveAfterLastNotificationMs;
  const result = await sendMail(mail, options, leftMs);
  const isSent = result === "sent";
  const item = {
    ...deliveryAttributes(mails, mail, result),
    ...(isSent && recorded()),
  };
  const update = await updateIncident(incidentId, { item }, options);
  const which = outcome === "shared cause" ? "first" : "last";
  if (!isSent) throw new Error(`the ${which} e-mail ${result}`);
  return update;
}

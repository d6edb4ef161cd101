import type { Decision } from "./decide.ts";
import { errorText, isNamed, namedError } from "./errors.ts";
import { describeSuppression, type Limit } from "./incidents/claim-result.ts";
import { eventAttribute } from "./incidents/events.ts";
import { type ResolutionRecord, updateIncident } from "./incidents/store.ts";
import {
  closingAttributes,
  deliveryAttributes,
  failureAttributes,
  type Mail,
  mailsAttributes,
  rebootAttributes,
} from "./incidents/table.ts";
import { batchResponse, respond } from "./lambda-response.ts";
import { countMetric } from "./metrics.ts";
import { composeMail, type NotificationKind } from "./notifications/message.ts";
import { decideNotification, sendMail } from "./notifications/notify.ts";
import { readRecentReboots } from "./notifications/recent.ts";
import type { Dependencies, HandlerOptions } from "./options.ts";
import type { Effect } from "./reboot.ts";
import { isWebhook } from "./requests/parse.ts";
import type { Refused, Request } from "./requests/types.ts";
import { cleanReason, cleanText } from "./text.ts";
import { reserveAfterNotificationMs } from "./time-limits.ts";

export type Outcome = "rebooted" | "dry-run" | "skipped" | "test" | "failed" | "waiting";

/** The response to a manual invocation, and the body of a webhook's response. */
export interface OutcomeResponse {
  readonly outcome: Outcome;
  readonly instanceId: string;
  readonly incidentId: string;
  readonly reason: string;
  /** True if SNS accepted the message. */
  readonly notified: boolean;
}

/**
 * Records the outcome on the incident, notifies people by SNS, writes the one log line, and returns the
 * response. A failed notification is in the log and the response, and never hides or repeats the reboot.
 * Throws `RebootFailed` for a manual invocation that failed, so that the invocation shows it.
 */
export async function reportOutcome(
  { request, decision, effect }: { request: Request; decision: Decision; effect: Effect },
  { options, context }: Dependencies,
) {
  const { incidentId } = request;
  const { instanceId } = options;
  const nonce = "nonce" in effect ? effect.nonce : undefined;
  const recent = "recent" in effect ? effect.recent : undefined;
  const evidence = effect.kind === "rebooted" ? effect.evidence : undefined;
  const notify = await decideNotification({ request, effect }, options);
  const suffix = notify.kind === "none" && notify.reason ? `; no e-mail: ${notify.reason}` : "";
  const reason = cleanReason(`${reasonOf(decision, effect)}${suffix}`);
  const mail = notify.kind === "notify" ? await compose(notify.notification) : undefined;
  // A reboot is recorded before its e-mail: if the function crashes in between, a check reports it.
  const recorded = await recordEffect();
  const leftMs = () => context.getRemainingTimeInMillis() - reserveAfterNotificationMs;
  const notification = mail ? await sendMail(mail, options, leftMs) : "not needed";
  const notified = notification === "sent";
  const delivered = mail && (await recordDelivery(mail));
  const incidentUpdate = recorded ?? delivered ?? "not needed";
  const outcome = outcomeOf(effect);
  const response: OutcomeResponse = { outcome, instanceId, incidentId, reason, notified };
  options.log(outcome === "failed" ? "error" : "info", {
    ...response,
    source: request.kind === "manual" ? "manual" : "webhook",
    notification,
    incidentUpdate,
    ...limitOf(effect),
    ...(evidence && { evidence }),
    request: loggable(request),
  });
  if (request.kind !== "manual") return respond(200, response);
  if (outcome === "failed") throw namedError("RebootFailed", `${instanceId}: ${reason}`);
  return response;

  async function compose(kind: NotificationKind): Promise<Mail> {
    const about = { incidentId, instanceId, cause: request, ...(evidence && { evidence }) };
    return composeMail(
      { kind, reason, ...about },
      recent ?? (await readRecentReboots(options)),
      options,
    );
  }

  async function recordEffect(): Promise<string | undefined> {
    if (effect.kind === "resolved") return describeRecord(effect.record);
    if (effect.kind !== "rebooted" || nonce === undefined) return undefined;
    const item = {
      ...rebootAttributes(options.now(), evidence?.captured),
      ...(mail && mailsAttributes([mail])),
    };
    return updateIncident(incidentId, { item, event: eventOf("rebooted"), nonce }, options);
  }

  /**
   * Records what is known only after the e-mail. A failure ends its incident if people were notified;
   * otherwise the next check reports it. An incident that is not open keeps the e-mail about its resolution.
   */
  async function recordDelivery(mail: Mail): Promise<string | undefined> {
    if (effect.kind === "failed" && nonce !== undefined) {
      const item = {
        ...failureAttributes(cleanReason(effect.error)),
        ...deliveryAttributes([], mail, notification),
        ...(notified && closingAttributes("failed", options.now())),
      };
      return updateIncident(incidentId, { item, event: eventOf("failed"), nonce }, options);
    }
    if (effect.kind === "rebooted" && nonce !== undefined && !notified) {
      const item = deliveryAttributes([], mail, notification);
      return updateIncident(incidentId, { item, nonce }, options);
    }
    if (effect.kind === "resolved" && "incident" in effect.record) {
      const item = deliveryAttributes(effect.record.incident.mails, mail, notification);
      return updateIncident(incidentId, { item }, options);
    }
    return undefined;
  }

  function eventOf(outcome: "rebooted" | "failed") {
    const isRecurring = recent?.isRecurring ?? false;
    const atMs = options.now();
    return eventAttribute({ outcome, incidentId, instanceId, reason, atMs, isRecurring });
  }

  function outcomeOf({ kind }: Effect): Outcome {
    if (kind === "rebooted" || kind === "failed" || kind === "waiting") return kind;
    if (kind === "permitted" || kind === "permitted in dryrun mode") return "dry-run";
    return decision.kind === "test" ? "test" : "skipped";
  }
}

/** The result of recording a resolution, for the log. */
function describeRecord(record: ResolutionRecord): string {
  switch (record.kind) {
    case "recorded":
      return "updated";
    case "recorded before":
      return "its resolution was recorded before";
    case "not counted":
      return record.reason;
    case "no incident":
      return "no incident";
    case "failed":
      return `failed: ${record.error}`;
  }
}

/** The limit that suppressed a request, for the dashboard, which counts by it. */
function limitOf(effect: Effect): { limit?: Limit } {
  if (effect.kind === "suppressed") return { limit: effect.limit };
  return effect.kind === "dryrun mode repeated" ? { limit: "mode" } : {};
}

/** Why a request had its effect, as a sentence for people; it may quote a request or AWS. */
function reasonOf(decision: Decision, effect: Effect): string {
  switch (effect.kind) {
    case "failed":
      return `${effect.error} (${decision.reason})`;
    case "permitted":
      return "EC2 would permit the reboot";
    case "permitted in dryrun mode":
      return `EC2 would permit the reboot; ${effect.reason}`;
    case "dryrun mode repeated":
      return describeSuppression({ limit: "mode", reason: effect.reason });
    case "suppressed":
      return describeSuppression(effect);
    case "waiting":
      return `${decision.reason}; ${effect.reason}`;
    case "rebooted": {
      const reason =
        effect.response.kind === "accepted"
          ? decision.reason
          : `EC2's response was lost, so it counts as rebooted: ${effect.response.error} (${decision.reason})`;
      return effect.notices.length === 0 ? reason : `${reason}. ${effect.notices.join("; ")}`;
    }
    default:
      return decision.reason;
  }
}

/**
 * Logs a refused event and responds. A webhook gets its status (only 400 with a body, since the others
 * go to unknown callers), a message of the function's queue is returned to the queue, and anything else
 * gets an error named `RefusedCall`.
 */
export function reportRefusal(refused: Refused, options: HandlerOptions) {
  const { source, status, reason, messageId, metric } = refused;
  options.log("warn", {
    outcome: "refused",
    instanceId: options.instanceId,
    source,
    status,
    reason: cleanText(reason),
    ...(messageId !== undefined && { messageId: cleanText(messageId) }),
  });
  if (metric) countMetric(metric, options);
  if (source === "manual") throw namedError("RefusedCall", reason);
  if (messageId !== undefined) return batchResponse(messageId);
  return respond(status, status === 400 ? { error: reason } : undefined);
}

/**
 * The end of an invocation with an unexpected error: one log line, and a defined response. An alert may
 * be lost, so people are notified in each case.
 *
 * A webhook gets status 500 and counts as `NotificationFailed`, which has an alarm. Everything else throws
 * `HandlerFailed`: Lambda counts the error, which has an alarm too, shows it to the caller of a manual
 * invocation, and returns a message to its queue.
 */
export function reportCrash(event: unknown, error: unknown, options: HandlerOptions) {
  const reason = errorText(error);
  const source = isWebhook(event) ? "webhook" : "other";
  options.log("error", { outcome: "crashed", instanceId: options.instanceId, source, reason });
  if (source === "other") throw namedError("HandlerFailed", reason);
  countMetric("NotificationFailed", options);
  return respond(500, undefined);
}

/** True for the errors that the handler throws on purpose, after it has logged them. */
export function isReported(error: unknown): boolean {
  return isNamed(error, "RefusedCall") || isNamed(error, "RebootFailed");
}

/** A request's fields with every string cleaned and shortened. */
function loggable(request: Request): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(request).map(([key, value]) => [
      key,
      typeof value === "string" ? cleanText(value) : value,
    ]),
  );
}

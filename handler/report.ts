import type { Decision } from "./decide.ts";
import { errorText, isNamed, namedError } from "./errors.ts";
import type { Limit } from "./incidents/claim-result.ts";
import { type ResolutionRecord, updateIncident } from "./incidents/store.ts";
import { closingAttributes, failureAttributes, rebootAttributes } from "./incidents/table.ts";
import { timeText } from "./incidents/times.ts";
import { batchResponse, respond } from "./lambda-response.ts";
import { countMetric } from "./metrics.ts";
import { decideNotification, sendNotification } from "./notifications/notify.ts";
import type { HandlerOptions } from "./options.ts";
import type { Effect } from "./reboot.ts";
import { isWebhook } from "./requests/parse.ts";
import type { InvocationContext, Refused, Request } from "./requests/types.ts";
import { cleanReason, cleanText } from "./text.ts";
import { reserveAfterNotificationMs } from "./time-limits.ts";

export type Outcome = "rebooted" | "dry-run" | "skipped" | "test" | "failed";

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
  { options, context }: { options: HandlerOptions; context: InvocationContext },
) {
  const { incidentId } = request;
  const { instanceId } = options;
  // A reboot is recorded before its e-mail: if the function crashes in between, a check reports it.
  const recorded = await recordEffect();
  const notify = await decideNotification({ request, effect }, options);
  const suffix = notify.kind === "none" && notify.reason ? `; no e-mail: ${notify.reason}` : "";
  const reason = cleanReason(`${reasonOf(decision, effect)}${suffix}`);
  const leftMs = () => context.getRemainingTimeInMillis() - reserveAfterNotificationMs;
  const notification =
    notify.kind === "notify"
      ? await sendNotification(
          { kind: notify.notification, reason, incidentId, instanceId, cause: request },
          options,
          leftMs,
        )
      : "not needed";
  const notified = notification === "sent";
  const incidentUpdate = recorded ?? (await recordFailure()) ?? "not needed";
  const outcome = outcomeOf(effect);
  const response: OutcomeResponse = { outcome, instanceId, incidentId, reason, notified };
  options.log(outcome === "failed" ? "error" : "info", {
    ...response,
    source: request.kind === "manual" ? "manual" : "webhook",
    notification,
    incidentUpdate,
    request: loggable(request),
  });
  if (request.kind !== "manual") return respond(200, response);
  if (outcome === "failed") throw namedError("RebootFailed", `${instanceId}: ${reason}`);
  return response;

  async function recordEffect(): Promise<string | undefined> {
    if (effect.kind === "resolved") return describeRecord(effect.record);
    if (effect.kind !== "rebooted" || effect.nonce === undefined) return undefined;
    return updateIncident(incidentId, rebootAttributes(options.now()), options, effect.nonce);
  }

  /** The end of an incident without a reboot, if people were notified; otherwise the next check reports it. */
  async function recordFailure(): Promise<string | undefined> {
    if (effect.kind !== "failed" || effect.nonce === undefined) return undefined;
    const failure = failureAttributes(cleanReason(effect.error));
    const closing = notified ? closingAttributes("failed", options.now()) : {};
    return updateIncident(incidentId, { ...failure, ...closing }, options, effect.nonce);
  }

  function outcomeOf({ kind }: Effect): Outcome {
    if (kind === "rebooted" || kind === "failed") return kind;
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

const suppressedBy: Readonly<Record<Limit, string>> = {
  duplicate: "as a duplicate",
  mode: "by the kill switch",
  "cool-down": "by the cool-down",
  "daily limit": "by the daily limit",
  contention: "by concurrent alerts",
};

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
      return `suppressed ${suppressedBy.mode}: ${effect.reason}`;
    case "suppressed": {
      const until = effect.untilMs === undefined ? "" : `, until ${timeText(effect.untilMs)}`;
      return `suppressed ${suppressedBy[effect.limit]}: ${effect.reason}${until}`;
    }
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

import type { Effect } from "./act.ts";
import type { Decision } from "./decide.ts";
import { namedError } from "./error.ts";
import { number } from "./incident.ts";
import { countMetric } from "./metrics.ts";
import { noteIncident } from "./note.ts";
import type { HandlerOptions } from "./options.ts";
import { newsOf, type Outcome, outcomeOf, reasonOf } from "./outcome.ts";
import type { InvocationContext, Refused, Request } from "./request.ts";
import { tellPeople } from "./tell.ts";
import { cleanReason, cleanText } from "./text.ts";

/** The answer of a call by hand, and the body of a webhook's response. */
export interface Answer {
  readonly outcome: Outcome;
  readonly instanceId: string;
  readonly incidentId: string;
  readonly reason: string;
  /** True if SNS took the message. */
  readonly notified: boolean;
}

/** Kept free after the e-mail for the note of a failure, the log line and the answer. */
const reserveMs = 2_500;

/**
 * Notes the outcome on the incident, tells people by SNS, writes the one log line, and returns what
 * the caller gets. A failed notification is logged and answered, and never hides or repeats the
 * reboot. Throws `RebootFailed` for a call by hand that failed, so that the invocation shows it.
 */
export async function reportOutcome(
  { request, decision, effect }: { request: Request; decision: Decision; effect: Effect },
  { options, context }: { options: HandlerOptions; context: InvocationContext },
) {
  const { incidentId } = request;
  const outcome = outcomeOf(decision, effect);
  const reason = cleanReason(reasonOf(decision, effect));
  // A reboot is noted before the e-mail: a crash in between is then told. A resolution is noted already.
  const before = await noteBefore();
  const news = newsOf(effect);
  const leftMs = () => context.getRemainingTimeInMillis() - reserveMs;
  const notification = news
    ? await tellPeople({ news, reason, incidentId, cause: request }, options, leftMs)
    : "not needed";
  const notified = notification === "sent";
  const noted = before ?? (await noteFailure());
  const answer: Answer = {
    outcome,
    instanceId: options.instanceId,
    incidentId,
    reason,
    notified,
  };
  options.log(outcome === "failed" ? "error" : "info", {
    ...answer,
    source: request.kind === "by-hand" ? "by-hand" : "webhook",
    notification,
    noted: noted ?? "not needed",
    request: loggable(request),
  });
  if (request.kind !== "by-hand") return respond(200, answer);
  if (outcome === "failed") throw namedError("RebootFailed", `${options.instanceId}: ${reason}`);
  return answer;

  async function noteBefore(): Promise<string | undefined> {
    if (effect.kind === "rebooted" && effect.nonce !== undefined) {
      const rebootRequestedAt = number(options.now());
      return noteIncident(incidentId, { rebootRequestedAt }, options, effect.nonce);
    }
    return effect.kind === "resolved" ? effect.noted : undefined;
  }

  /** The end of an incident without a reboot, once it is told; otherwise the next check tells it. */
  async function noteFailure(): Promise<string | undefined> {
    if (effect.kind !== "failed" || effect.nonce === undefined) return undefined;
    const failure = { failure: { S: cleanReason(effect.error) } };
    const end = { ...failure, closedAt: number(options.now()), outcome: { S: "failed" } };
    return noteIncident(incidentId, notified ? end : failure, options, effect.nonce);
  }
}

/**
 * Logs a refused event and answers it: a webhook with its status (only 400 with a body, since the others
 * answer strangers), a message of the own queue by giving it back, anything else with an error
 * named `RefusedCall`.
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
  if (source === "by-hand") throw namedError("RefusedCall", reason);
  if (messageId !== undefined) return batchResponse(messageId);
  return respond(status, status === 400 ? { error: reason } : undefined);
}

/**
 * What Lambda's event source takes: which message was not dealt with, if one was not.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function batchResponse(failedMessageId?: string) {
  return {
    batchItemFailures: failedMessageId === undefined ? [] : [{ itemIdentifier: failedMessageId }],
  };
}

/** A request's fields with every text cleaned and shortened. */
function loggable(request: Request): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(request).map(([key, value]) => [
      key,
      typeof value === "string" ? cleanText(value) : value,
    ]),
  );
}

/** A function URL's response; without a body it is empty. */
export function respond(statusCode: number, body: unknown) {
  return {
    statusCode,
    headers: { "content-type": "application/json" },
    body: body === undefined ? "" : JSON.stringify(body),
  };
}

import type { Effect } from "./act.ts";
import type { Clients } from "./clients.ts";
import type { Decision } from "./decide.ts";
import { errorText } from "./error.ts";
import { composeMessage } from "./message.ts";
import { noteOutcome } from "./note.ts";
import type { HandlerOptions } from "./options.ts";
import { newsOf, type Outcome, outcomeOf, reasonOf } from "./outcome.ts";
import type { InvocationContext, Refused, Request } from "./request.ts";
import { cleanText } from "./text.ts";

/** The answer of a call by hand, and the body of a webhook's response. */
export interface Answer {
  readonly outcome: Outcome;
  readonly instanceId: string;
  readonly incidentId: string;
  readonly reason: string;
  /** True if SNS took the message. */
  readonly notified: boolean;
}

const publishLimitMs = 4_000;
/** Kept free after the last call for the log line and the answer. */
const reserveMs = 500;

/**
 * Tells people by SNS, writes the one log line of this outcome, and returns what the caller gets.
 * A failed notification is logged and answered, and never hides or repeats the reboot. Throws
 * `RebootFailed` for a call by hand that failed, so that the invocation shows the error.
 */
export async function reportOutcome(
  done: { request: Request; decision: Decision; effect: Effect },
  {
    options,
    clients,
    context,
  }: { options: HandlerOptions; clients: () => Promise<Clients>; context: InvocationContext },
) {
  const { request, decision, effect } = done;
  const outcome = outcomeOf(decision, effect);
  const reason = cleanText(reasonOf(decision, effect));
  // Before the e-mail: a crash in between is then seen in the history.
  const noted = await noteOutcome(done, { options, clients });
  const notification = await notify();
  const answer: Answer = {
    outcome,
    instanceId: options.instanceId,
    incidentId: request.incidentId,
    reason,
    notified: notification === "sent",
  };
  options.log(outcome === "failed" ? "error" : "info", {
    ...answer,
    source: request.kind === "by-hand" ? "by-hand" : "webhook",
    notification,
    noted,
    request: loggable(request),
  });
  if (request.kind !== "by-hand") return respond(200, answer);
  if (outcome === "failed") throw namedError("RebootFailed", `${options.instanceId}: ${reason}`);
  return answer;

  async function notify(): Promise<string> {
    const news = newsOf(decision, effect);
    if (!news) return "not needed";
    const limitMs = Math.min(publishLimitMs, context.getRemainingTimeInMillis() - reserveMs);
    if (limitMs <= 0) return "failed: no time is left of the function's timeout";
    try {
      const message = composeMessage({ news, reason, request, options });
      await (await clients()).publish({ TopicArn: options.topicArn, ...message }, limitMs);
      return "sent";
    } catch (error) {
      return cleanText(`failed: ${errorText(error)}`);
    }
  }
}

/**
 * Logs a refused event and answers it: a webhook with its status (401 and 405 without a body, as
 * they answer strangers), a call by hand with an error named `RefusedCall`.
 */
export function reportRefusal(
  refused: Refused,
  options: Pick<HandlerOptions, "instanceId" | "log">,
) {
  const { source, status, reason } = refused;
  options.log("warn", {
    outcome: "refused",
    instanceId: options.instanceId,
    source,
    status,
    reason: cleanText(reason),
  });
  if (source === "by-hand") throw namedError("RefusedCall", reason);
  return respond(status, status === 400 ? { error: reason } : undefined);
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

function respond(statusCode: number, body: unknown) {
  return {
    statusCode,
    headers: { "content-type": "application/json" },
    body: body === undefined ? "" : JSON.stringify(body),
  };
}

/** Error subclasses lose their message when Pulumi serializes them; a name does as well. */
function namedError(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

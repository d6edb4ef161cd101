import { parseCallByHand } from "./call-by-hand.ts";
import type { HandlerOptions } from "./options.ts";
import { parseQueueEvent } from "./queue.ts";
import { isRecord } from "./record.ts";
import type { Check, InvocationContext, Refused, Request } from "./request.ts";
import { parseWebhook } from "./webhook.ts";

/**
 * Tells what an event is: a webhook by the `requestContext.http` of function URL payload 2.0,
 * `Records` come from a queue, and anything else is a call by hand, which refuses what it does not
 * know by name. Never throws.
 */
export function parseEvent(
  event: unknown,
  context: InvocationContext,
  options: Pick<HandlerOptions, "instanceId" | "tokenDigests" | "checks">,
): Request | Check | Refused {
  if (isWebhook(event)) return parseWebhook(event, event.requestContext.http, options);
  if (isRecord(event) && Array.isArray(event.Records)) {
    return parseQueueEvent(event.Records, options);
  }
  return parseCallByHand(event, context);
}

/** A call of the function's URL. */
type WebhookEvent = Record<string, unknown> & {
  readonly requestContext: { readonly http: Record<string, unknown> };
};

export function isWebhook(event: unknown): event is WebhookEvent {
  return isRecord(event) && isRecord(event.requestContext) && isRecord(event.requestContext.http);
}

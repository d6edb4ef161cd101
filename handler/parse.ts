import { parseCallByHand } from "./call-by-hand.ts";
import type { HandlerOptions } from "./options.ts";
import { isRecord } from "./record.ts";
import type { InvocationContext, Refused, Request } from "./request.ts";
import { parseWebhook } from "./webhook.ts";

/**
 * Tells what an event is: a webhook by the `requestContext.http` of function URL payload 2.0,
 * anything else a call by hand, which refuses what it does not know by name. Never throws.
 */
export function parseEvent(
  event: unknown,
  context: InvocationContext,
  options: Pick<HandlerOptions, "instanceId" | "tokenDigests">,
): Request | Refused {
  if (isRecord(event) && isRecord(event.requestContext) && isRecord(event.requestContext.http)) {
    return parseWebhook(event, event.requestContext.http, options);
  }
  return parseCallByHand(event, context);
}

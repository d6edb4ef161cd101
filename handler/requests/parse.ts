import type { DeployedOptions } from "../options.ts";
import { isRecord } from "../record.ts";
import { parseQueueEvent } from "./check.ts";
import { parseManualInvocation } from "./manual.ts";
import type { Check, InvocationContext, Refused, Request } from "./types.ts";
import { parseWebhook } from "./webhook.ts";

/**
 * Recognizes an event. A webhook has the `requestContext.http` of function URL payload 2.0, and an event
 * of a queue has `Records`. Anything else is a manual invocation, which refuses unknown keys by name.
 * Never throws.
 */
export function parseEvent(
  event: unknown,
  context: InvocationContext,
  options: Pick<DeployedOptions, "instanceIds" | "tokenDigests" | "queueArn" | "group">,
): Request | Check | Refused {
  if (isWebhook(event)) return parseWebhook(event, event.requestContext.http, options);
  if (isRecord(event) && Array.isArray(event.Records)) {
    return parseQueueEvent(event.Records, options);
  }
  return parseManualInvocation(event, context, options);
}

/** An invocation by the function's URL. */
type WebhookEvent = Record<string, unknown> & {
  readonly requestContext: { readonly http: Record<string, unknown> };
};

export function isWebhook(event: unknown): event is WebhookEvent {
  return isRecord(event) && isRecord(event.requestContext) && isRecord(event.requestContext.http);
}

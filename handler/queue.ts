import type { HandlerOptions } from "./options.ts";
import { isRecord } from "./record.ts";
import type { Check, CheckMessage, Refused } from "./request.ts";

/**
 * Reads an event of SQS: one message of the function's check queue, as `queueCheck` wrote it. Events of
 * other queues and services are refused like an invalid manual invocation. A message of the check queue
 * that is not understood goes back to the queue, and from there to the dead-letter queue.
 *
 * Anyone with `lambda:InvokeFunction` can invent an event like this. So the check that follows needs
 * the nonce of the incident's claim.
 */
export function parseQueueEvent(
  records: readonly unknown[],
  options: Pick<HandlerOptions, "checks">,
): Check | Refused {
  const [record, ...others] = records;
  const isOwn =
    isRecord(record) &&
    record.eventSource === "aws:sqs" &&
    record.eventSourceARN === options.checks.queueArn;
  if (!isOwn || others.length > 0 || typeof record.messageId !== "string") {
    return {
      kind: "refused",
      source: "by-hand",
      status: 400,
      reason: "Records are taken one at a time, and from the function's own queue alone",
    };
  }
  const { body, messageId } = record;
  const message = readMessage(body);
  if (!message) {
    return {
      kind: "refused",
      source: "queue",
      status: 400,
      // Not the body: it could have the nonce of an open incident.
      reason:
        "the message must be JSON with an incident's id and the nonce of its claim, as the function queues it",
      messageId,
    };
  }
  return { kind: "check", ...message, messageId };
}

/** The message, if its body is one. */
function readMessage(body: unknown): CheckMessage | undefined {
  const { incidentId, nonce, ...others } = parseObject(body);
  const isMessage =
    typeof incidentId === "string" &&
    /^(alert|by-hand)-[\w-]{1,64}$/.test(incidentId) &&
    typeof nonce === "string" &&
    /^[\w-]{36}$/.test(nonce) &&
    Object.keys(others).length === 0;
  return isMessage ? { incidentId, nonce } : undefined;
}

/** The object that a JSON text describes; an empty one for everything else. */
function parseObject(text: unknown): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(text));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

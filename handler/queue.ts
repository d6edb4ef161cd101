import type { HandlerOptions } from "./options.ts";
import { isRecord } from "./record.ts";
import type { Check, Refused } from "./request.ts";
import { quote } from "./text.ts";

/**
 * Reads an event of SQS: one message of the function's own queue, whose body is an incident's id
 * and nothing else. Of every other queue or service it is refused like a wrong call by hand; a
 * message of the own queue that is not understood goes back, and ends in the dead letters.
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
  if (typeof body !== "string" || !/^(alert|by-hand)-[\w-]{1,64}$/.test(body)) {
    return {
      kind: "refused",
      source: "queue",
      status: 400,
      reason: `the message must be an incident's id: got ${quote(body)}`,
      messageId,
    };
  }
  return { kind: "check", incidentId: body, messageId };
}

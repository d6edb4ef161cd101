import type { HandlerOptions } from "../options.ts";
import { isRecord } from "../record.ts";
import { timeLimitsMs } from "../time-limits.ts";
import type { Check, CheckMessage, Refused } from "./types.ts";

/**
 * Queues the next check of an incident, `checkEveryMinutes` from now or after another delay, which is 15
 * minutes at most. Throws if SQS refuses.
 */
export async function queueCheck(
  { incidentId, nonce, instanceId, task }: CheckMessage,
  { clients, queueUrl, checks }: HandlerOptions,
  delaySeconds = checks.checkEveryMinutes * 60,
): Promise<void> {
  await clients.sendMessage(
    {
      QueueUrl: queueUrl,
      MessageBody: JSON.stringify({ incidentId, nonce, instanceId, task }),
      DelaySeconds: delaySeconds,
    },
    timeLimitsMs.queueCheck,
  );
}

/**
 * Reads an event of SQS: one message of the function's check queue, as `queueCheck` wrote it. Events of
 * other queues and services are refused like an invalid manual invocation. An invalid message of the
 * check queue goes back to the queue, and from there to the dead-letter queue.
 *
 * Anyone with `lambda:InvokeFunction` can invent an event like this. So the check that follows needs
 * the nonce of the incident's claim.
 */
export function parseQueueEvent(
  records: readonly unknown[],
  options: Pick<HandlerOptions, "queueArn">,
): Check | Refused {
  const [record, ...others] = records;
  const isOwn =
    isRecord(record) &&
    record.eventSource === "aws:sqs" &&
    record.eventSourceARN === options.queueArn;
  if (!isOwn || others.length > 0 || typeof record.messageId !== "string") {
    return {
      kind: "refused",
      source: "manual",
      status: 400,
      reason: "Records must have exactly one message of the function's check queue",
    };
  }
  const { body, messageId } = record;
  const message = readMessage(body);
  if (!message) {
    return {
      kind: "refused",
      source: "queue",
      status: 400,
      // Without the body, which could have the nonce of an open incident.
      reason:
        "the message must be JSON with an incident's id, the nonce of its claim and its instance's id, as the function queues it",
      messageId,
    };
  }
  return { kind: "check", ...message, messageId };
}

/** The message, if its body is one. Older messages have no `instanceId`, and their ids can have an older prefix. */
function readMessage(body: unknown): CheckMessage | undefined {
  const { incidentId, nonce, instanceId, task, ...others } = parseObject(body);
  const isMessage =
    typeof incidentId === "string" &&
    /^(alert|manual|by-hand|quiet|shared)-[\w-]{1,64}$/.test(incidentId) &&
    typeof nonce === "string" &&
    /^[\w-]{36}$/.test(nonce) &&
    (task === undefined || task === "decide") &&
    Object.keys(others).length === 0;
  if (!isMessage) return undefined;
  const message = { incidentId, nonce, ...(task === "decide" && { task: "decide" as const }) };
  if (instanceId === undefined) return message;
  const isInstanceId =
    typeof instanceId === "string" && /^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(instanceId);
  return isInstanceId ? { ...message, instanceId } : undefined;
}

/** The object that a JSON string describes; an empty one for everything else. */
function parseObject(json: unknown): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(json));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

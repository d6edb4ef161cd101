import type { HandlerOptions } from "./options.ts";
import type { CheckMessage } from "./request.ts";

/** Queues the next check of an incident, in `checkEveryMinutes`; throws if SQS refuses. */
export async function queueCheck(
  { incidentId, nonce }: CheckMessage,
  { clients, checks }: HandlerOptions,
  limitMs: number,
): Promise<void> {
  const { queueUrl, checkEveryMinutes } = checks;
  await clients.sendMessage(
    {
      QueueUrl: queueUrl,
      MessageBody: JSON.stringify({ incidentId, nonce }),
      DelaySeconds: checkEveryMinutes * 60,
    },
    limitMs,
  );
}

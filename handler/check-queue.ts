import type { HandlerOptions } from "./options.ts";

/** Has the handler look at an incident again in `checkEveryMinutes`; throws if SQS refuses. */
export async function queueCheck(
  incidentId: string,
  { clients, checks }: HandlerOptions,
  limitMs: number,
): Promise<void> {
  const { queueUrl, checkEveryMinutes } = checks;
  await clients.sendMessage(
    { QueueUrl: queueUrl, MessageBody: incidentId, DelaySeconds: checkEveryMinutes * 60 },
    limitMs,
  );
}

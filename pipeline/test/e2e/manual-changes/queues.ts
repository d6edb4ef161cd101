import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { found, type ManualChange } from "./manual-change.ts";

/** Changes of the queues. */
export function ofQueues(sqs: SQSClient): ManualChange[] {
  async function urlOf(name: string): Promise<string> {
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    return found(QueueUrls.find((it) => it.includes(name)));
  }
  const ofQueue = (
    title: string,
    name: "reboot-checks" | "reboot-dead-letters",
    key:
      | "DelaySeconds"
      | "RedrivePolicy"
      | "SqsManagedSseEnabled"
      | "VisibilityTimeout"
      | "MessageRetentionPeriod",
    value: string,
  ): ManualChange => ({
    title,
    resource: ["aws:sqs:Queue", name],
    change: async () => {
      const change = { QueueUrl: await urlOf(name), Attributes: { [key]: value } };
      return sqs.send(new SetQueueAttributesCommand(change));
    },
    read: async () => {
      const QueueUrl = await urlOf(name);
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [key] });
      return (await sqs.send(command)).Attributes?.[key];
    },
  });
  return [
    ofQueue("the queue's visibility timeout", "reboot-checks", "VisibilityTimeout", "60"),
    ofQueue("the queue's dead-letter queue removed", "reboot-checks", "RedrivePolicy", ""),
    ofQueue("the queue's delay", "reboot-checks", "DelaySeconds", "900"),
    ofQueue(
      "the retention of the dead-letter queue",
      "reboot-dead-letters",
      "MessageRetentionPeriod",
      "60",
    ),
    ofQueue("the queue's encryption", "reboot-dead-letters", "SqsManagedSseEnabled", "false"),
  ];
}

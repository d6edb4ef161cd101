import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  QueueDoesNotExist,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { givenTagMap } from "./aws-tags.ts";
import type { AwsTarget } from "./aws-target.ts";
import { cannotUpdate, names, type ResourceType, text } from "./resource-type.ts";
import { normalizeJson } from "./values.ts";

export function sqsResources(target: AwsTarget): Record<string, ResourceType> {
  const sqs = new SQSClient(target);

  async function attributesOf(QueueUrl: string): Promise<Record<string, string> | undefined> {
    try {
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
      return (await sqs.send(command)).Attributes ?? {};
    } catch (error) {
      if (error instanceof QueueDoesNotExist) return undefined;
      throw error;
    }
  }

  const queue: ResourceType = {
    inputs: names(
      "name visibilityTimeoutSeconds messageRetentionSeconds sqsManagedSseEnabled redrivePolicy",
    ),
    replaces: ["name"],
    autoName: "name",
    tagger: {
      list: async (QueueUrl) => (await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags ?? {},
      tag: (QueueUrl, _, Tags) => sqs.send(new TagQueueCommand({ QueueUrl, Tags })),
      untag: (QueueUrl, _, TagKeys) => sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys })),
    },
    json: ["redrivePolicy"],
    async create(inputs) {
      const { QueueUrl: url = "" } = await sqs.send(
        new CreateQueueCommand({
          QueueName: text(inputs, "name"),
          tags: givenTagMap(inputs.tagsAll),
          Attributes: {
            VisibilityTimeout: String(inputs.visibilityTimeoutSeconds ?? 30),
            MessageRetentionPeriod: String(inputs.messageRetentionSeconds ?? 345_600),
            SqsManagedSseEnabled: String(inputs.sqsManagedSseEnabled ?? true),
            ...(inputs.redrivePolicy !== undefined && {
              RedrivePolicy: text(inputs, "redrivePolicy"),
            }),
          },
        }),
      );
      const arn = (await attributesOf(url))?.QueueArn ?? null;
      return { id: url, outputs: { url, arn } };
    },
    async read(url, state) {
      const found = await attributesOf(url);
      return (
        found && {
          ...state,
          visibilityTimeoutSeconds: Number(found.VisibilityTimeout),
          messageRetentionSeconds: Number(found.MessageRetentionPeriod),
          ...(found.RedrivePolicy && { redrivePolicy: normalizeJson(found.RedrivePolicy) }),
        }
      );
    },
    update: cannotUpdate,
    async delete(url) {
      await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
    },
  };

  return { "aws:sqs/queue:Queue": queue };
}

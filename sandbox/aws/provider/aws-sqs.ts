import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { normalizeJson, type Values } from "../../engine/values.ts";
import { givenTagMap } from "./aws-tags.ts";
import type { AwsTarget } from "./aws-target.ts";
import { names, type ResourceType, text, until } from "./resource-type.ts";

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
    defaults,
    async create(inputs) {
      const { QueueUrl: url = "" } = await sqs.send(
        new CreateQueueCommand({
          QueueName: text(inputs, "name"),
          Attributes: attributes(inputs),
          tags: givenTagMap(inputs.tagsAll),
        }),
      );
      const arn = (await attributesOf(url))?.QueueArn ?? null;
      return { id: url, outputs: { url, arn } };
    },
    async read(url, state) {
      const found = await attributesOf(url);
      if (!found) return undefined;
      const { RedrivePolicy } = found;
      return {
        ...state,
        visibilityTimeoutSeconds: Number(found.VisibilityTimeout),
        messageRetentionSeconds: Number(found.MessageRetentionPeriod),
        delaySeconds: Number(found.DelaySeconds ?? 0),
        sqsManagedSseEnabled: found.SqsManagedSseEnabled === "true",
        redrivePolicy: RedrivePolicy ? normalizeJson(RedrivePolicy) : "",
        // Computed, so no drift where the program gives none.
        policy: found.Policy ? normalizeJson(found.Policy) : "",
      };
    },
    async update(url, inputs) {
      const wanted = attributes(inputs);
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: wanted }));
      await until(async () => {
        const found = await attributesOf(url);
        return Object.entries(wanted).every(([key, value]) => found?.[key] === value);
      });
      return {};
    },
    async delete(url) {
      await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
      await until(async () => (await attributesOf(url)) === undefined);
    },
  };

  const setPolicy = async (QueueUrl: string, Policy: string) => {
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    await until(async () => ((await attributesOf(QueueUrl))?.Policy ?? "") === Policy);
  };

  const queuePolicy: ResourceType = {
    inputs: ["queueUrl", "policy"],
    replaces: ["queueUrl"],
    hasFixedName: true,
    json: ["policy"],
    async create(inputs) {
      const url = text(inputs, "queueUrl");
      await setPolicy(url, text(inputs, "policy"));
      return { id: url, outputs: {} };
    },
    async read(url, state) {
      const { Policy } = (await attributesOf(url)) ?? {};
      return Policy ? { ...state, policy: normalizeJson(Policy) } : undefined;
    },
    async update(url, inputs) {
      await setPolicy(url, text(inputs, "policy"));
      return {};
    },
    async delete(url) {
      await setPolicy(url, "");
    },
  };

  return { "aws:sqs/queue:Queue": queue, "aws:sqs/queuePolicy:QueuePolicy": queuePolicy };
}

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sqs_queue */
const defaults = {
  visibilityTimeoutSeconds: 30,
  messageRetentionSeconds: 345_600,
  delaySeconds: 0,
};

function attributes(given: Values): Record<string, string> {
  const inputs: Values = { ...defaults, ...given };
  return {
    VisibilityTimeout: String(inputs.visibilityTimeoutSeconds),
    MessageRetentionPeriod: String(inputs.messageRetentionSeconds),
    DelaySeconds: String(inputs.delaySeconds),
    SqsManagedSseEnabled: String(inputs.sqsManagedSseEnabled ?? true),
    ...(inputs.redrivePolicy && { RedrivePolicy: text(inputs, "redrivePolicy") }),
  };
}

import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SNSClient,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sns";
import { givenTags, tagList, tagsOf } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { cannotUpdate, type ResourceType, text } from "./resource-type.ts";

export function snsResources(target: AwsTarget): Record<string, ResourceType> {
  const sns = new SNSClient(target);

  const topic: ResourceType = {
    inputs: ["name", "displayName"],
    replaces: ["name"],
    autoName: "name",
    tagger: {
      list: async (ResourceArn) =>
        tagsOf((await sns.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags),
      tag: (ResourceArn, _, tags) =>
        sns.send(new TagResourceCommand({ ResourceArn, Tags: tagList(tags) })),
      untag: (ResourceArn, _, TagKeys) =>
        sns.send(new UntagResourceCommand({ ResourceArn, TagKeys })),
    },
    async create(inputs) {
      const { TopicArn: arn = "" } = await sns.send(
        new CreateTopicCommand({
          Name: text(inputs, "name"),
          Attributes: { DisplayName: text(inputs, "displayName") },
          Tags: givenTags(inputs.tagsAll),
        }),
      );
      return { id: arn, outputs: { arn } };
    },
    async read(arn, state) {
      const found = await unlessGone(sns.send(new GetTopicAttributesCommand({ TopicArn: arn })));
      return found && { ...state, displayName: found.Attributes?.DisplayName ?? null };
    },
    update: cannotUpdate,
    async delete(arn) {
      await sns.send(new DeleteTopicCommand({ TopicArn: arn }));
    },
  };

  const subscription: ResourceType = {
    inputs: ["topic", "protocol", "endpoint"],
    async create(inputs) {
      const { SubscriptionArn: arn = "" } = await sns.send(
        new SubscribeCommand({
          TopicArn: text(inputs, "topic"),
          Protocol: text(inputs, "protocol"),
          Endpoint: text(inputs, "endpoint"),
          ReturnSubscriptionArn: true,
        }),
      );
      // The emulator confirms e-mail by itself; in AWS a person does, later.
      return { id: arn, outputs: { arn, pendingConfirmation: true } };
    },
    async read(arn, state) {
      const command = new GetSubscriptionAttributesCommand({ SubscriptionArn: arn });
      const found = await unlessGone(sns.send(command));
      const pendingConfirmation = found?.Attributes?.PendingConfirmation === "true";
      return found && { ...state, pendingConfirmation };
    },
    async delete(arn) {
      await sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
    },
  };

  return {
    "aws:sns/topic:Topic": topic,
    "aws:sns/topicSubscription:TopicSubscription": subscription,
  };
}

import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sns";
import { normalizeJson, type Values } from "../../engine/values.ts";
import { recordedOutputs } from "./aws-recorded-outputs.ts";
import { givenTags, tagList, tagsOf } from "./aws-tags.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { type ResourceType, text, until } from "./resource-type.ts";

export function snsResources(target: AwsTarget): Record<string, ResourceType> {
  const sns = new SNSClient(target);

  const setDisplayName = (TopicArn: string, inputs: Values) =>
    sns.send(
      new SetTopicAttributesCommand({
        TopicArn,
        AttributeName: "DisplayName",
        AttributeValue: text(inputs, "displayName"),
      }),
    );

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
        new CreateTopicCommand({ Name: text(inputs, "name"), Tags: givenTags(inputs.tagsAll) }),
      );
      await setDisplayName(arn, inputs);
      return { id: arn, outputs: { arn } };
    },
    async read(arn, state) {
      const found = await unlessGone(sns.send(new GetTopicAttributesCommand({ TopicArn: arn })));
      const { DisplayName = null, Policy = "{}" } = found?.Attributes ?? {};
      // Computed, so no drift where the program gives none. The default one is in aws-recorded-outputs.ts.
      const policy = JSON.parse(Policy).Id === "__default_policy_ID" ? null : normalizeJson(Policy);
      return found && { ...state, displayName: DisplayName, policy };
    },
    async update(arn, inputs) {
      await setDisplayName(arn, inputs);
      return {};
    },
    async delete(arn) {
      await sns.send(new DeleteTopicCommand({ TopicArn: arn }));
    },
  };

  const findSubscription = (SubscriptionArn: string) =>
    unlessGone(sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })));

  const subscription: ResourceType = {
    inputs: ["topic", "protocol", "endpoint"],
    replaces: ["topic", "protocol", "endpoint"],
    defaults: { filterPolicy: "" },
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
      const found = await findSubscription(arn);
      const { PendingConfirmation, FilterPolicy } = found?.Attributes ?? {};
      const filterPolicy = FilterPolicy && FilterPolicy !== "{}" ? FilterPolicy : "";
      return (
        found && { ...state, pendingConfirmation: PendingConfirmation === "true", filterPolicy }
      );
    },
    async update(SubscriptionArn) {
      const noFilter = { AttributeName: "FilterPolicy", AttributeValue: "{}" };
      await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, ...noFilter }));
      return {};
    },
    async delete(arn) {
      await sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
      await until(async () => (await findSubscription(arn)) === undefined);
    },
  };

  const policyOf = async (TopicArn: string) =>
    (await unlessGone(sns.send(new GetTopicAttributesCommand({ TopicArn }))))?.Attributes;
  const setPolicy = (TopicArn: string, AttributeValue: string) =>
    sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue }));

  const topicPolicy: ResourceType = {
    inputs: ["arn", "policy"],
    replaces: ["arn"],
    hasFixedName: true,
    json: ["policy"],
    async create(inputs) {
      const arn = text(inputs, "arn");
      await setPolicy(arn, text(inputs, "policy"));
      return { id: arn, outputs: { owner: arn.split(":")[4] ?? "" } };
    },
    async read(arn, state) {
      const { Policy } = (await policyOf(arn)) ?? {};
      return Policy ? { ...state, policy: normalizeJson(Policy) } : undefined;
    },
    async update(arn, inputs) {
      await setPolicy(arn, text(inputs, "policy"));
      return {};
    },
    // It puts SNS's default policy back.
    async delete(arn) {
      const { policy } = recordedOutputs["aws:sns/topic:Topic"]?.({ arn }) ?? {};
      await setPolicy(arn, String(policy));
    },
  };

  return {
    "aws:sns/topic:Topic": topic,
    "aws:sns/topicPolicy:TopicPolicy": topicPolicy,
    "aws:sns/topicSubscription:TopicSubscription": subscription,
  };
}

import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { type AwsTarget, unlessGone } from "./aws.ts";
import { cannotUpdate, type ResourceType, text } from "./resource-type.ts";

export function snsResources(target: AwsTarget): Record<string, ResourceType> {
  const sns = new SNSClient(target);

  const topic: ResourceType = {
    inputs: ["name", "displayName"],
    replaces: ["name"],
    autoName: "name",
    async create(inputs) {
      const { TopicArn: arn = "" } = await sns.send(
        new CreateTopicCommand({
          Name: text(inputs, "name"),
          Attributes: { DisplayName: text(inputs, "displayName") },
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
      return { id: arn, outputs: { arn } };
    },
    async read(arn, state) {
      const command = new GetSubscriptionAttributesCommand({ SubscriptionArn: arn });
      return (await unlessGone(sns.send(command))) && state;
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

export function logsResources(target: AwsTarget): Record<string, ResourceType> {
  const logs = new CloudWatchLogsClient(target);

  const keepFor = (logGroupName: string, days: unknown) =>
    logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: Number(days) }));

  async function find(name: string) {
    const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: name });
    const { logGroups = [] } = await logs.send(command);
    return logGroups.find(({ logGroupName }) => logGroupName === name);
  }

  const logGroup: ResourceType = {
    inputs: ["name", "retentionInDays"],
    replaces: ["name"],
    hasFixedName: true,
    async create(inputs) {
      const name = text(inputs, "name");
      await logs.send(new CreateLogGroupCommand({ logGroupName: name }));
      await keepFor(name, inputs.retentionInDays);
      // AWS's API ends the ARN with ":*"; the real provider takes that off.
      const arn = (await find(name))?.arn?.replace(/:\*$/, "") ?? null;
      return { id: name, outputs: { arn } };
    },
    async read(name, state) {
      const found = await find(name);
      return found && { ...state, retentionInDays: found.retentionInDays ?? null };
    },
    async update(name, inputs) {
      await keepFor(name, inputs.retentionInDays);
      return {};
    },
    async delete(name) {
      await logs.send(new DeleteLogGroupCommand({ logGroupName: name }));
    },
  };

  return { "aws:cloudwatch/logGroup:LogGroup": logGroup };
}

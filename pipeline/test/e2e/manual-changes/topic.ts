import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  type SNSClient,
} from "@aws-sdk/client-sns";
import { found, type ManualChange } from "./manual-change.ts";

/** Changes of the topic and its subscription. */
export function ofTopic(sns: SNSClient): ManualChange[] {
  const subscription = async () => {
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
    return found(Subscriptions[0]);
  };
  const topicArn = async () => (await subscription()).TopicArn;
  return [
    {
      title: "the topic's display name",
      resource: ["aws:sns:Topic", "notifications"],
      change: async () =>
        sns.send(
          new SetTopicAttributesCommand({
            TopicArn: await topicArn(),
            AttributeName: "DisplayName",
            AttributeValue: "Prizes",
          }),
        ),
      read: async () => {
        const command = new GetTopicAttributesCommand({ TopicArn: await topicArn() });
        return (await sns.send(command)).Attributes?.DisplayName;
      },
    },
    {
      title: "a filter on the e-mail subscription",
      resource: ["aws:sns:TopicSubscription", "notifications-"],
      change: async () =>
        sns.send(
          new SetSubscriptionAttributesCommand({
            SubscriptionArn: (await subscription()).SubscriptionArn,
            AttributeName: "FilterPolicy",
            AttributeValue: JSON.stringify({ kind: ["none"] }),
          }),
        ),
      read: async () => {
        const { SubscriptionArn } = await subscription();
        const command = new GetSubscriptionAttributesCommand({ SubscriptionArn });
        const { FilterPolicy = "{}" } = (await sns.send(command)).Attributes ?? {};
        return FilterPolicy;
      },
    },
  ];
}

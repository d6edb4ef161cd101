import type { AwsTarget } from "../provider/aws-target.ts";
import { subscribe } from "../topic-subscription.ts";
import { ChatChannel } from "./channel.ts";

/** A channel's configuration, with the names of Amazon Q's API. */
export interface ChannelConfiguration {
  readonly ChatConfigurationArn: string;
  readonly SnsTopicArns: readonly string[];
}

/** The local Slack and Microsoft Teams. */
export interface Chat {
  /** The channels of the topic, by the name of their configuration. */
  readonly channels: ReadonlyMap<string, ChatChannel>;
  stop(): void;
}

/** Receives what Amazon Q Developer delivers from a topic. Throws if no configuration has the topic. */
export async function openChat(
  aws: AwsTarget,
  configurations: Iterable<ChannelConfiguration>,
  topicArn: string,
): Promise<Chat> {
  const names = [...configurations]
    .filter(({ SnsTopicArns }) => SnsTopicArns.includes(topicArn))
    .map(({ ChatConfigurationArn }) => ChatConfigurationArn.split("/").pop() ?? "");
  if (names.length === 0) throw new Error(`no channel is configured for the topic ${topicArn}`);
  const channels = new Map(names.map((name) => [name, new ChatChannel()]));
  const stop = await subscribe(aws, topicArn, ({ body }) => {
    for (const channel of channels.values()) channel.receive(body);
  });
  return { channels, stop };
}

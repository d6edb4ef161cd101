import { ListSubscriptionsByTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { waitFor } from "../wait.ts";
import type { AwsTarget } from "./provider/aws-target.ts";
import { subscribe } from "./topic-subscription.ts";

/** An e-mail as a subscriber of the topic gets it. */
export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
}

export interface Mailbox {
  /** Removes the oldest e-mail and returns it; throws if none arrives within two minutes. */
  next(): Promise<Mail>;
  /** How many e-mails have arrived and not been read. */
  waiting(): number;
  stop(): void;
}

/** Receives what the topic sends to its e-mail subscribers. */
export async function openMailbox(aws: AwsTarget, topicArn: string): Promise<Mailbox> {
  const { Subscriptions = [] } = await new SNSClient(aws).send(
    new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }),
  );
  const to = Subscriptions.filter((it) => it.Protocol === "email").map((it) => it.Endpoint ?? "");
  const mails: Mail[] = [];
  const stop = await subscribe(aws, topicArn, (message) => mails.push({ to, ...message }));
  return {
    next: () => waitFor("an e-mail", () => mails.shift(), { intervalMs: 20 }),
    waiting: () => mails.length,
    stop,
  };
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import {
  ConfirmSubscriptionCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { serveLocally } from "../access.ts";
import { randomHex } from "../secrets.ts";
import { waitFor } from "../wait.ts";
import type { AwsTarget } from "./provider/aws-target.ts";

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

/** Receives what the topic sends, by a confirmed HTTP subscription of the sandbox. */
export async function openMailbox(aws: AwsTarget, topicArn: string): Promise<Mailbox> {
  const sns = new SNSClient(aws);
  const mails: Mail[] = [];
  const { Subscriptions = [] } = await sns.send(
    new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }),
  );
  const to = Subscriptions.filter((it) => it.Protocol === "email").map((it) => it.Endpoint ?? "");
  // Only the topic knows it.
  const path = `/${randomHex(16)}`;
  const { promise: confirmed, resolve, reject } = Promise.withResolvers<void>();
  const onRequest = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== path) {
      response.writeHead(404).end();
      return;
    }
    const { Type, Subject, Message, Token } = JSON.parse(await text(request));
    response.end();
    if (Type === "Notification") mails.push({ to, subject: Subject, body: Message });
    if (Type !== "SubscriptionConfirmation") return;
    const confirm = new ConfirmSubscriptionCommand({ TopicArn: topicArn, Token });
    sns.send(confirm).then(() => resolve(), reject);
  };
  const { server, port } = await serveLocally(onRequest);
  const endpoint = `http://127.0.0.1:${port}${path}`;
  await sns.send(
    new SubscribeCommand({ TopicArn: topicArn, Protocol: "http", Endpoint: endpoint }),
  );
  await confirmed;
  return {
    next: () => waitFor("an e-mail", () => mails.shift(), { intervalMs: 20 }),
    waiting: () => mails.length,
    stop: () => server.close(),
  };
}

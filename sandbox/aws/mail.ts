import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import {
  ConfirmSubscriptionCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { serveLocally } from "../access.ts";
import { randomHex } from "../secrets.ts";
import type { AwsTarget } from "./provider/aws-target.ts";

/** An e-mail as a subscriber of the topic would get it. */
export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
}

export interface Mailbox {
  /** The next mail that was not taken yet; throws if none comes within two minutes. */
  next(): Promise<Mail>;
  /** How many mails wait to be taken. */
  waiting(): number;
  stop(): void;
}

/** Receives what the topic sends, by an HTTP subscription of the sandbox's own, confirmed. */
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
    async next() {
      for (let waitedMs = 0; waitedMs < 120_000; waitedMs += 20) {
        const mail = mails.shift();
        if (mail) return mail;
        await sleep(20);
      }
      throw new Error("no e-mail came within two minutes");
    },
    waiting: () => mails.length,
    stop: () => server.close(),
  };
}

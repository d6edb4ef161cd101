import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { ConfirmSubscriptionCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { serveLocally } from "../access.ts";
import { randomHex } from "../secrets.ts";
import type { AwsTarget } from "./provider/aws-target.ts";

/** A message as a subscriber of the topic gets it. */
export interface TopicMessage {
  readonly subject: string;
  readonly body: string;
}

/**
 * Receives what a topic sends, by a confirmed HTTP subscription of the sandbox. Returns the function that ends
 * it.
 */
export async function subscribe(
  aws: AwsTarget,
  topicArn: string,
  onMessage: (message: TopicMessage) => void,
): Promise<() => void> {
  const sns = new SNSClient(aws);
  // Only the topic knows it.
  const path = `/${randomHex(16)}`;
  const { promise: confirmed, resolve, reject } = Promise.withResolvers<void>();
  const onRequest = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== path) {
      response.writeHead(404).end();
      return;
    }
    const { Type, Subject = "", Message, Token } = JSON.parse(await text(request));
    response.end();
    if (Type === "Notification") onMessage({ subject: Subject, body: Message });
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
  return () => server.close();
}

import type { CallUrl } from "../aws/function-url.ts";
import type { Item } from "./collection.ts";
import { type Due, render, variablesOf } from "./template.ts";

/** What Sumo Logic sent: a webhook call with its response, or an e-mail. */
export type Notification =
  | {
      readonly kind: "webhook";
      readonly triggerType: string;
      readonly url: string;
      readonly payload: string;
      readonly status: number;
      readonly response: string;
    }
  | {
      readonly kind: "email";
      readonly triggerType: string;
      readonly recipients: readonly string[];
      readonly subject: string;
      readonly body: string;
    };

/** Sends what a monitor's notifications ask for. */
export async function notify(
  monitor: Item,
  due: Due,
  connections: ReadonlyMap<string, Item>,
  callUrl: CallUrl,
): Promise<Notification[]> {
  const wanted = (monitor.notifications ?? []).filter((it: Item) =>
    it.runForTriggerTypes.includes(due.triggerType),
  );
  const variables = variablesOf(monitor, due);
  return Promise.all(
    wanted.map(async ({ notification }: Item) => {
      if (notification.connectionType === "Email") return email(notification, due, variables);
      const connection = connections.get(notification.connectionId);
      if (!connection) throw new Error(`no connection ${notification.connectionId}`);
      const template = payloadOf(notification, connection, due);
      return callWebhook(connection, due, render(template, variables, "json"), callUrl);
    }),
  );
}

/** A monitor's own payload goes before the connection's. */
function payloadOf(notification: Item, connection: Item, { triggerType }: Due): string {
  const { payloadOverride, resolutionPayloadOverride } = notification;
  return triggerType.startsWith("Resolved")
    ? resolutionPayloadOverride || connection.resolutionPayload || connection.defaultPayload
    : payloadOverride || connection.defaultPayload;
}

async function callWebhook(
  connection: Item,
  { triggerType }: Due,
  payload: string,
  callUrl: CallUrl,
): Promise<Notification> {
  const headers = [...(connection.headers ?? []), ...(connection.customHeaders ?? [])];
  const { status, body: response } = await callUrl(connection.url, {
    headers: {
      "content-type": "application/json",
      ...Object.fromEntries(headers.map(({ name, value }: Item) => [name, value])),
    },
    body: payload,
  });
  return { kind: "webhook", triggerType, url: connection.url, payload, status, response };
}

function email(
  { recipients, subject, messageBody }: Item,
  { triggerType }: Due,
  variables: ReadonlyMap<string, string>,
): Notification {
  return {
    kind: "email",
    triggerType,
    recipients,
    subject: render(subject, variables, "text"),
    body: render(messageBody, variables, "text"),
  };
}

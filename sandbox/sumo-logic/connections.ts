import { hexId, type Item, type Kind, must, oneOf } from "./collection.ts";

const webhookTypes =
  "AWSLambda Azure Datadog HipChat PagerDuty Slack Webhook NewRelic Jira Opsgenie MicrosoftTeams ServiceNow SumoCloudSOAR";

/**
 * Webhook connections. Requests say `WebhookDefinition` where responses say `WebhookConnection`, and
 * responses have a mask for each value of `headers`.
 * https://help.sumologic.com/docs/alerts/webhook-connections/set-up-webhook-connections/
 */
export const connectionKind: Kind = {
  newId: hexId,
  deleteParameter: ["type", "WebhookConnection"],
  check({ type, name, url, webhookType, defaultPayload, resolutionPayload, headers = [] }) {
    oneOf("type", type, ["WebhookDefinition"]);
    must(typeof name === "string" && /^.{1,127}$/.test(name), "name", name, "1 to 127 characters");
    must(isReachable(url), "url", url, "http or https on its default port, or loopback");
    oneOf("webhookType", webhookType, webhookTypes.split(" "));
    must(isJson(defaultPayload), "defaultPayload", defaultPayload, "JSON");
    must(isJson(resolutionPayload ?? "{}"), "resolutionPayload", resolutionPayload, "JSON");
    // Values are secrets: the message has only their number.
    must(headers.every(isHeader), "headers", headers.length, "a list of names and values");
  },
  show: (item) => ({ ...item, type: "WebhookConnection", headers: masked(item.headers) }),
};

function masked(headers: Item[] = []): Item[] {
  return headers.map(({ name }) => ({ name, value: "********" }));
}

/** Sumo Logic calls ports 443 and 80 alone; loopback is for who tries this on one machine. */
function isReachable(text: unknown): boolean {
  const url = URL.parse(String(text));
  if (!url || !["http:", "https:"].includes(url.protocol)) return false;
  return url.port === "" || ["127.0.0.1", "localhost"].includes(url.hostname);
}

function isHeader(header: Item): boolean {
  return typeof header?.name === "string" && typeof header.value === "string";
}

function isJson(text: unknown): boolean {
  try {
    JSON.parse(String(text));
    return true;
  } catch {
    return false;
  }
}

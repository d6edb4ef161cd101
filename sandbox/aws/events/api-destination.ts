import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import { type Response, send } from "../../http.ts";
import { DeliveryError } from "./attempt.ts";

/** An API destination, with the names of the EventBridge API. */
export interface ApiDestination {
  readonly ApiDestinationArn: string;
  readonly ConnectionArn: string;
  readonly InvocationEndpoint: string;
  readonly HttpMethod: string;
  readonly InvocationRateLimitPerSecond?: number;
}

/** Its connection, with the secrets that the API never returns. */
export interface Connection {
  readonly ConnectionArn: string;
  readonly AuthParameters: {
    readonly ApiKeyAuthParameters: { readonly ApiKeyName: string; readonly ApiKeyValue: string };
    readonly InvocationHttpParameters?: {
      readonly BodyParameters?: readonly { readonly Key: string; readonly Value: string }[];
    };
  };
}

/** Sends a request of a destination; rejects if there is no response. */
export type SendRequest = (request: {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}) => Promise<Response>;

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html */
const longestRequestMs = 5_000;

/** EventBridge's default: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html */
const defaultRate = 300;

/**
 * The request of an API destination: the connection's body parameters become members of the JSON body, and its
 * API key a header. Throws a `DeliveryError` for a body that is not a JSON object.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection.html
 */
export function destinationRequest(
  { InvocationEndpoint, HttpMethod }: ApiDestination,
  { AuthParameters: { ApiKeyAuthParameters, InvocationHttpParameters } }: Connection,
  body: string,
) {
  const content: unknown = JSON.parse(body);
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new DeliveryError("INVALID_JSON", "the body is not an object", { isRetriable: false });
  }
  const parameters = InvocationHttpParameters?.BodyParameters ?? [];
  return {
    url: InvocationEndpoint,
    method: HttpMethod,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "user-agent": "Amazon/EventBridge/ApiDestinations",
      [ApiKeyAuthParameters.ApiKeyName]: ApiKeyAuthParameters.ApiKeyValue,
    },
    body: JSON.stringify({
      ...content,
      ...Object.fromEntries(parameters.map(({ Key, Value }) => [Key, Value])),
    }),
  };
}

/**
 * Invokes API destinations, each at most as often as its rate limit allows, and at most five seconds long. Rejects
 * with a `DeliveryError` for every response but a successful one.
 */
export function createDestinations(clock: Clock, sendRequest: SendRequest) {
  const lastMs = new Map<string, number>();

  /** Calls above the rate limit are throttled, and tried again later. */
  function checkRate({ ApiDestinationArn, InvocationRateLimitPerSecond: rate }: ApiDestination) {
    const nowMs = clock.now();
    const last = lastMs.get(ApiDestinationArn);
    if (last !== undefined && nowMs - last < 1_000 / (rate ?? defaultRate)) {
      throw new DeliveryError("THROTTLING", "the rate limit is reached", { isRetriable: true });
    }
    lastMs.set(ApiDestinationArn, nowMs);
  }

  return async (destination: ApiDestination, connection: Connection, body: string) => {
    checkRate(destination);
    const response = await Promise.race([
      sendRequest(destinationRequest(destination, connection, body)).catch(() => "no connection"),
      sleep(longestRequestMs, "time-out", { ref: false }),
    ]);
    if (response === "time-out") {
      throw new DeliveryError("TIMEOUT", "no response in 5 s", { isRetriable: true });
    }
    if (typeof response === "string") {
      throw new DeliveryError("CONNECTION_FAILURE", response, { isRetriable: true });
    }
    const { status } = response;
    if (status >= 200 && status < 300) return;
    throw new DeliveryError(codeOf(status), `the response was ${status}`, {
      isRetriable: status >= 500 || [401, 407, 409, 429].includes(status),
    });
  };
}

function codeOf(status: number): string {
  if (status === 429) return "THROTTLING";
  return status >= 500 ? "SDK_SERVER_ERROR" : "SDK_CLIENT_ERROR";
}

/** Sends requests for a public host to a port of this machine. No other request leaves the sandbox. */
export function toLoopback(ports: Readonly<Record<string, number>>): SendRequest {
  return async ({ url, method, headers, body }) => {
    const { host, pathname, search } = new URL(url);
    const port = ports[host];
    if (port === undefined) throw new Error(`the sandbox has no ${host}`);
    const content = Buffer.from(body);
    const sent = { ...headers, host: `127.0.0.1:${port}`, "content-length": content.length };
    return send({ port }, { method, path: pathname + search, headers: sent }, content);
  };
}

import { createHash, timingSafeEqual } from "node:crypto";
import type { HandlerOptions } from "./options.ts";
import { isRecord } from "./record.ts";
import type { Alert, Refused, TestMessage } from "./request.ts";
import { quote } from "./text.ts";

/** The body that the Sumo Logic connection sends, field by field; infra/alert-payload.ts makes it. */
const fields = [
  "schema",
  "monitorId",
  "monitorName",
  "triggerType",
  "triggerValue",
  "windowStartMs",
  "windowEndMs",
  "instanceId",
  "alertUrl",
] as const;

type Body = Record<(typeof fields)[number], string>;

/** A body may have at most this many bytes, as it came and after base64 decoding. */
const largestBodyBytes = 64 * 1024;

/**
 * Reads a webhook of Sumo Logic from a function URL event (payload 2.0).
 *
 * Checks in this order and refuses with the first that fails: method (405), size (413), token
 * (401), JSON and fields (400, naming the field). The token is compared before the body is read,
 * in constant time, by its SHA-256. A body with unrendered `{{…}}` is a test message.
 */
export function parseWebhook(
  event: Record<string, unknown>,
  http: Record<string, unknown>,
  options: Pick<HandlerOptions, "instanceId" | "tokenDigests">,
): Alert | TestMessage | Refused {
  if (http.method !== "POST") return refuse(405, `method ${quote(http.method)}; expected POST`);
  const content = readBody(event);
  if (content === undefined || content.length > largestBodyBytes) {
    return refuse(413, `body of more than ${largestBodyBytes} bytes`);
  }
  if (!hasToken(event.headers, options.tokenDigests)) return refuse(401, "no valid token");

  const body = parseBody(content);
  if (typeof body === "string") return refuse(400, body);
  const unrenderedFields = fields.filter((field) => /\{\{.*\}\}/s.test(body[field]));
  if (unrenderedFields.length > 0) {
    return { kind: "test", incidentId: incidentIdOf(body), unrenderedFields };
  }
  return parseAlert(body, options.instanceId);
}

/** The body's bytes; none if it is too large already before decoding. */
function readBody(event: Record<string, unknown>): Buffer | undefined {
  const text = typeof event.body === "string" ? event.body : "";
  if (Buffer.byteLength(text) > largestBodyBytes) return undefined;
  return Buffer.from(text, event.isBase64Encoded === true ? "base64" : "utf8");
}

function hasToken(headers: unknown, tokenDigests: readonly string[]): boolean {
  // Lambda gives header names in lower case and joins repeated headers with commas, which no
  // token contains: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
  const header = isRecord(headers) ? headers.authorization : undefined;
  const token = typeof header === "string" ? /^Bearer ([\w-]+)$/i.exec(header)?.[1] : undefined;
  const digest = createHash("sha256")
    .update(token ?? "")
    .digest();
  const matches = tokenDigests.map((accepted) =>
    timingSafeEqual(digest, Buffer.from(accepted, "hex")),
  );
  return token !== undefined && matches.includes(true);
}

/** The body with exactly the known fields, each a string; or what is wrong with it, as text. */
function parseBody(content: Buffer): Body | string {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content));
  } catch {
    return "the body is not JSON in UTF-8";
  }
  if (!isRecord(body)) return "the body must be a JSON object";
  const unknownField = Object.keys(body).find((key) => !fields.some((field) => field === key));
  if (unknownField !== undefined) return `unknown field ${quote(unknownField)}`;
  for (const field of fields) {
    if (!Object.hasOwn(body, field)) return `field ${field} is missing`;
    if (typeof body[field] !== "string") {
      return `field ${field} must be text: got ${quote(body[field])}`;
    }
  }
  return body as Body;
}

function parseAlert(body: Body, instanceId: string): Alert | Refused {
  if (body.schema !== "1") {
    return refuse(400, `field schema must be "1": got ${quote(body.schema)}`);
  }
  for (const field of ["windowStartMs", "windowEndMs"] as const) {
    if (!/^\d{1,15}$/.test(body[field])) {
      return refuse(
        400,
        `field ${field} must be milliseconds since 1970: got ${quote(body[field])}`,
      );
    }
  }
  // When nothing is slow any more there may be no row to name the instance; nothing is rebooted then.
  const isEnd = body.triggerType === "ResolvedCritical" && body.instanceId === "";
  if (!isEnd && !namesOnly(body.instanceId, instanceId)) {
    return refuse(
      400,
      `field instanceId must name the instance of this function: got ${quote(body.instanceId)}`,
    );
  }
  return {
    kind: "alert",
    incidentId: incidentIdOf(body),
    monitorName: body.monitorName,
    triggerType: body.triggerType,
    triggerValue: body.triggerValue,
    windowStartMs: Number(body.windowStartMs),
    windowEndMs: Number(body.windowEndMs),
    alertUrl: body.alertUrl,
  };
}

/** True for `i-…` itself and for list texts such as `["i-…"]` or `[i-…, i-…]` of only this id. */
function namesOnly(text: string, instanceId: string): boolean {
  const list = /^\[(.*)\]$/s.exec(text.trim())?.[1] ?? text;
  return list.split(",").every((item) => item.trim().replace(/^"(.*)"$/, "$1") === instanceId);
}

/**
 * The same for every message of one alert, by its page's link. Without one only a message that is
 * delivered again is the same, since the window of the alert's end is another.
 */
function incidentIdOf(body: Body): string {
  const identity = body.alertUrl || `${body.monitorId} ${body.windowStartMs} ${body.instanceId}`;
  return `alert-${createHash("sha256").update(identity).digest("hex").slice(0, 16)}`;
}

function refuse(status: number, reason: string): Refused {
  return { kind: "refused", source: "webhook", status, reason };
}

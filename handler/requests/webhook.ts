import { createHash, timingSafeEqual } from "node:crypto";
import type { MetricName } from "../metrics.ts";
import type { DeployedOptions } from "../options.ts";
import { isRecord } from "../record.ts";
import { quote } from "../text.ts";
import { alertLink } from "./alert-link.ts";
import type { Alert, Refused, TestMessage } from "./types.ts";

/** The body that the Sumo Logic connection sends, field by field; infra/alert-payload.ts writes it. */
const requiredFields = [
  "schema",
  "monitorId",
  "triggerType",
  "triggerValue",
  "windowStartMs",
  "windowEndMs",
  "instanceId",
  "alertUrl",
] as const;

/** Columns of the monitor's row; absent in the body of a connection from before they were sent. */
const resultFields = ["requestCount", "failedCount", "lastSuccessMs"] as const;

/** Sent by older connections, which sent the monitor's name; ignored. */
const obsoleteFields = ["monitorName"] as const;

type RequiredField = (typeof requiredFields)[number];
type ResultField = (typeof resultFields)[number];
type Body = Readonly<Record<RequiredField, string> & Record<ResultField, unknown>>;

/** The limit for a body in bytes, both as received and after base64 decoding. */
const largestBodyBytes = 64 * 1024;

/**
 * Reads a webhook of Sumo Logic from a function URL event (payload 2.0).
 *
 * Checks in this order, and refuses with the first check that fails: method (405), size (413), token
 * (401), JSON and fields (400, naming the field). The body is decoded, but not parsed, before the token is
 * compared in constant time by its SHA-256. A body with unrendered `{{…}}` is a test message.
 */
export function parseWebhook(
  event: Record<string, unknown>,
  http: Record<string, unknown>,
  options: Pick<DeployedOptions, "instanceIds" | "tokenDigests">,
): Alert | TestMessage | Refused {
  if (http.method !== "POST") {
    return refuse(405, `method ${quote(http.method)}; expected POST`, "UnauthenticatedRequest");
  }
  const content = readBody(event);
  if (content === undefined || content.length > largestBodyBytes) {
    return refuse(413, `body of more than ${largestBodyBytes} bytes`, "UnauthenticatedRequest");
  }
  if (!hasToken(event.headers, options.tokenDigests)) {
    // Other callers do not know the instances; the connection of this stack names one in each alert.
    return options.instanceIds.some((it) => content.includes(it))
      ? refuse(401, "no valid token, but the body names this instance", "AlertRefused")
      : refuse(401, "no valid token", "UnauthenticatedRequest");
  }

  const body = parseBody(content);
  if (typeof body === "string") return refuseBody(body);
  const unrenderedFields = requiredFields.filter((field) => isUnrendered(body[field]));
  const isTest = unrenderedFields.some((field) => !(field === "instanceId" && isResolution(body)));
  if (isTest) {
    return { kind: "test", incidentId: incidentIdOf(body), unrenderedFields };
  }
  return parseAlert(body, options.instanceIds);
}

/** The body's bytes; none if it is too large before decoding. */
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

/** The body with exactly the known fields, each a string; or a string that says what is wrong with it. */
function parseBody(content: Buffer): Body | string {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content));
  } catch {
    return "the body is not JSON in UTF-8";
  }
  if (!isRecord(body)) return "the body must be a JSON object";
  const known: readonly string[] = [...requiredFields, ...resultFields, ...obsoleteFields];
  const unknownField = Object.keys(body).find((key) => !known.includes(key));
  if (unknownField !== undefined) return `unknown field ${quote(unknownField)}`;
  for (const field of requiredFields) {
    if (!Object.hasOwn(body, field)) return `field ${field} is missing`;
    if (typeof body[field] !== "string") {
      return `field ${field} must be a string: got ${quote(body[field])}`;
    }
  }
  return Object.fromEntries(
    Object.entries(body).map(([field, value]) => [field, isWithoutValue(value) ? "" : value]),
  ) as Body;
}

/**
 * True for the two quotes that Sumo Logic writes where a variable has no value:
 * https://help.sumologic.com/docs/alerts/monitors/alert-variables/
 */
function isWithoutValue(value: unknown): boolean {
  return typeof value === "string" && value.trim() === '""';
}

/** True for a variable that was not filled in, as by Sumo Logic's Test button. */
function isUnrendered(text: string): boolean {
  const start = text.indexOf("{{");
  return start >= 0 && text.indexOf("}}", start) >= 0;
}

function isResolution({ triggerType }: Body): boolean {
  return triggerType === "ResolvedCritical";
}

function parseAlert(body: Body, instanceIds: readonly string[]): Alert | Refused {
  if (body.schema !== "1") {
    return refuseBody(`field schema must be "1": got ${quote(body.schema)}`);
  }
  for (const field of ["windowStartMs", "windowEndMs"] as const) {
    if (!/^\d{1,15}$/.test(body[field])) {
      return refuseBody(
        `field ${field} must be milliseconds since 1970: got ${quote(body[field])}`,
      );
    }
  }
  // Without any line the monitor has no row that names the instance. A resolution reboots nothing.
  const isWithoutRow = isResolution(body) && namesNone(body.instanceId);
  const instanceId = instanceIds.find((it) => namesOnly(body.instanceId, it));
  if (!isWithoutRow && instanceId === undefined) {
    const own = instanceIds.length === 1 ? "the instance" : "one instance";
    return refuseBody(
      `field instanceId must name ${own} of this function: got ${quote(body.instanceId)}`,
    );
  }
  const triggerValue = wholeNumberOf(body.triggerValue);
  const alertUrl = alertLink(body.alertUrl);
  const accepted = { triggerValue, alertUrl };
  const omittedFields = (["triggerValue", "alertUrl"] as const).filter(
    (field) => body[field] !== "" && accepted[field] === undefined,
  );
  return {
    kind: "alert",
    incidentId: incidentIdOf(body),
    ...(instanceId !== undefined && { instanceId }),
    triggerType: body.triggerType,
    ...(triggerValue !== undefined && { triggerValue }),
    windowStartMs: Number(body.windowStartMs),
    windowEndMs: Number(body.windowEndMs),
    ...(!isWithoutRow && readResponses(body)),
    ...(alertUrl !== undefined && { alertUrl }),
    ...(omittedFields.length > 0 && { omittedFields }),
  };
}

/** The columns of the row: all three or none. One that is missing or invalid means "no row". */
function readResponses(body: Body): Pick<Alert, "responses"> {
  const [requestCount, failedCount] = [numberOf(body.requestCount), numberOf(body.failedCount)];
  const lastSuccessMs = timeOf(body.lastSuccessMs, Number(body.windowEndMs));
  if (requestCount === undefined || failedCount === undefined || lastSuccessMs === undefined)
    return {};
  return { responses: { requestCount, failedCount, lastSuccessMs } };
}

/** A count as Sumo Logic may write it: `7`, `7.0`, `1.2e+06`. */
function numberOf(value: unknown): number | undefined {
  const isNumber = typeof value === "string" && /^\d{1,9}(\.\d{1,9})?(e\+?\d\d?)?$/i.test(value);
  return isNumber ? Number(value) : undefined;
}

function wholeNumberOf(value: unknown): number | undefined {
  const number = numberOf(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/**
 * A time in milliseconds since 1970 with all of its digits, no later than `latestMs`; or 0. A rounded one
 * could be hours away.
 */
function timeOf(value: unknown, latestMs: number): number | undefined {
  const isTime = typeof value === "string" && /^(0|\d{13})(\.0+)?$/.test(value);
  return isTime && Number(value) <= latestMs ? Number(value) : undefined;
}

/** True for `i-…` itself and for lists, for example `["i-…"]` or `[i-…, i-…]` of only this id. */
function namesOnly(text: string, instanceId: string): boolean {
  return namesIn(text).every((name) => name === instanceId);
}

/** True if no instance is named: blanks, `""`, `[]`, `[""]`, or a variable that was not filled in. */
function namesNone(text: string): boolean {
  return isUnrendered(text) || namesIn(text).every((name) => name === "");
}

/** The items of a list, or the one name. */
function namesIn(text: string): string[] {
  const list = /^\[(.*)\]$/s.exec(text.trim())?.[1] ?? text;
  return list.split(",").map((item) =>
    item
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .trim(),
  );
}

/**
 * The same id for every message of one alert, from the link of its page. Without a link, only a message
 * that is delivered twice has the same id, since the alert's resolution has another window.
 */
function incidentIdOf(body: Body): string {
  const identity = body.alertUrl || `${body.monitorId} ${body.windowStartMs} ${body.instanceId}`;
  return `alert-${createHash("sha256").update(identity).digest("hex").slice(0, 16)}`;
}

function refuseBody(reason: string): Refused {
  return refuse(400, reason, "AlertRefused");
}

function refuse(status: number, reason: string, metric: MetricName): Refused {
  return { kind: "refused", source: "webhook", status, reason, metric };
}

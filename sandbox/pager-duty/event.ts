/** An event that PagerDuty's Events API accepts. */
export interface PagerEvent {
  readonly routing_key: string;
  readonly event_action: "trigger" | "acknowledge" | "resolve";
  readonly dedup_key?: string;
  readonly payload?: {
    readonly summary: string;
    readonly source: string;
    readonly severity: "critical" | "error" | "warning" | "info";
  };
}

/** The whole event, in bytes: https://developer.pagerduty.com/docs/events-api-v2-overview */
const largestEvent = 512 * 1_024;

const actions = ["trigger", "acknowledge", "resolve"];
const severities = ["critical", "error", "warning", "info"];
const members = [
  "routing_key",
  "event_action",
  "dedup_key",
  "payload",
  "images",
  "links",
  "client",
  "client_url",
];
const payloadMembers = [
  "summary",
  "source",
  "severity",
  "timestamp",
  "component",
  "group",
  "class",
  "custom_details",
];

/**
 * What PagerDuty would refuse with status 400, one line each; nothing if it accepts the event. Unknown members are
 * refused too: PagerDuty ignores them, so they would be lost.
 * https://developer.pagerduty.com/docs/send-alert-event
 */
export function problemsOf(body: string): string[] {
  if (Buffer.byteLength(body) > largestEvent) return ["the event has more than 512 KB"];
  const event = parse(body);
  if (!event) return ["the event is not a JSON object"];
  const { routing_key, event_action, dedup_key, payload } = event;
  return [
    ...unknownIn(event, members, ""),
    ...must(
      isString(routing_key) && /^\w{32}$/.test(routing_key),
      "'routing_key' has 32 characters",
    ),
    ...must(
      isString(event_action) && actions.includes(event_action),
      `'event_action' is one of ${actions.join(", ")}`,
    ),
    ...must(
      dedup_key === undefined || (isString(dedup_key) && dedup_key.length <= 255),
      "'dedup_key' has at most 255 characters",
    ),
    ...(event_action === "trigger"
      ? problemsOfPayload(payload)
      : must(isString(dedup_key), "'dedup_key' is required to acknowledge and to resolve")),
  ];
}

function problemsOfPayload(payload: unknown): string[] {
  if (!isObject(payload)) return ["'payload' is required to trigger"];
  const { summary, source, severity, timestamp, component, group, custom_details } = payload;
  return [
    ...unknownIn(payload, payloadMembers, "payload."),
    ...must(
      isString(summary) && summary.length <= 1_024,
      "'payload.summary' has 1 to 1024 characters",
    ),
    ...must(isString(source), "'payload.source' is a string"),
    ...must(
      isString(severity) && severities.includes(severity),
      `'payload.severity' is one of ${severities.join(", ")}`,
    ),
    ...must(
      timestamp === undefined || (isString(timestamp) && !Number.isNaN(Date.parse(timestamp))),
      "'payload.timestamp' is an ISO 8601 time",
    ),
    ...must(
      [component, group, payload.class].every((it) => it === undefined || isString(it)),
      "'payload.component', 'payload.group' and 'payload.class' are strings",
    ),
    ...must(
      custom_details === undefined || isObject(custom_details),
      "'payload.custom_details' is an object",
    ),
  ];
}

function unknownIn(value: object, known: readonly string[], prefix: string): string[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `'${prefix}${key}' is unknown`);
}

/** The rule, unless it is kept. */
function must(isKept: boolean, rule: string): string[] {
  return isKept ? [] : [rule];
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isString(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

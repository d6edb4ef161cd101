import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { headingOf, instancesText } from "../notifications/message.ts";
import { cleanReason, cleanText, withoutLinks } from "../text.ts";
import { timeText } from "./times.ts";

// The events that other systems receive. Each write of a change also sets the item's `event`; every other
// write removes it (see `updateExpression` in table.ts). So a record of the table's stream has an event
// exactly if its write made one. docs/events/ describes the events.

/** The `source` of the events on the bus. */
export const eventSource = "reboot-automation";

/** The `detail-type` of an event and how serious it is, in PagerDuty's words, by its outcome. */
export const eventKinds = {
  claimed: { type: "Reboot Claimed", severity: "info" },
  rebooted: { type: "Instance Rebooted", severity: "warning" },
  failed: { type: "Reboot Failed", severity: "critical" },
  recovered: { type: "Instance Recovered", severity: "info" },
  "instance up": { type: "Instance Recovered", severity: "info" },
  "not recovered": { type: "Instance Not Recovered", severity: "critical" },
  unconfirmed: { type: "Reboot Unconfirmed", severity: "critical" },
  "recovery unconfirmed": { type: "Reboot Unconfirmed", severity: "critical" },
  suppressed: { type: "Alert Suppressed", severity: "warning" },
  "still slow": { type: "Alert Suppressed", severity: "warning" },
  "waited too long": { type: "Alert Suppressed", severity: "warning" },
  resolved: { type: "Alert Resolved", severity: "info" },
  removed: { type: "Instance Removed", severity: "info" },
  "shared cause": { type: "Shared Cause Suspected", severity: "critical" },
  "still affected": { type: "Shared Cause Over", severity: "warning" },
  "shared cause over": { type: "Shared Cause Over", severity: "info" },
  on: { type: "Mode Changed", severity: "info" },
  dryrun: { type: "Mode Changed", severity: "info" },
  off: { type: "Mode Changed", severity: "info" },
  test: { type: "Notification Test", severity: "info" },
  "test resolved": { type: "Notification Test Resolved", severity: "info" },
} as const;

export type EventOutcome = keyof typeof eventKinds;
export type EventType = (typeof eventKinds)[EventOutcome]["type"];

/** Every `detail-type`, in the order of an incident. */
export const eventTypes: readonly EventType[] = [
  ...new Set(Object.values(eventKinds).map(({ type }) => type)),
];

/** The version of docs/events/event.schema.json. */
export const eventSchemaVersion = "1";

/** What changed. `reason` may quote a person or AWS, never the webhook's sender. */
export interface Change {
  readonly outcome: EventOutcome;
  /** For a change of the mode and for a test, which have no incident, an id that names them. */
  readonly incidentId: string;
  readonly instanceId: string;
  /** How many other instances of the group it is about. */
  readonly otherCount?: number;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** True for a reboot that follows another one within 24 hours. */
  readonly isRecurring?: boolean;
}

/** The limit for an event's reason, in characters. */
const longestReason = 500;

/** The attribute `event` for a change: a map of strings. It has no secret, and links are defused. */
export function eventAttribute(change: Change): AttributeValue {
  const { outcome, incidentId, instanceId, otherCount, reason, atMs } = change;
  const { type, severity } = eventKinds[outcome];
  const { title, nextStep } = headingOf(outcome, change.isRecurring ?? false);
  const texts = {
    id: eventId(change),
    type,
    schemaVersion: eventSchemaVersion,
    time: timeText(atMs),
    incidentId,
    instanceId,
    outcome,
    severity,
    title: `${title} ${instancesText(instanceId, otherCount)}`,
    reason: cleanText(withoutLinks(cleanReason(reason)), longestReason),
    nextStep,
  };
  return { M: Object.fromEntries(Object.entries(texts).map(([name, S]) => [name, { S }])) };
}

/**
 * The same id for each repetition of a change, for example `alert-0123456789abcdef/not-recovered`. A
 * suppressed alert represents all alerts of its cool-down, so its id has the instance and the time.
 */
function eventId({ outcome, incidentId, instanceId, atMs }: Change): string {
  return outcome === "suppressed"
    ? `${instanceId}/suppressed/${timeText(atMs)}`
    : `${incidentId}/${outcome.replaceAll(" ", "-")}`;
}

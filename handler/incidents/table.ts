import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { alertLink } from "../requests/alert-link.ts";
import type { Alert, ManualRequest, Responses } from "../requests/types.ts";
import { dayMs } from "./times.ts";

export type Item = Record<string, AttributeValue>;

/**
 * The names of the table's attributes. The strings never change: the items that exist have them.
 * Times are milliseconds since 1970, except for `expiresAt`, which DynamoDB wants in seconds.
 */
export const attributes = {
  id: "id",
  /** The event of the item's last write, if that write was a change; see events.ts. */
  event: "event",

  // The instance's item. The reboots are in `rebootSlot(0)` and so on.
  mode: "mode",
  modeSince: "modeSince",
  modeUntil: "modeUntil",
  modeReason: "modeReason",
  lastIncident: "incident",
  suppressionNotifiedAt: "heldBackToldAt",
  resolutionNotifiedAt: "resolvedNotifiedAt",

  // An incident's item.
  source: "source",
  why: "why",
  force: "force",
  count: "count",
  windowStart: "windowStartMs",
  windowEnd: "windowEndMs",
  alertUrl: "alertUrl",
  instanceId: "instanceId",
  nonce: "nonce",
  claimedAt: "claimedAt",
  expiresAt: "expiresAt",
  rebootRequestedAt: "rebootRequestedAt",
  evidence: "evidence",
  failure: "failure",
  resolvedAt: "resolvedAt",
  requestCount: "requestCount",
  failedCount: "failedCount",
  lastSuccessAt: "lastSuccessAt",
  checkCount: "checkCount",
  upCount: "upCount",
  leaseUntil: "turnUntil",
  closedAt: "closedAt",
  outcome: "outcome",
  mails: "emails",
  mailFailure: "emailFailure",

  // An alert in quiet hours, and the quiet period itself, whose item lists the alerts.
  quietUntil: "quietUntil",
  alerts: "alerts",

  // An alert of a group until it is decided: when it arrived, the nonce of its next message, and until when a
  // message is deciding it. The claim keeps when it arrived.
  waitsSince: "waitsSince",
  arrivedAt: "arrivedAt",
  alertNonce: "alertNonce",
  decisionUntil: "decisionUntil",
  // A shared cause of a group: when it was checked last.
  checkedAt: "checkedAt",
} as const;

/**
 * The attributes of the item that the instances of a group share; those with `#` are followed by an instance's
 * id. See group-item.ts.
 */
export const groupAttributes = {
  version: "version",
  reboots: "reboots",
  sharedCause: "sharedCause",
  alert: "alert#",
  firedAt: "firedAt#",
  windowEnd: "windowEnd#",
  resolvedAt: "resolvedAt#",
  lease: "lease#",
  leaseUntil: "leaseUntil#",
} as const;

/** How many reboots the instance's item keeps, the latest in slot 0: also the highest daily limit. */
export const rebootSlots = 10;

/** The attribute with the time of a reboot. */
export function rebootSlot(index: number): string {
  return `t${index}`;
}

const incidentKeptMs = 90 * dayMs;
const incidentPrefix = "incident#";

export function instanceKey(instanceId: string): Item {
  return { [attributes.id]: { S: `instance#${instanceId}` } };
}

export const groupKey: Item = { [attributes.id]: { S: "group" } };

/** The prefix of the incident of a shared cause. */
export const sharedCausePrefix = "shared-";

/** The source of a quiet period, and that of a shared cause. */
export const quietSource = "quiet hours";
export const sharedCauseSource = "shared cause";

export function incidentKey(incidentId: string): Item {
  return { [attributes.id]: { S: `${incidentPrefix}${incidentId}` } };
}

/** Selects the incidents in a scan. */
export const incidentFilter = {
  FilterExpression: `begins_with(${attributes.id}, :prefix)`,
  ExpressionAttributeValues: { ":prefix": { S: incidentPrefix } },
};

/**
 * The kill switch as an item has it: that of an instance, or of all instances of a group. A time that is missing
 * or of a wrong type is `NaN`.
 */
export interface ModeSwitch {
  /** `on`, `off` or `dryrun`; another string if others wrote the item, absent if it is no string. */
  readonly name?: string;
  readonly sinceMs: number;
  /** When the mode ends by itself, if it does. */
  readonly untilMs: number;
  readonly reason: string;
}

/** The instance's item. */
export interface InstanceState {
  /** Absent if nobody ever set the kill switch. */
  readonly mode?: ModeSwitch;
  /** When the reboots were claimed, by slot; absent in an unused slot, `NaN` if it is no number. */
  readonly rebootsMs: readonly (number | undefined)[];
}

export function readInstance(item: Item): InstanceState {
  const mode = readMode(item);
  const rebootsMs = Array.from({ length: rebootSlots }, (_, index) => {
    const time = item[rebootSlot(index)];
    return time && timeOf(time);
  });
  return { ...(mode && { mode }), rebootsMs };
}

/** The kill switch of an item; undefined if nobody ever set it. */
export function readMode(item: Item): ModeSwitch | undefined {
  const { mode } = item;
  return (
    mode && {
      ...(mode.S !== undefined && { name: mode.S }),
      sinceMs: timeOf(item[attributes.modeSince]),
      untilMs: timeOf(item[attributes.modeUntil]),
      reason: item[attributes.modeReason]?.S ?? "",
    }
  );
}

/** A condition that holds if the kill switch of an item allows reboots. A value of a wrong type refuses. */
export const modeAllows = {
  condition: `(attribute_not_exists(#mode) OR #mode = :on OR ${attributes.modeUntil} <= :now)`,
  // "mode" is a reserved word of DynamoDB.
  names: { "#mode": attributes.mode },
  valuesAt: (nowMs: number): Item => ({ ":on": { S: "on" }, ":now": numberAttribute(nowMs) }),
};

/** An update of an item: its assignments with their values, what it removes, and the event of the change. */
export interface ItemUpdate {
  readonly set: readonly string[];
  readonly remove?: readonly string[];
  /** Those of the condition too. */
  readonly values: Item;
  readonly event?: AttributeValue | undefined;
}

/**
 * The expression of an update. Every update of an item has its expression from here: one without an event
 * removes the last one, so a record of the table's stream never has the event of an earlier write.
 */
export function updateExpression({ set, remove = [], values, event }: ItemUpdate): {
  UpdateExpression: string;
  ExpressionAttributeValues: Item;
} {
  const name = attributes.event;
  const sets = event ? [...set, `${name} = :${name}`] : set;
  const removes = event ? remove : [...remove, name];
  const removal = removes.length === 0 ? "" : ` REMOVE ${removes.join(", ")}`;
  return {
    UpdateExpression: `SET ${sets.join(", ")}${removal}`,
    ExpressionAttributeValues: { ...values, ...(event && { [`:${name}`]: event }) },
  };
}

/** Why an incident began. */
export type Cause =
  | { readonly kind: "manual" | "test" | "quiet hours" | "shared cause" }
  | {
      readonly kind: "alert";
      readonly triggerValue?: number;
      readonly windowStartMs: number;
      readonly windowEndMs: number;
      readonly alertUrl?: string;
    };

/** An e-mail. */
export interface Mail {
  /** When it was composed, in milliseconds since 1970. */
  readonly atMs: number;
  readonly subject: string;
  readonly text: string;
}

/**
 * An incident as the table has it, from the claim to its end; times are milliseconds since 1970.
 * What has a wrong type or format in the item is absent here, or `NaN`: others may write the table too.
 */
export interface Incident {
  readonly id: string;
  readonly cause: Cause;
  /** The monitor's name, or the person's reason. */
  readonly why: string;
  /** The instance that the request named; absent in items from before this was stored. */
  readonly instanceId?: string;
  /** When the alert or the invocation arrived: in a group, before its claim. */
  readonly arrivedAtMs: number;
  readonly claimedAtMs: number;
  /** When the reboot was requested from EC2, if it was. */
  readonly rebootRequestedAtMs?: number;
  /** What was captured before the reboot, for example `console output, screenshot`. */
  readonly evidence?: string;
  /** Why nothing was rebooted although it was claimed. */
  readonly failure?: string;
  /** When Sumo Logic reported that the alert resolved. */
  readonly resolvedAtMs?: number;
  /** The API's responses in the resolving window; absent if it had no line of the instance. */
  readonly responses?: Responses;
  /** How often it was checked, this time included. */
  readonly checkCount: number;
  /** How many checks in a row have found the instance up. */
  readonly upCount: number;
  /** When the result was reported. */
  readonly closedAtMs?: number;
  /** The result, once it was reported: see `End` in handler/verdict.ts, and handler/quiet-end.ts. */
  readonly outcome?: string;
  /**
   * The e-mails about it, in their order; at most `mostMails`. The first one is written with the reboot, before SNS
   * gets it: if SNS refuses it, `mailFailure` says so.
   */
  readonly mails: readonly Mail[];
  /** The last e-mail that SNS did not accept, and why. */
  readonly mailFailure?: string;
  /** When the quiet hours end in which the alert came. */
  readonly quietUntilMs?: number;
  /** The incidents of the alerts in a quiet period or of a shared cause, in their order. */
  readonly alerts?: readonly string[];
  /** When the alert of a group arrived, if it is not decided. */
  readonly waitsSinceMs?: number;
  /** When a shared cause was checked last. */
  readonly checkedAtMs?: number;
}

/** Reads an incident's item, which `incidentItem` and the handler's updates have written. */
export function readIncident(item: Item): Incident {
  const string = (name: string) => item[name]?.S;
  const number = (name: string) => numberOf(item[name]);
  const [instanceId, evidence, failure, outcome, mailFailure] = [
    attributes.instanceId,
    attributes.evidence,
    attributes.failure,
    attributes.outcome,
    attributes.mailFailure,
  ].map(string);
  const [rebootRequestedAtMs, resolvedAtMs, closedAtMs, quietUntilMs, waitsSinceMs, checkedAtMs] = [
    attributes.rebootRequestedAt,
    attributes.resolvedAt,
    attributes.closedAt,
    attributes.quietUntil,
    attributes.waitsSince,
    attributes.checkedAt,
  ].map(number);
  const alerts = item[attributes.alerts]?.L?.flatMap(({ S }) => S ?? []);
  const responses = readResponses(item);
  const claimedAtMs = timeOf(item[attributes.claimedAt]);
  return {
    id: (string(attributes.id) ?? "").slice(incidentPrefix.length),
    cause: readCause(item),
    why: string(attributes.why) ?? "",
    ...(instanceId !== undefined && { instanceId }),
    arrivedAtMs: number(attributes.arrivedAt) ?? claimedAtMs,
    claimedAtMs,
    ...(rebootRequestedAtMs !== undefined && { rebootRequestedAtMs }),
    ...(evidence !== undefined && { evidence }),
    ...(failure !== undefined && { failure }),
    ...(resolvedAtMs !== undefined && { resolvedAtMs }),
    ...(responses && { responses }),
    checkCount: number(attributes.checkCount) ?? 0,
    upCount: number(attributes.upCount) ?? 0,
    ...(closedAtMs !== undefined && { closedAtMs }),
    ...(outcome !== undefined && { outcome }),
    mails: readMails(item[attributes.mails]),
    ...(mailFailure !== undefined && { mailFailure }),
    ...(quietUntilMs !== undefined && { quietUntilMs }),
    ...(alerts && { alerts }),
    ...(waitsSinceMs !== undefined && { waitsSinceMs }),
    ...(checkedAtMs !== undefined && { checkedAtMs }),
  };
}

function readMails(value: AttributeValue | undefined): Mail[] {
  return (value?.L ?? []).flatMap(({ M: mail = {} }) => {
    const [atMs, subject, text] = [numberOf(mail.at), mail.subject?.S, mail.text?.S];
    const isMail = atMs !== undefined && subject !== undefined && text !== undefined;
    return isMail ? [{ atMs, subject, text }] : [];
  });
}

function readCause(item: Item): Cause {
  const source = item[attributes.source]?.S ?? "";
  // prose-allow by-hand: the source of older items
  if (source === "manual" || source === "by-hand") return { kind: "manual" };
  if (source === quietSource || source === sharedCauseSource) return { kind: source };
  const count = item[attributes.count]?.S ?? "";
  const alertUrl = alertLink(item[attributes.alertUrl]?.S ?? "");
  return {
    kind: "alert",
    ...(/^\d{1,15}$/.test(count) && { triggerValue: Number(count) }),
    windowStartMs: timeOf(item[attributes.windowStart]),
    windowEndMs: timeOf(item[attributes.windowEnd]),
    ...(alertUrl !== undefined && { alertUrl }),
  };
}

function readResponses(item: Item): Responses | undefined {
  const requestCount = numberOf(item[attributes.requestCount]);
  const failedCount = numberOf(item[attributes.failedCount]);
  const lastSuccessMs = numberOf(item[attributes.lastSuccessAt]);
  const isComplete =
    requestCount !== undefined && failedCount !== undefined && lastSuccessMs !== undefined;
  return isComplete ? { requestCount, failedCount, lastSuccessMs } : undefined;
}

/** The item of a new incident; `readIncident` reads it. */
export function incidentItem(
  request: Alert | ManualRequest,
  { instanceId, monitorName, nonce, nowMs }: NewIncident,
): Item {
  return {
    ...causeAttributes(request, monitorName),
    ...incidentKey(request.incidentId),
    [attributes.instanceId]: { S: instanceId },
    [attributes.nonce]: { S: nonce },
    [attributes.claimedAt]: numberAttribute(nowMs),
    [attributes.expiresAt]: expiryOf(nowMs),
  };
}

/** When DynamoDB deletes an incident of `nowMs`; its time to live is in seconds. */
export function expiryOf(nowMs: number): AttributeValue {
  return numberAttribute(Math.floor((nowMs + incidentKeptMs) / 1_000));
}

export interface NewIncident {
  readonly instanceId: string;
  readonly monitorName: string;
  /** Unique for each claim: by it a claim whose response was lost recognizes its item. */
  readonly nonce: string;
  readonly nowMs: number;
}

function causeAttributes(request: Alert | ManualRequest, monitorName: string): Item {
  if (request.kind === "manual") {
    return {
      [attributes.source]: { S: "manual" },
      [attributes.why]: { S: request.reason },
      [attributes.force]: { BOOL: request.force },
    };
  }
  const { triggerValue, windowStartMs, windowEndMs, alertUrl } = request;
  return {
    [attributes.source]: { S: "webhook" },
    [attributes.why]: { S: monitorName },
    ...(triggerValue !== undefined && { [attributes.count]: { S: String(triggerValue) } }),
    [attributes.windowStart]: numberAttribute(windowStartMs),
    [attributes.windowEnd]: numberAttribute(windowEndMs),
    ...(alertUrl !== undefined && { [attributes.alertUrl]: { S: alertUrl } }),
  };
}

/** The attributes of an incident whose reboot was requested at `nowMs`, after what was captured. */
export function rebootAttributes(nowMs: number, captured: readonly string[] = []): Item {
  return {
    [attributes.rebootRequestedAt]: numberAttribute(nowMs),
    ...(captured.length > 0 && { [attributes.evidence]: { S: captured.join(", ") } }),
  };
}

/** The attributes of an incident that ended without a reboot. */
export function failureAttributes(failure: string): Item {
  return { [attributes.failure]: { S: failure } };
}

/** The attributes of an incident whose result was reported at `nowMs`. */
export function closingAttributes(outcome: string, nowMs: number): Item {
  return {
    [attributes.closedAt]: numberAttribute(nowMs),
    [attributes.outcome]: { S: outcome },
  };
}

/**
 * The limits of an incident's e-mails: together they stay far below the 400 KB of an item. An incident
 * has three at most, unless its alert is sent as resolved again and again.
 */
const mostMails = 10;
const longestMail = 8_000;

/** The attribute of an incident with these e-mails. */
export function mailsAttributes(mails: readonly Mail[]): Item {
  const L = mails.slice(0, mostMails).map(({ atMs, subject, text }) => ({
    M: {
      at: numberAttribute(atMs),
      subject: { S: subject },
      text: { S: text.slice(0, longestMail).toWellFormed() },
    },
  }));
  return { [attributes.mails]: { L } };
}

/**
 * The attributes of an incident after one more e-mail, of which `result` says "sent" or what failed.
 * `before` are the e-mails that were sent before it.
 */
export function deliveryAttributes(before: readonly Mail[], mail: Mail, result: string): Item {
  if (result === "sent") return mailsAttributes([...before, mail]);
  const failure = { [attributes.mailFailure]: { S: `${mail.subject}: ${result}` } };
  return { ...mailsAttributes(before), ...failure };
}

/** The attributes of an incident whose alert was reported as resolved at `nowMs`. */
export function resolutionAttributes({ responses }: Alert, nowMs: number): Item {
  return {
    [attributes.resolvedAt]: numberAttribute(nowMs),
    ...(responses && {
      [attributes.requestCount]: numberAttribute(responses.requestCount),
      [attributes.failedCount]: numberAttribute(responses.failedCount),
      [attributes.lastSuccessAt]: numberAttribute(responses.lastSuccessMs),
    }),
  };
}

/** The number of an attribute, if it is one. */
export function numberOf(value: AttributeValue | undefined): number | undefined {
  return value?.N === undefined ? undefined : Number(value.N);
}

export function numberAttribute(value: number): AttributeValue {
  return { N: String(value) };
}

function timeOf(value: AttributeValue | undefined): number {
  return numberOf(value) ?? Number.NaN;
}

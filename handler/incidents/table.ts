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

export function incidentKey(incidentId: string): Item {
  return { [attributes.id]: { S: `${incidentPrefix}${incidentId}` } };
}

/** Selects the incidents in a scan. */
export const incidentFilter = {
  FilterExpression: `begins_with(${attributes.id}, :prefix)`,
  ExpressionAttributeValues: { ":prefix": { S: incidentPrefix } },
};

/** The kill switch as an item has it. A time that is missing or of a wrong type is `NaN`. */
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
  const { mode } = item;
  const rebootsMs = Array.from({ length: rebootSlots }, (_, index) => {
    const time = item[rebootSlot(index)];
    return time && timeOf(time);
  });
  return {
    ...(mode && {
      mode: {
        ...(mode.S !== undefined && { name: mode.S }),
        sinceMs: timeOf(item[attributes.modeSince]),
        untilMs: timeOf(item[attributes.modeUntil]),
        reason: item[attributes.modeReason]?.S ?? "",
      },
    }),
    rebootsMs,
  };
}

/** Why an incident began. */
export type Cause =
  | { readonly kind: "manual" | "test" }
  | {
      readonly kind: "alert";
      readonly triggerValue?: number;
      readonly windowStartMs: number;
      readonly windowEndMs: number;
      readonly alertUrl?: string;
    };

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
  readonly claimedAtMs: number;
  /** When the reboot was requested from EC2, if it was. */
  readonly rebootRequestedAtMs?: number;
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
  /** The result, once it was reported: see `End` in handler/verdict.ts. */
  readonly outcome?: string;
}

/** Reads an incident's item, which `incidentItem` and the handler's updates have written. */
export function readIncident(item: Item): Incident {
  const string = (name: string) => item[name]?.S;
  const number = (name: string) => numberOf(item[name]);
  const [instanceId, failure, outcome] = [
    attributes.instanceId,
    attributes.failure,
    attributes.outcome,
  ].map(string);
  const [rebootRequestedAtMs, resolvedAtMs, closedAtMs] = [
    attributes.rebootRequestedAt,
    attributes.resolvedAt,
    attributes.closedAt,
  ].map(number);
  const responses = readResponses(item);
  return {
    id: (string(attributes.id) ?? "").slice(incidentPrefix.length),
    cause: readCause(item),
    why: string(attributes.why) ?? "",
    ...(instanceId !== undefined && { instanceId }),
    claimedAtMs: timeOf(item[attributes.claimedAt]),
    ...(rebootRequestedAtMs !== undefined && { rebootRequestedAtMs }),
    ...(failure !== undefined && { failure }),
    ...(resolvedAtMs !== undefined && { resolvedAtMs }),
    ...(responses && { responses }),
    checkCount: number(attributes.checkCount) ?? 0,
    upCount: number(attributes.upCount) ?? 0,
    ...(closedAtMs !== undefined && { closedAtMs }),
    ...(outcome !== undefined && { outcome }),
  };
}

function readCause(item: Item): Cause {
  const source = item[attributes.source]?.S ?? "";
  // prose-allow by-hand: the source of older items
  if (source === "manual" || source === "by-hand") return { kind: "manual" };
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
    // DynamoDB's time to live is in seconds.
    [attributes.expiresAt]: numberAttribute(Math.floor((nowMs + incidentKeptMs) / 1_000)),
  };
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

/** The attributes of an incident whose reboot was requested at `nowMs`. */
export function rebootAttributes(nowMs: number): Item {
  return { [attributes.rebootRequestedAt]: numberAttribute(nowMs) };
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

import type {
  AttributeValue,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { errorText, isNamed, namedError } from "../errors.ts";
import type { HandlerOptions } from "../options.ts";
import { isRecord } from "../record.ts";
import type { Alert, CheckMessage } from "../requests/types.ts";
import { incidentLeaseMs, timeLimitsMs } from "../time-limits.ts";
import { eventAttribute } from "./events.ts";
import {
  attributes,
  type Incident,
  type InstanceState,
  type Item,
  type ItemUpdate,
  incidentKey,
  instanceKey,
  numberAttribute,
  numberOf,
  readIncident,
  readInstance,
  resolutionAttributes,
  updateExpression,
} from "./table.ts";
import { minuteMs } from "./times.ts";

// The calls of DynamoDB, one function each. The transactions are in claim.ts and quiet-period.ts.

/** Reads the instance's item, for at most two seconds. Throws what DynamoDB throws. */
export async function loadInstance(options: HandlerOptions): Promise<InstanceState> {
  const key = instanceKey(options.instanceId);
  return readInstance(await getItem(key, options, timeLimitsMs.readInstance));
}

/** An incident with the nonces of its item, which only the table and the queue have. */
export interface StoredIncident extends Incident {
  readonly nonce: string;
  /** That of the message that decides an alert of a group; empty elsewhere. */
  readonly alertNonce: string;
  /** Until when a message may be deciding an alert of a group; 0 elsewhere. */
  readonly decisionUntilMs: number;
}

/** Reads an incident; one that does not exist has nothing but its id. Throws what DynamoDB throws. */
export async function loadIncident(
  incidentId: string,
  options: HandlerOptions,
): Promise<StoredIncident> {
  const key = incidentKey(incidentId);
  const item = await getItem(key, options, timeLimitsMs.readIncident);
  return readStoredIncident({ ...key, ...item });
}

/** Reads an incident's item with its nonces. */
export function readStoredIncident(item: Item): StoredIncident {
  const [nonce = "", alertNonce = ""] = [attributes.nonce, attributes.alertNonce].map(
    (name) => item[name]?.S,
  );
  const decisionUntilMs = numberOf(item[attributes.decisionUntil]) ?? 0;
  return { ...readIncident(item), nonce, alertNonce, decisionUntilMs };
}

/** An item as the last write left it; empty if there is none. */
export async function getItem(
  Key: Item,
  { clients, tableName }: HandlerOptions,
  limitMs: number,
): Promise<Item> {
  const input = { TableName: tableName, Key, ConsistentRead: true };
  const { Item = {} } = await clients.getItem(input, limitMs);
  return Item;
}

/** What to write to an incident: attributes, and the event if they are a change that others are notified of. */
export interface IncidentUpdate {
  readonly item: Item;
  readonly event?: AttributeValue | undefined;
  /**
   * Writes only if the incident's claim has this nonce: an alert that was delivered twice must not write
   * for the delivery that rebooted.
   */
  readonly nonce?: string | undefined;
}

/**
 * Updates an incident. Returns the result, for the log. Never throws: a failed update changes nothing of
 * what was done.
 */
export async function updateIncident(
  incidentId: string,
  { item, event, nonce }: IncidentUpdate,
  options: HandlerOptions,
): Promise<string> {
  try {
    await updateItem(
      {
        Key: incidentKey(incidentId),
        ConditionExpression:
          nonce === undefined
            ? `attribute_exists(${attributes.id})`
            : `${attributes.nonce} = :nonce`,
        set: assignments(item),
        values: { ...valuesOf(item), ...(nonce !== undefined && { ":nonce": { S: nonce } }) },
        event,
      },
      options,
      timeLimitsMs.updateIncident,
    );
    return "updated";
  } catch (error) {
    if (isNamed(error, "ConditionalCheckFailedException")) return "no incident";
    return `failed: ${errorText(error)}`;
  }
}

/** The result of recording that an alert resolved, with the incident as it is now. */
export type ResolutionRecord =
  | { readonly kind: "recorded"; readonly incident: Incident }
  | { readonly kind: "recorded before"; readonly incident: Incident }
  /** Its window ended before the reboot, or the incident has no reboot. */
  | { readonly kind: "not counted"; readonly incident: Incident; readonly reason: string }
  /** An alert that a limit suppressed has no incident, and resolves all the same. */
  | { readonly kind: "no incident" }
  /** Nobody knows whether there is an incident. */
  | { readonly kind: "failed"; readonly error: string };

/**
 * Records on the incident of an alert that the alert resolved. A resolution counts once, and only if
 * its window ends after the reboot or, for an alert in quiet hours or one that waits, after that of the
 * alert. Never throws.
 */
export async function recordResolution(
  alert: Alert,
  options: HandlerOptions,
): Promise<ResolutionRecord> {
  const item = resolutionAttributes(alert, options.now());
  const { quietUntil, rebootRequestedAt, resolvedAt, waitsSince, windowEnd } = attributes;
  const isAfterReboot = `${rebootRequestedAt} < :windowEnd`;
  try {
    const { Attributes = {} } = await updateItem(
      {
        Key: incidentKey(alert.incidentId),
        // A comparison with an attribute that does not exist is false.
        ConditionExpression: [
          `(${isAfterReboot} OR attribute_exists(${quietUntil}) OR attribute_exists(${waitsSince}))`,
          `(${isAfterReboot} OR ${windowEnd} < :windowEnd)`,
          `attribute_not_exists(${resolvedAt})`,
        ].join(" AND "),
        set: assignments(item),
        values: { ":windowEnd": numberAttribute(alert.windowEndMs), ...valuesOf(item) },
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
      options,
      timeLimitsMs.updateIncident,
    );
    return { kind: "recorded", incident: readIncident(Attributes) };
  } catch (error) {
    if (!isNamed(error, "ConditionalCheckFailedException")) {
      return { kind: "failed", error: errorText(error) };
    }
    if (!isRecord(error) || !isRecord(error.Item)) return { kind: "no incident" };
    return whyNotRecorded(readIncident(error.Item as Item));
  }
}

/** Which part of the condition was false. */
function whyNotRecorded(incident: Incident): ResolutionRecord {
  if (incident.resolvedAtMs !== undefined) return { kind: "recorded before", incident };
  if (incident.quietUntilMs !== undefined || incident.waitsSinceMs !== undefined) {
    return { kind: "not counted", incident, reason: "its window ended before that of the alert" };
  }
  const hasReboot = incident.rebootRequestedAtMs !== undefined;
  const reason = hasReboot ? "its window ended before the reboot" : "its incident has no reboot";
  return { kind: "not counted", incident, reason };
}

/**
 * True for the first suppressed alert of a cool-down, of which people and others are notified: its write
 * has the event. `reason` says which limit suppressed it.
 */
export function isFirstSuppression(
  incidentId: string,
  reason: string,
  options: HandlerOptions,
): Promise<boolean> {
  const { instanceId, now } = options;
  const change = { outcome: "suppressed", incidentId, instanceId, reason, atMs: now() } as const;
  return isFirstInCooldown(attributes.suppressionNotifiedAt, options, eventAttribute(change));
}

/** True for the first resolution of a cool-down of which people are notified. */
export function isFirstResolution(options: HandlerOptions): Promise<boolean> {
  return isFirstInCooldown(attributes.resolutionNotifiedAt, options);
}

/** What is notified at most once per cool-down: the attribute of the instance's item with the time. */
type NotifiedAttribute =
  | typeof attributes.suppressionNotifiedAt
  | typeof attributes.resolutionNotifiedAt;

/**
 * True for the first notification of its kind in a cool-down. It is false for later ones, or a storm
 * of alerts, or a replayed one, would be a storm of e-mails. If in doubt it is true: one e-mail too many
 * is better than silence. Anyone who sends alerts and resolutions concurrently can make writes conflict
 * and fail, but not reads. So a failed write is in doubt only if a read shows no other notification.
 */
async function isFirstInCooldown(
  attribute: NotifiedAttribute,
  options: HandlerOptions,
  event?: AttributeValue,
): Promise<boolean> {
  const { instanceId, limits, now } = options;
  const nowMs = now();
  const beforeMs = nowMs - limits.cooldownMinutes * minuteMs;
  try {
    await updateItem(
      {
        Key: instanceKey(instanceId),
        ConditionExpression: `attribute_not_exists(${attribute}) OR ${attribute} <= :before`,
        set: [`${attribute} = :now`],
        values: { ":now": numberAttribute(nowMs), ":before": numberAttribute(beforeMs) },
        event,
      },
      options,
      timeLimitsMs.markNotified,
    );
    return true;
  } catch (error) {
    if (isNamed(error, "ConditionalCheckFailedException")) return false;
    const notifiedAtMs = await readNotifiedAt(attribute, options);
    // The time of this very call is the time of a write whose response was lost.
    return notifiedAtMs === nowMs || !(notifiedAtMs > beforeMs);
  }
}

/** The time in the instance's item; `NaN` if there is none, or if the table does not respond. */
async function readNotifiedAt(
  attribute: NotifiedAttribute,
  options: HandlerOptions,
): Promise<number> {
  try {
    const item = await getItem(instanceKey(options.instanceId), options, timeLimitsMs.readNotified);
    return numberOf(item[attribute]) ?? Number.NaN;
  } catch {
    return Number.NaN;
  }
}

/**
 * Counts one check of an incident and returns the incident, in one write. So repeated or concurrent
 * checks can only bring the end nearer, never put it off. Throws `UnknownIncident` if no incident has
 * this id and nonce, and otherwise what DynamoDB throws: `ValidationException` if a count is not a number.
 */
export async function countCheck(
  { incidentId, nonce }: CheckMessage,
  health: "up" | "not up",
  options: HandlerOptions,
): Promise<Incident> {
  const { checkCount, upCount } = attributes;
  const increment = (name: string) => `if_not_exists(${name}, :zero) + :one`;
  try {
    const { Attributes = {} } = await updateItem(
      {
        Key: incidentKey(incidentId),
        ConditionExpression: `${attributes.nonce} = :nonce`,
        set: [
          `${checkCount} = ${increment(checkCount)}`,
          `${upCount} = ${health === "up" ? increment(upCount) : ":zero"}`,
        ],
        values: {
          ":nonce": { S: nonce },
          ":zero": numberAttribute(0),
          ":one": numberAttribute(1),
        },
        ReturnValues: "ALL_NEW",
      },
      options,
      timeLimitsMs.countCheck,
    );
    return readIncident(Attributes);
  } catch (error) {
    if (!isNamed(error, "ConditionalCheckFailedException")) throw error;
    throw namedError("UnknownIncident", "no incident has this id and the nonce of its claim");
  }
}

/**
 * Acquires the lease to report the end of an incident. If two checks run concurrently, for example because
 * SQS's response was lost and the message was sent twice, only one of them reports. A check that crashes
 * loses its lease after ten seconds. Throws `LeaseHeld` if another check has it.
 *
 * The same write has the event of the end, before the last e-mail: if SNS fails, others get it all the
 * same, and a repeated check repeats the event with its id.
 */
export async function leaseIncident(
  incidentId: string,
  event: AttributeValue,
  options: HandlerOptions,
): Promise<void> {
  const { now } = options;
  const { leaseUntil } = attributes;
  try {
    await updateItem(
      {
        Key: incidentKey(incidentId),
        ConditionExpression: `attribute_not_exists(${leaseUntil}) OR ${leaseUntil} <= :now`,
        set: [`${leaseUntil} = :until`],
        values: {
          ":now": numberAttribute(now()),
          ":until": numberAttribute(now() + incidentLeaseMs),
        },
        event,
      },
      options,
      timeLimitsMs.leaseIncident,
    );
  } catch (error) {
    if (!isNamed(error, "ConditionalCheckFailedException")) throw error;
    throw namedError("LeaseHeld", "another check is reporting the end of this incident");
  }
}

function assignments(item: Item): string[] {
  return Object.keys(item).map((name) => `${name} = :${name}`);
}

function valuesOf(item: Item): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [`:${name}`, value]));
}

const attempts = 3;
const waitMs = 50;

type Update = ItemUpdate &
  Pick<
    UpdateItemCommandInput,
    | "Key"
    | "ConditionExpression"
    | "ExpressionAttributeNames"
    | "ReturnValues"
    | "ReturnValuesOnConditionCheckFailure"
  >;

/**
 * Updates one item, for at most `limitMs` per attempt. If the write conflicts with a claim of the same
 * item, DynamoDB refuses it with an error that the SDK does not retry. It is tried three times in all.
 * Throws what DynamoDB throws.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export async function updateItem(
  { set, remove, values, event, ...input }: Update,
  { clients, tableName, wait }: Pick<HandlerOptions, "clients" | "tableName" | "wait">,
  limitMs: number,
): Promise<UpdateItemCommandOutput> {
  const expression = updateExpression({ set, ...(remove && { remove }), values, event });
  const call = { TableName: tableName, ...input, ...expression };
  for (let attempt = 1; ; attempt++) {
    try {
      return await clients.updateItem(call, limitMs);
    } catch (error) {
      const isConflict = isNamed(error, "TransactionConflictException");
      if (!isConflict || attempt === attempts) throw error;
      await wait(waitMs * attempt);
    }
  }
}

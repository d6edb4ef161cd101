import type { HandlerOptions } from "../options.ts";
import { timeLimitsMs } from "../time-limits.ts";
import { failedItems, isConflict } from "./claim-result.ts";
import { type GroupState, sharedCauseUpdate } from "./group-item.ts";
import { updateItem } from "./store.ts";
import {
  attributes,
  expiryOf,
  incidentKey,
  numberAttribute,
  sharedCausePrefix,
  sharedCauseSource,
} from "./table.ts";

/** A shared cause that begins now. */
export interface NewSharedCause {
  /** Unique: it proves the message of its first check. */
  readonly nonce: string;
  /** The first of the affected instances whose alert is open. */
  readonly instanceId: string;
  /** Which instances are affected, in words. */
  readonly why: string;
  /** The incidents of the open alerts that it prevents from a reboot. */
  readonly alerts: readonly string[];
  readonly nowMs: number;
}

/** The incident of a shared cause that begins at this time. */
export function sharedCauseId(nowMs: number): string {
  return `${sharedCausePrefix}${nowMs}`;
}

/**
 * Stores a shared cause, if the group has not changed since `state` was read: so one of any number of
 * concurrent alerts stores it. Returns false if it has changed. Throws what DynamoDB throws.
 */
export async function storeSharedCause(
  { nonce, instanceId, why, alerts, nowMs }: NewSharedCause,
  state: GroupState,
  { clients, tableName: TableName }: HandlerOptions,
): Promise<boolean> {
  const incidentId = sharedCauseId(nowMs);
  const item = {
    ...incidentKey(incidentId),
    [attributes.source]: { S: sharedCauseSource },
    [attributes.why]: { S: why },
    [attributes.instanceId]: { S: instanceId },
    [attributes.nonce]: { S: nonce },
    [attributes.claimedAt]: numberAttribute(nowMs),
    [attributes.expiresAt]: expiryOf(nowMs),
    [attributes.alerts]: { L: alerts.map((S) => ({ S })) },
  };
  const put = {
    TableName,
    Item: item,
    ConditionExpression: `attribute_not_exists(${attributes.id})`,
  };
  try {
    await clients.transactWrite(
      { TransactItems: [sharedCauseUpdate(incidentId, state, TableName), { Put: put }] },
      timeLimitsMs.claim,
    );
    return true;
  } catch (error) {
    if (failedItems(error).some((it) => it !== undefined) || isConflict(error)) return false;
    throw error;
  }
}

/**
 * Counts one check of a shared cause, and hands its turn on to the message with the nonce `next`. Then a message
 * with the earlier nonce is a duplicate, so there is one chain of checks however often a message comes. Throws
 * what DynamoDB throws.
 */
export async function passTurn(
  { incidentId, nonce, next }: { incidentId: string; nonce: string; next: string },
  options: HandlerOptions,
): Promise<void> {
  const { checkCount, checkedAt } = attributes;
  await updateItem(
    {
      Key: incidentKey(incidentId),
      ConditionExpression: `${attributes.nonce} = :nonce`,
      set: [
        `${attributes.nonce} = :next`,
        `${checkCount} = if_not_exists(${checkCount}, :zero) + :one`,
        `${checkedAt} = :now`,
      ],
      values: {
        ":nonce": { S: nonce },
        ":next": { S: next },
        ":zero": numberAttribute(0),
        ":one": numberAttribute(1),
        ":now": numberAttribute(options.now()),
      },
    },
    options,
    timeLimitsMs.countCheck,
  );
}

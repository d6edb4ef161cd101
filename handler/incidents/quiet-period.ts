import type { TransactWriteItemsCommandInput } from "@aws-sdk/client-dynamodb";
import { errorText } from "../errors.ts";
import type { HandlerOptions } from "../options.ts";
import type { Alert } from "../requests/types.ts";
import { timeLimitsMs } from "../time-limits.ts";
import { stillWaits, type WaitingAlert, writeTransaction } from "./claim.ts";
import {
  contention,
  duplicateOf,
  failedItems,
  isConflict,
  type Suppressed,
} from "./claim-result.ts";
import {
  attributes,
  expiryOf,
  type Incident,
  incidentItem,
  incidentKey,
  numberAttribute,
  quietSource,
  readIncident,
  updateExpression,
} from "./table.ts";

// The alerts of quiet hours in the table. Each has an incident, and the quiet period that they share is one
// too: it lists them, and its nonce proves the messages of the queue.

const quietPrefix = "quiet-";

/** The most alerts of one quiet period that are stored: a storm of alerts writes no more than elsewhere. */
export const mostStoredAlerts = 20;

/** The incident of the quiet period that ends at this time. */
export function quietPeriodId(untilMs: number): string {
  return `${quietPrefix}${untilMs}`;
}

export function isQuietPeriod(incidentId: string): boolean {
  return incidentId.startsWith(quietPrefix);
}

/** An alert in quiet hours that end at `untilMs`; `nonce` must be unique. */
interface QuietAlert {
  readonly alert: Alert;
  readonly untilMs: number;
  readonly nonce: string;
  /** Present for an alert of a group, which has an incident already. */
  readonly waiting?: WaitingAlert | undefined;
}

/** The result of storing an alert. */
export type StoreResult =
  | { readonly kind: "stored" }
  | Suppressed
  | { readonly kind: "failed"; readonly error: string };

/**
 * Stores an alert and adds it to its quiet period, in one transaction. So it costs what the claim of a
 * reboot costs, and an alert that is delivered again is a duplicate, also after quiet hours. Never throws.
 */
export async function storeQuietAlert(
  quiet: QuietAlert,
  options: HandlerOptions,
): Promise<StoreResult> {
  const inputAt = (nowMs: number) => storeInput(quiet, { options, nowMs });
  try {
    await writeTransaction(inputAt, options, timeLimitsMs.claim);
    return { kind: "stored" };
  } catch (error) {
    const [period, incident] = failedItems(error);
    if (incident) {
      const isOwn = incident[attributes.nonce]?.S === quiet.nonce;
      return isOwn ? { kind: "stored" } : duplicateOf(incident);
    }
    if (period) return whyNotStored(readIncident(period), quiet.untilMs);
    return isConflict(error) ? contention : { kind: "failed", error: errorText(error) };
  }
}

function storeInput(
  { alert, untilMs, nonce, waiting }: QuietAlert,
  { options, nowMs }: { options: HandlerOptions; nowMs: number },
): TransactWriteItemsCommandInput {
  const { instanceId, monitorName, tableName: TableName } = options;
  const { alerts, claimedAt, closedAt, expiresAt, quietUntil } = attributes;
  return {
    TransactItems: [
      {
        Update: {
          TableName,
          Key: incidentKey(quietPeriodId(untilMs)),
          ConditionExpression: `attribute_not_exists(${closedAt}) AND (attribute_not_exists(${alerts}) OR size(${alerts}) < :most)`,
          ...updateExpression({
            set: [
              "#source = :source",
              `${attributes.instanceId} = if_not_exists(${attributes.instanceId}, :instanceId)`,
              `${quietUntil} = :until`,
              `${attributes.nonce} = if_not_exists(${attributes.nonce}, :nonce)`,
              `${claimedAt} = if_not_exists(${claimedAt}, :now)`,
              `${expiresAt} = if_not_exists(${expiresAt}, :expiresAt)`,
              `${alerts} = list_append(if_not_exists(${alerts}, :none), :alert)`,
            ],
            values: {
              ":source": { S: quietSource },
              ":instanceId": { S: instanceId },
              ":until": numberAttribute(untilMs),
              ":nonce": { S: nonce },
              ":now": numberAttribute(nowMs),
              ":expiresAt": expiryOf(nowMs),
              ":none": { L: [] },
              ":alert": { L: [{ S: alert.incidentId }] },
              ":most": numberAttribute(mostStoredAlerts),
            },
          }),
          // "source" is a reserved word of DynamoDB.
          ExpressionAttributeNames: { "#source": attributes.source },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
      {
        Put: {
          TableName,
          Item: {
            ...incidentItem(alert, { instanceId, monitorName, nonce, nowMs }),
            [quietUntil]: numberAttribute(untilMs),
            ...(waiting && { [attributes.arrivedAt]: numberAttribute(waiting.sinceMs) }),
          },
          ConditionExpression: waiting ? stillWaits : `attribute_not_exists(${attributes.id})`,
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
    ],
  };
}

function whyNotStored({ closedAtMs }: Incident, untilMs: number): Suppressed {
  const reason =
    closedAtMs === undefined
      ? `${mostStoredAlerts} alerts already wait for their end, so this one is not stored`
      : "their end was already reported";
  return { kind: "suppressed", limit: "quiet hours", reason, untilMs };
}

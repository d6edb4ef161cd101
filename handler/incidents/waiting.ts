import { errorText, isNamed } from "../errors.ts";
import type { HandlerOptions } from "../options.ts";
import { isRecord } from "../record.ts";
import type { Alert, CheckMessage } from "../requests/types.ts";
import { decisionLeaseMs, timeLimitsMs } from "../time-limits.ts";
import { writeTransaction } from "./claim.ts";
import { contention, duplicateOf, failedItems, isConflict } from "./claim-result.ts";
import type { StoreResult } from "./quiet-period.ts";
import { readStoredIncident, type StoredIncident, updateItem } from "./store.ts";
import {
  attributes,
  type Item,
  incidentItem,
  incidentKey,
  numberAttribute,
  numberOf,
} from "./table.ts";

/**
 * Stores an alert of a group until it is decided. `alertNonce` must be unique: it proves the message that
 * decides the alert. An alert that is delivered again is a duplicate. Never throws.
 */
export async function storeWaiting(
  { alert, alertNonce }: { alert: Alert; alertNonce: string },
  options: HandlerOptions,
): Promise<StoreResult> {
  const { instanceId, monitorName, tableName: TableName } = options;
  const itemAt = (nowMs: number): Item => {
    // The nonce of a claim is that of the reboot's checks, and nothing is claimed yet.
    const { [attributes.nonce]: _, ...item } = incidentItem(alert, {
      instanceId,
      monitorName,
      nonce: "",
      nowMs,
    });
    return {
      ...item,
      [attributes.alertNonce]: { S: alertNonce },
      [attributes.waitsSince]: numberAttribute(nowMs),
    };
  };
  const inputAt = (nowMs: number) => ({
    TransactItems: [
      {
        Put: {
          TableName,
          Item: itemAt(nowMs),
          ConditionExpression: `attribute_not_exists(${attributes.id})`,
          ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
        },
      },
    ],
  });
  try {
    await writeTransaction(inputAt, options, timeLimitsMs.claim);
    return { kind: "stored" };
  } catch (error) {
    const [incident] = failedItems(error);
    if (incident) {
      const isOwn = incident[attributes.alertNonce]?.S === alertNonce;
      return isOwn ? { kind: "stored" } : duplicateOf(incident);
    }
    return isConflict(error) ? contention : { kind: "failed", error: errorText(error) };
  }
}

/**
 * Ends a decision by which the alert goes on waiting, and hands its turn on to the message with the nonce `next`.
 * Then a message with the earlier nonce is a duplicate. Throws what DynamoDB throws.
 */
export async function continueWaiting(
  { incidentId, nonce, next }: { incidentId: string; nonce: string; next: string },
  options: HandlerOptions,
): Promise<void> {
  const { alertNonce, decisionUntil, waitsSince } = attributes;
  await updateItem(
    {
      Key: incidentKey(incidentId),
      ConditionExpression: `${alertNonce} = :nonce AND attribute_exists(${waitsSince})`,
      set: [`${alertNonce} = :next`, `${decisionUntil} = :now`],
      values: {
        ":nonce": { S: nonce },
        ":next": { S: next },
        ":now": numberAttribute(options.now()),
      },
    },
    options,
    timeLimitsMs.beginDecision,
  );
}

/** Who may decide an alert now: this message, another one at this moment, or neither. */
export interface BegunDecision {
  readonly by: "this message" | "another message" | "no message";
  /** Absent if there is none with this id. */
  readonly incident?: StoredIncident;
}

/**
 * Begins the decision of an alert that waits, unless another delivery of its message is deciding it: one must
 * not close an alert as suppressed while another reboots its instance. A delivery that crashes loses this right
 * after 55 seconds. Throws what DynamoDB throws.
 */
export async function beginDecision(
  { incidentId, nonce }: Pick<CheckMessage, "incidentId" | "nonce">,
  options: HandlerOptions,
): Promise<BegunDecision> {
  const { alertNonce, closedAt, decisionUntil, waitsSince } = attributes;
  const nowMs = options.now();
  try {
    const { Attributes = {} } = await updateItem(
      {
        Key: incidentKey(incidentId),
        ConditionExpression: [
          `${alertNonce} = :nonce`,
          `attribute_exists(${waitsSince})`,
          `attribute_not_exists(${closedAt})`,
          `(attribute_not_exists(${decisionUntil}) OR ${decisionUntil} <= :now)`,
        ].join(" AND "),
        set: [`${decisionUntil} = :until`],
        values: {
          ":nonce": { S: nonce },
          ":now": numberAttribute(nowMs),
          ":until": numberAttribute(nowMs + decisionLeaseMs),
        },
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
      options,
      timeLimitsMs.beginDecision,
    );
    return { by: "this message", incident: readStoredIncident(Attributes) };
  } catch (error) {
    if (!isNamed(error, "ConditionalCheckFailedException")) throw error;
    const item = isRecord(error) && isRecord(error.Item) ? (error.Item as Item) : undefined;
    const isBusy = (numberOf(item?.[decisionUntil]) ?? 0) > nowMs;
    return {
      by: isBusy ? "another message" : "no message",
      ...(item && { incident: readStoredIncident(item) }),
    };
  }
}

import type { TransactWriteItemsCommandInput } from "@aws-sdk/client-dynamodb";
import type { HandlerOptions, RebootLimits } from "../options.ts";
import type { Alert, ManualRequest } from "../requests/types.ts";
import { type Claim, isConflict, readClaimError } from "./claim-result.ts";
import { eventAttribute } from "./events.ts";
import {
  attributes,
  incidentItem,
  instanceKey,
  modeAllows,
  type NewIncident,
  numberAttribute,
  rebootSlot,
  rebootSlots,
  updateExpression,
} from "./table.ts";
import { dayMs, minuteMs } from "./times.ts";

/** Concurrent writes are canceled, sometimes all of them; then each one tries again. */
const attempts = 4;
const longestWaitMs = 150;

/** A reboot to claim: who asks for it, and why, for the event. `nonce` must be unique for each claim. */
export interface WantedReboot {
  readonly request: Alert | ManualRequest;
  readonly reason: string;
  readonly nonce: string;
  /** Present for an alert of a group, which was stored before. */
  readonly waiting?: WaitingAlert;
}

/** An alert of a group that was stored until it is decided. */
export interface WaitingAlert {
  /** That of the message that decides it. */
  readonly nonce: string;
  /** When it arrived. */
  readonly sinceMs: number;
}

/** The condition on which the incident of a waiting alert is replaced: it has neither resolved nor ended. */
export const stillWaits = [
  `attribute_exists(${attributes.waitsSince})`,
  `attribute_not_exists(${attributes.resolvedAt})`,
  `attribute_not_exists(${attributes.closedAt})`,
].join(" AND ");

/**
 * Claims the right to reboot once, for at most `limitMs` in all. Never throws: what is not a clear yes is
 * no.
 */
export async function claimReboot(
  { request, reason, nonce }: WantedReboot,
  { options, limitMs }: { options: HandlerOptions; limitMs: number },
): Promise<Claim> {
  const { instanceId, tableName, limits, monitorName, now } = options;
  const place = { instanceId, tableName, limits, monitorName };
  let context: ClaimContext = { ...place, nonce, reason, nowMs: now() };
  const inputAt = (nowMs: number) => {
    context = { ...context, nowMs };
    return claimInput(request, context);
  };
  try {
    await writeTransaction(inputAt, options, limitMs);
    return { kind: "claimed" };
  } catch (error) {
    return readClaimError(error, context);
  }
}

/**
 * Writes the transaction of the time of each attempt, for at most `limitMs` in all. It is tried again if
 * DynamoDB canceled it because of a concurrent one. Throws what DynamoDB throws.
 */
export async function writeTransaction(
  inputAt: (nowMs: number) => TransactWriteItemsCommandInput,
  options: HandlerOptions,
  limitMs: number,
): Promise<void> {
  const write = (deadlineMs: number) => {
    const nowMs = options.now();
    return options.clients.transactWrite(inputAt(nowMs), deadlineMs - nowMs);
  };
  await untilNoConflict(write, { isConflict, limitMs }, options);
}

/**
 * Tries again while an attempt conflicts with a concurrent write: each attempt gets the time by which it must have
 * ended, `limitMs` from now. Throws the last error, and one that is no conflict at once.
 */
export async function untilNoConflict<T>(
  tryOnce: (deadlineMs: number) => Promise<T>,
  { isConflict, limitMs }: { isConflict: (error: unknown) => boolean; limitMs: number },
  { now, wait }: HandlerOptions,
): Promise<T> {
  const deadlineMs = now() + limitMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryOnce(deadlineMs);
    } catch (error) {
      const waitMs = Math.random() * longestWaitMs * attempt;
      const isLast = attempt === attempts || now() + waitMs >= deadlineMs;
      if (isLast || !isConflict(error)) throw error;
      await wait(waitMs);
    }
  }
}

export interface ClaimContext extends NewIncident {
  readonly tableName: string;
  readonly limits: RebootLimits;
  /** Why the reboot is wanted. */
  readonly reason: string;
}

/**
 * The one write by which an invocation claims the right to reboot once. It checks all limits together,
 * so no two invocations can both pass, however many alerts arrive concurrently.
 *
 * The instance's item must have `mode` absent or `on` (or another mode that has ended), the last
 * reboot at least the cool-down ago, and the reboot that the daily limit counts back to at least 24
 * hours ago; the incident's item must not exist. A value of a wrong type fails its comparison, so it
 * refuses. There is nothing to unlock afterwards: a crash counts toward the daily limit. The new incident
 * has the event of its claim.
 */
export function claimInput(
  request: Alert | ManualRequest,
  context: ClaimContext,
): TransactWriteItemsCommandInput {
  const { instanceId, tableName: TableName, limits, reason, nowMs } = context;
  const { incidentId } = request;
  const { lastIncident } = attributes;
  const latest = rebootSlot(0);
  const oldest = rebootSlot(limits.maxRebootsPerDay - 1);
  const isForced = request.kind === "manual" && request.force;
  const shift = Array.from({ length: rebootSlots - 1 }, (_, index) => {
    const slot = rebootSlots - 1 - index;
    return `${rebootSlot(slot)} = if_not_exists(${rebootSlot(slot - 1)}, :never)`;
  });
  return {
    TransactItems: [
      {
        Update: {
          TableName,
          Key: instanceKey(instanceId),
          ConditionExpression: [
            modeAllows.condition,
            `(attribute_not_exists(${oldest}) OR ${oldest} <= :dayAgo)`,
            ...(isForced ? [] : [`(attribute_not_exists(${latest}) OR ${latest} <= :cooled)`]),
          ].join(" AND "),
          ...updateExpression({
            set: [...shift, `${latest} = :now`, `${lastIncident} = :incident`],
            values: {
              ...modeAllows.valuesAt(nowMs),
              ":dayAgo": numberAttribute(nowMs - dayMs),
              ...(!isForced && {
                ":cooled": numberAttribute(nowMs - limits.cooldownMinutes * minuteMs),
              }),
              ":never": numberAttribute(0),
              ":incident": { S: incidentId },
            },
          }),
          ExpressionAttributeNames: modeAllows.names,
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
      {
        Put: {
          TableName,
          Item: {
            ...incidentItem(request, context),
            [attributes.event]: eventAttribute({
              outcome: "claimed",
              incidentId,
              instanceId,
              reason,
              atMs: nowMs,
            }),
          },
          ConditionExpression: `attribute_not_exists(${attributes.id})`,
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
    ],
  };
}

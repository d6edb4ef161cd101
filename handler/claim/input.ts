import type { TransactWriteItemsCommandInput } from "@aws-sdk/client-dynamodb";
import { incidentKey, instanceKey, number } from "../incident.ts";
import type { Alert, CallByHand } from "../request.ts";
import { type ClaimContext, dayMs, type Item, minuteMs, slots } from "./types.ts";

const incidentKeptMs = 90 * dayMs;

/**
 * The one write by which an invocation claims the right to reboot once: it holds all limits at the
 * same time, so no two invocations can both pass, however many alerts come at once.
 *
 * The instance's item must have `mode` absent or `on` (or another mode that has ended), the last
 * reboot at least the cool-down ago, and the reboot before as many as the budget allows at least 24
 * hours ago; the incident's item must not exist. What has a wrong type fails its comparison, and so
 * refuses. There is nothing to unlock afterwards: a crash costs one unit of the budget.
 */
export function claimInput(
  request: Alert | CallByHand,
  { instanceId, limits, monitorName, nonce, nowMs }: ClaimContext,
): TransactWriteItemsCommandInput {
  const { tableName: TableName, cooldownMinutes, maxRebootsPerDay } = limits;
  const oldest = `t${maxRebootsPerDay - 1}`;
  const isForced = request.kind === "by-hand" && request.force;
  const shift = Array.from(
    { length: slots - 1 },
    (_, index) => `t${slots - 1 - index} = if_not_exists(t${slots - 2 - index}, :never)`,
  );
  return {
    TransactItems: [
      {
        Update: {
          TableName,
          Key: instanceKey(instanceId),
          ConditionExpression: [
            "(attribute_not_exists(#mode) OR #mode = :on OR modeUntil <= :now)",
            `(attribute_not_exists(${oldest}) OR ${oldest} <= :dayAgo)`,
            ...(isForced ? [] : ["(attribute_not_exists(t0) OR t0 <= :cooled)"]),
          ].join(" AND "),
          UpdateExpression: `SET ${shift.join(", ")}, t0 = :now, incident = :incident`,
          ExpressionAttributeNames: { "#mode": "mode" },
          ExpressionAttributeValues: {
            ":on": { S: "on" },
            ":now": number(nowMs),
            ":dayAgo": number(nowMs - dayMs),
            ...(isForced ? {} : { ":cooled": number(nowMs - cooldownMinutes * minuteMs) }),
            ":never": number(0),
            ":incident": { S: request.incidentId },
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
      {
        Put: {
          TableName,
          Item: {
            ...incidentFields(request, monitorName),
            ...incidentKey(request.incidentId),
            nonce: { S: nonce },
            claimedAt: number(nowMs),
            // DynamoDB's time to live is in seconds.
            expiresAt: number(Math.floor((nowMs + incidentKeptMs) / 1_000)),
          },
          ConditionExpression: "attribute_not_exists(id)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
    ],
  };
}

/** What the e-mails and the history say of an incident; incident.ts reads it. */
function incidentFields(request: Alert | CallByHand, monitorName: string): Item {
  if (request.kind === "by-hand") {
    return { source: { S: "by-hand" }, why: { S: request.reason }, force: { BOOL: request.force } };
  }
  return {
    source: { S: "webhook" },
    why: { S: monitorName },
    ...(request.triggerValue !== undefined && { count: { S: String(request.triggerValue) } }),
    windowStartMs: number(request.windowStartMs),
    windowEndMs: number(request.windowEndMs),
    ...(request.alertUrl !== undefined && { alertUrl: { S: request.alertUrl } }),
  };
}

import { type Incident, incidentKey, readIncident } from "../incident.ts";
import type { HandlerOptions } from "../options.ts";
import { updateItem } from "../update.ts";

const countLimitMs = 4_000;

/**
 * Counts one check of an incident in its item, in the same write that reads it, and returns the
 * incident. Repeated or concurrent checks can so only bring the end nearer, never put it off. Throws
 * what DynamoDB throws: `ConditionalCheckFailedException` where there is no such incident,
 * `ValidationException` where a count is no number.
 */
export async function countCheck(
  incidentId: string,
  isUp: boolean,
  options: HandlerOptions,
): Promise<Incident> {
  const { Attributes = {} } = await updateItem(
    {
      TableName: options.limits.tableName,
      Key: incidentKey(incidentId),
      ConditionExpression: "attribute_exists(id)",
      UpdateExpression: `SET checkCount = if_not_exists(checkCount, :zero) + :one, upCount = ${
        isUp ? "if_not_exists(upCount, :zero) + :one" : ":zero"
      }`,
      ExpressionAttributeValues: { ":zero": { N: "0" }, ":one": { N: "1" } },
      ReturnValues: "ALL_NEW",
    },
    options,
    countLimitMs,
  );
  return readIncident(Attributes);
}

import { isNamed, namedError } from "../error.ts";
import { type Incident, incidentKey, readIncident } from "../incident.ts";
import type { HandlerOptions } from "../options.ts";
import type { CheckMessage } from "../request.ts";
import { updateItem } from "../update.ts";

const countLimitMs = 4_000;

/**
 * Counts one check of an incident in its item, in the same write that reads it, and returns the
 * incident. Repeated or concurrent checks can so only bring the end nearer, never put it off. Throws
 * `UnknownIncident` if no incident has this id and nonce, and else what DynamoDB throws:
 * `ValidationException` if a count is not a number.
 */
export async function countCheck(
  { incidentId, nonce }: CheckMessage,
  isUp: boolean,
  options: HandlerOptions,
): Promise<Incident> {
  try {
    const { Attributes = {} } = await updateItem(
      {
        TableName: options.limits.tableName,
        Key: incidentKey(incidentId),
        ConditionExpression: "nonce = :nonce",
        UpdateExpression: `SET checkCount = if_not_exists(checkCount, :zero) + :one, upCount = ${
          isUp ? "if_not_exists(upCount, :zero) + :one" : ":zero"
        }`,
        ExpressionAttributeValues: {
          ":nonce": { S: nonce },
          ":zero": { N: "0" },
          ":one": { N: "1" },
        },
        ReturnValues: "ALL_NEW",
      },
      options,
      countLimitMs,
    );
    return readIncident(Attributes);
  } catch (error) {
    if (!isNamed(error, "ConditionalCheckFailedException")) throw error;
    throw namedError("UnknownIncident", "no incident has this id and this claim's nonce");
  }
}

import { isNamed, namedError } from "../error.ts";
import { incidentKey, number } from "../incident.ts";
import type { HandlerOptions } from "../options.ts";
import { updateItem } from "../update.ts";

const turnLimitMs = 2_000;
/** Longer than the last e-mail and the close can take by their own limits, 8 s in all. */
const turnMs = 10_000;

/**
 * Takes the turn to tell the end of an incident: of two checks that come together, as when the
 * answer of SQS was lost and the message was sent twice, one tells. Who crashes in its turn loses it
 * after ten seconds. Throws `OthersTurn` where another check has it.
 */
export async function takeTurn(incidentId: string, options: HandlerOptions): Promise<void> {
  const { limits, now } = options;
  try {
    await updateItem(
      {
        TableName: limits.tableName,
        Key: incidentKey(incidentId),
        ConditionExpression: "attribute_not_exists(turnUntil) OR turnUntil <= :now",
        UpdateExpression: "SET turnUntil = :until",
        ExpressionAttributeValues: { ":now": number(now()), ":until": number(now() + turnMs) },
      },
      options,
      turnLimitMs,
    );
  } catch (error) {
    if (!isNamed(error, "ConditionalCheckFailedException")) throw error;
    throw namedError("OthersTurn", "another check tells the end of this incident just now");
  }
}

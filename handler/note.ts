import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { errorText, isNamed } from "./error.ts";
import { incidentKey } from "./incident.ts";
import type { HandlerOptions } from "./options.ts";
import { updateItem } from "./update.ts";

const noteLimitMs = 2_000;

/**
 * Writes attributes into an incident's item: of a certain claim's only if `nonce` is given, since an
 * alert that was delivered twice must not speak for the delivery that rebooted. Returns what came of
 * it, for the log. Never throws: a note that fails changes nothing of what was done.
 */
export async function noteIncident(
  incidentId: string,
  attributes: Readonly<Record<string, AttributeValue>>,
  options: HandlerOptions,
  nonce?: string,
): Promise<string> {
  const names = Object.keys(attributes);
  try {
    await updateItem(
      {
        TableName: options.limits.tableName,
        Key: incidentKey(incidentId),
        ConditionExpression: nonce === undefined ? "attribute_exists(id)" : "nonce = :nonce",
        UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(", ")}`,
        ExpressionAttributeValues: {
          ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name] as never])),
          ...(nonce !== undefined && { ":nonce": { S: nonce } }),
        },
      },
      options,
      noteLimitMs,
    );
    return "noted";
  } catch (error) {
    if (isNamed(error, "ConditionalCheckFailedException")) return "no incident";
    return `failed: ${errorText(error)}`;
  }
}

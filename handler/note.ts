import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { errorText, isNamed } from "./error.ts";
import { type Incident, incidentKey, readIncident } from "./incident.ts";
import type { HandlerOptions } from "./options.ts";
import { updateItem } from "./update.ts";

const noteLimitMs = 2_000;

/** What came of writing a note: `text` is for the log; `incident` is as it stands now. */
export interface Noted {
  readonly text: string;
  readonly incident?: Incident;
}

/**
 * Writes attributes into an incident's item: of a certain claim's only if `nonce` is given, since an
 * alert that was delivered twice must not speak for the delivery that rebooted. Never throws: a note
 * that fails changes nothing of what was done.
 */
export async function noteIncident(
  incidentId: string,
  attributes: Readonly<Record<string, AttributeValue>>,
  options: HandlerOptions,
  nonce?: string,
): Promise<Noted> {
  const names = Object.keys(attributes);
  try {
    const { Attributes = {} } = await updateItem(
      {
        TableName: options.limits.tableName,
        Key: incidentKey(incidentId),
        ConditionExpression: nonce === undefined ? "attribute_exists(id)" : "nonce = :nonce",
        UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(", ")}`,
        ExpressionAttributeValues: {
          ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name] as never])),
          ...(nonce !== undefined && { ":nonce": { S: nonce } }),
        },
        ReturnValues: "ALL_NEW",
      },
      options,
      noteLimitMs,
    );
    return { text: "noted", incident: readIncident(Attributes) };
  } catch (error) {
    // An alert that a limit held back has no incident, and resolves all the same.
    if (isNamed(error, "ConditionalCheckFailedException")) return { text: "no incident" };
    return { text: `failed: ${errorText(error)}` };
  }
}

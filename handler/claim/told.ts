import type { UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { isNamed } from "../error.ts";
import { instanceKey, number } from "../incident.ts";
import type { HandlerOptions } from "../options.ts";
import { updateItem } from "../update.ts";
import { minuteMs } from "./types.ts";

/**
 * True for the first alert in a cool-down that is held back, of which people are told; false for
 * those after it, else a storm of alerts would be a storm of e-mails. In doubt true: an e-mail more
 * is better than silence.
 */
export async function isFirstHeldBack(options: HandlerOptions, limitMs: number): Promise<boolean> {
  const { instanceId, limits, now } = options;
  const nowMs = now();
  const input: UpdateItemCommandInput = {
    TableName: limits.tableName,
    Key: instanceKey(instanceId),
    ConditionExpression: "attribute_not_exists(heldBackToldAt) OR heldBackToldAt <= :before",
    UpdateExpression: "SET heldBackToldAt = :now",
    ExpressionAttributeValues: {
      ":now": number(nowMs),
      ":before": number(nowMs - limits.cooldownMinutes * minuteMs),
    },
  };
  try {
    await updateItem(input, options, limitMs);
    return true;
  } catch (error) {
    return !isNamed(error, "ConditionalCheckFailedException");
  }
}

import type { UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { isNamed } from "../error.ts";
import { instanceKey, number } from "../incident.ts";
import type { HandlerOptions } from "../options.ts";
import { updateItem } from "../update.ts";
import { minuteMs } from "./types.ts";

/** What is notified at most once in a cool-down: the attribute of the instance's item that says when. */
export type ToldAttribute = "heldBackToldAt" | "resolvedToldAt";

/**
 * True for the first notification of its kind in a cool-down; false for those after it, else a
 * storm of alerts, or a replayed one, would be a storm of e-mails. In doubt true: an e-mail more is
 * better than silence.
 */
export async function isFirstTold(
  attribute: ToldAttribute,
  options: HandlerOptions,
  limitMs: number,
): Promise<boolean> {
  const { instanceId, limits, now } = options;
  const nowMs = now();
  const input: UpdateItemCommandInput = {
    TableName: limits.tableName,
    Key: instanceKey(instanceId),
    ConditionExpression: `attribute_not_exists(${attribute}) OR ${attribute} <= :before`,
    UpdateExpression: `SET ${attribute} = :now`,
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

import type { UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { isNamed } from "../error.ts";
import { instanceKey, number, numberOf } from "../incident.ts";
import type { HandlerOptions } from "../options.ts";
import { updateItem } from "../update.ts";
import { minuteMs } from "./types.ts";

/** What is notified at most once in a cool-down: the attribute of the instance's item that says when. */
export type ToldAttribute = "heldBackToldAt" | "resolvedNotifiedAt";

/** For the read where the write failed. */
const readLimitMs = 1_000;

/**
 * True for the first notification of its kind in a cool-down; false for those after it, else a
 * storm of alerts, or a replayed one, would be a storm of e-mails. In doubt true: an e-mail more is
 * better than silence. Somebody who sends alerts and resolutions side by side can make writes meet and fail,
 * but not reads: a write that failed is in doubt only if a read does not show another's either.
 */
export async function isFirstTold(
  attribute: ToldAttribute,
  options: HandlerOptions,
  limitMs: number,
): Promise<boolean> {
  const { instanceId, limits, now } = options;
  const nowMs = now();
  const beforeMs = nowMs - limits.cooldownMinutes * minuteMs;
  const input: UpdateItemCommandInput = {
    TableName: limits.tableName,
    Key: instanceKey(instanceId),
    ConditionExpression: `attribute_not_exists(${attribute}) OR ${attribute} <= :before`,
    UpdateExpression: `SET ${attribute} = :now`,
    ExpressionAttributeValues: {
      ":now": number(nowMs),
      ":before": number(beforeMs),
    },
  };
  try {
    await updateItem(input, options, limitMs);
    return true;
  } catch (error) {
    if (isNamed(error, "ConditionalCheckFailedException")) return false;
    const toldAtMs = await readTime(attribute, options);
    // A write whose answer was lost is this one's.
    return toldAtMs === nowMs || !(toldAtMs > beforeMs);
  }
}

/** The time in the instance's item; not a number if there is none, or the table does not answer. */
async function readTime(
  attribute: ToldAttribute,
  { clients, instanceId, limits }: HandlerOptions,
): Promise<number> {
  const Key = instanceKey(instanceId);
  try {
    const { Item = {} } = await clients.getItem(
      { TableName: limits.tableName, Key, ConsistentRead: true },
      readLimitMs,
    );
    return numberOf(Item[attribute]) ?? Number.NaN;
  } catch {
    return Number.NaN;
  }
}

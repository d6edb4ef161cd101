import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { printable } from "../print.ts";
import type { Mode } from "./request.ts";

/** The instance's item in the table of claims: handler/claim/input.ts reads the same. */
export interface Switch {
  readonly db: Pick<DynamoDBClient, "send">;
  readonly tableName: string;
  readonly instanceId: string;
}

/**
 * Sets the kill switch, effective with the next alert. Pulumi never writes items, so no deployment
 * changes it. The reboot times in the item stay as they are. The reason is stored as it is printed.
 */
export async function setMode(
  { db, tableName, instanceId }: Switch,
  change: { mode: Mode; reason: string; nowMs: number; forMs: number | undefined },
): Promise<void> {
  const { mode, reason, nowMs, forMs } = change;
  const until = forMs === undefined ? undefined : String(nowMs + forMs);
  await db.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: keyOf(instanceId),
      UpdateExpression: [
        "SET #mode = :mode, modeSince = :now, modeReason = :reason",
        until === undefined ? " REMOVE modeUntil" : ", modeUntil = :until",
      ].join(""),
      ExpressionAttributeNames: { "#mode": "mode" },
      ExpressionAttributeValues: {
        ":mode": { S: mode },
        ":now": { N: String(nowMs) },
        ":reason": { S: printable(reason) },
        ...(until !== undefined && { ":until": { N: until } }),
      },
    }),
  );
}

/** The kill switch and the last reboots, as lines for a person. */
export async function showMode(
  { db, tableName, instanceId }: Switch,
  nowMs: number,
): Promise<string[]> {
  const { Item = {} } = await db.send(
    new GetItemCommand({ TableName: tableName, Key: keyOf(instanceId), ConsistentRead: true }),
  );
  return [`${instanceId}: ${describeMode(Item, nowMs)}`, ...rebootLines(Item)];
}

function describeMode(item: Record<string, AttributeValue>, nowMs: number): string {
  const { mode, modeSince, modeReason, modeUntil } = item;
  if (!mode) return "on (never switched)";
  const since = `since ${timeText(modeSince)}${modeReason?.S ? `: ${modeReason.S}` : ""}`;
  if (mode.S === "on") return `on ${since}`;
  const until = modeUntil?.N === undefined ? undefined : Number(modeUntil.N);
  if (until !== undefined && until <= nowMs) return `on: ${mode.S} ended at ${timeText(modeUntil)}`;
  const name =
    mode.S === "off" || mode.S === "dryrun" ? mode.S : "off (the item's mode is unknown)";
  return `${name} ${since}, until ${until === undefined ? "it is changed" : timeText(modeUntil)}`;
}

function rebootLines(item: Record<string, AttributeValue>): string[] {
  const times = Object.entries(item)
    .filter(([name, value]) => /^t\d$/.test(name) && Number(value.N) > 0)
    .sort(([a], [b]) => a.localeCompare(b));
  return times.map(([, value]) => `reboot claimed at ${timeText(value)}`);
}

function keyOf(instanceId: string) {
  return { id: { S: `instance#${instanceId}` } };
}

function timeText(value: AttributeValue | undefined): string {
  const time = new Date(Number(value?.N ?? Number.NaN));
  return Number.isNaN(time.getTime()) ? "an unknown time" : time.toISOString();
}

import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { eventAttribute } from "../../handler/incidents/events.ts";
import {
  attributes,
  type InstanceState,
  instanceKey,
  numberAttribute,
  readInstance,
  updateExpression,
} from "../../handler/incidents/table.ts";
import { timeText } from "../../handler/incidents/times.ts";
import { printable } from "../print.ts";
import type { Mode } from "./request.ts";

/** Where the kill switch of an instance is. */
export interface Switch {
  readonly db: Pick<DynamoDBClient, "send">;
  readonly tableName: string;
  readonly instanceId: string;
}

/** A change of the kill switch. */
export interface ModeChange {
  readonly mode: Mode;
  readonly reason: string;
  readonly nowMs: number;
  /** How long the mode lasts; until it is changed if it is undefined. */
  readonly forMs: number | undefined;
}

/**
 * Sets the kill switch of each instance. A write that fails does not stop the others; then it throws, and
 * names the instances whose mode is as it was.
 */
export async function setModes(switches: readonly Switch[], change: ModeChange): Promise<void> {
  const [first, ...others] = switches;
  if (first && others.length === 0) return setMode(first, change);
  const results = await Promise.allSettled(
    // Events with the same id would be one event to those who receive them.
    switches.map((it) => setMode(it, change, `mode-${change.nowMs}-${it.instanceId}`)),
  );
  const problems = results.flatMap((result, index) =>
    result.status === "rejected" ? `${switches[index]?.instanceId} (${result.reason.message})` : [],
  );
  if (problems.length > 0) {
    throw new Error(`the mode did not change of ${problems.join(", ")}: run the command again`);
  }
}

/**
 * Sets the kill switch of one instance, effective with the next alert. Pulumi never writes items, so no deployment
 * changes it. The reboot times in the item stay as they are. The reason is stored as it is printed. The
 * write has the event of the change, with `changeId` instead of an incident's id.
 */
export async function setMode(
  { db, tableName, instanceId }: Switch,
  change: ModeChange,
  changeId = `mode-${change.nowMs}`,
): Promise<void> {
  const { mode, nowMs, forMs } = change;
  const reason = printable(change.reason);
  const untilMs = forMs === undefined ? undefined : nowMs + forMs;
  const { modeSince, modeReason, modeUntil } = attributes;
  const event = eventAttribute({
    outcome: mode,
    incidentId: changeId,
    instanceId,
    // The time comes first, since a long reason is cut.
    reason: [
      ...(untilMs === undefined ? [] : [`until ${timeText(untilMs)}`]),
      reason.trim() === "" ? "no reason given" : reason,
    ].join(", "),
    atMs: nowMs,
  });
  await db.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: instanceKey(instanceId),
      ...updateExpression({
        set: [
          "#mode = :mode",
          `${modeSince} = :now`,
          `${modeReason} = :reason`,
          ...(untilMs === undefined ? [] : [`${modeUntil} = :until`]),
        ],
        remove: untilMs === undefined ? [modeUntil] : [],
        values: {
          ":mode": { S: mode },
          ":now": numberAttribute(nowMs),
          ":reason": { S: reason },
          ...(untilMs !== undefined && { ":until": numberAttribute(untilMs) }),
        },
        event,
      }),
      ExpressionAttributeNames: { "#mode": attributes.mode },
    }),
  );
}

/** The kill switch and the last reboots, as lines for a person. */
export async function showMode(
  { db, tableName, instanceId }: Switch,
  nowMs: number,
): Promise<string[]> {
  const { Item = {} } = await db.send(
    new GetItemCommand({
      TableName: tableName,
      Key: instanceKey(instanceId),
      ConsistentRead: true,
    }),
  );
  const state = readInstance(Item);
  return [`${instanceId}: ${describeMode(state, nowMs)}`, ...rebootLines(state)];
}

function describeMode({ mode }: InstanceState, nowMs: number): string {
  if (!mode) return "on (never switched)";
  const { name = "", sinceMs, untilMs, reason } = mode;
  const since = `since ${timeText(sinceMs)}${reason ? `: ${reason}` : ""}`;
  if (name === "on") return `on ${since}`;
  if (untilMs <= nowMs) return `on: ${name} ended at ${timeText(untilMs)}`;
  const known = name === "off" || name === "dryrun" ? name : "off (the item's mode is unknown)";
  return `${known} ${since}, until ${Number.isNaN(untilMs) ? "it is changed" : timeText(untilMs)}`;
}

function rebootLines({ rebootsMs }: InstanceState): string[] {
  return rebootsMs
    .filter((it) => it !== undefined)
    .filter((it) => it > 0)
    .map((it) => `reboot claimed at ${timeText(it)}`);
}

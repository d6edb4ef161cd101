import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { eventAttribute } from "../../handler/incidents/events.ts";
import {
  attributes,
  groupKey,
  type InstanceState,
  type Item,
  instanceKey,
  numberAttribute,
  readInstance,
  updateExpression,
} from "../../handler/incidents/table.ts";
import { timeText } from "../../handler/incidents/times.ts";
import { printable } from "../print.ts";
import { readItem, type Table } from "./item.ts";
import type { Mode } from "./request.ts";

/** Where the kill switch of an instance is, or that of a whole group. */
export interface Switch extends Table {
  /** With `otherCount`, one of the group. */
  readonly instanceId: string;
  /** How many other instances the group has; absent for the switch of one instance. */
  readonly otherCount?: number;
}

/** The group's switch is apart from those of its instances: none of them changes another one. */
function keyOf({ instanceId, otherCount }: Switch): Item {
  return otherCount === undefined ? instanceKey(instanceId) : groupKey;
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
 * Sets a kill switch, effective with the next alert. Pulumi never writes items, so no deployment changes it. What
 * else the item has stays as it is. The reason is stored as it is printed. The write has the event of the change.
 */
export async function setMode(it: Switch, change: ModeChange): Promise<void> {
  const { db, tableName, instanceId, otherCount } = it;
  const { mode, nowMs, forMs } = change;
  const reason = printable(change.reason);
  const untilMs = forMs === undefined ? undefined : nowMs + forMs;
  const { modeSince, modeReason, modeUntil } = attributes;
  const event = eventAttribute({
    outcome: mode,
    incidentId: `mode-${nowMs}`,
    instanceId,
    ...(otherCount !== undefined && { otherCount }),
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
      Key: keyOf(it),
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

/** The kill switch and, of an instance, the last reboots, as lines for a person. */
export async function showMode(it: Switch, nowMs: number): Promise<string[]> {
  const { instanceId, otherCount } = it;
  const state = readInstance(await readItem(it, keyOf(it)));
  const name = otherCount === undefined ? instanceId : `all ${otherCount + 1} instances`;
  return [`${name}: ${describeMode(state, nowMs)}`, ...rebootLines(state)];
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

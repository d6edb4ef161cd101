import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { affectedInstances, type GroupMembers } from "../../handler/group/affected.ts";
import { activeLeases, recentReboots } from "../../handler/group/decide-in-group.ts";
import { type GroupAlert, readGroup } from "../../handler/incidents/group-item.ts";
import { groupKey } from "../../handler/incidents/table.ts";
import { timeText } from "../../handler/incidents/times.ts";
import type { Switch } from "./mode.ts";

/**
 * What the instances of a group share, as lines for a person: the affected instances, those that are being
 * rebooted, the shared cause that lasts, and the reboots of the last 24 hours.
 */
export async function showGroup(
  { db, tableName }: Pick<Switch, "db" | "tableName">,
  members: GroupMembers,
  nowMs: number,
): Promise<string[]> {
  const { Item = {} } = await db.send(
    new GetItemCommand({ TableName: tableName, Key: groupKey, ConsistentRead: true }),
  );
  const state = readGroup(Item);
  const { sharedCauseId } = state;
  const affected = affectedInstances(state, members, nowMs);
  const leases = activeLeases(state, nowMs);
  const rebootsMs = recentReboots(state, nowMs);
  return [
    `group: ${affected.length} of ${members.instanceIds.length} instances affected, ` +
      `${leases.length} being rebooted, ${rebootsMs.length} rebooted in 24 hours`,
    ...(sharedCauseId === undefined ? [] : [`shared cause, so no alert reboots: ${sharedCauseId}`]),
    ...affected.map((id) => `affected: ${id}, ${describeAlert(state.alerts.get(id))}`),
    ...leases.map(
      ([id, { incidentId, untilMs }]) =>
        `being rebooted: ${id}, ${incidentId}, until it is verified or ${timeText(untilMs)}`,
    ),
    ...rebootsMs.map((it) => `reboot in the group claimed at ${timeText(it)}`),
  ];
}

function describeAlert(alert: GroupAlert | undefined): string {
  if (!alert) return "no alert";
  const { incidentId, firedAtMs, resolvedAtMs } = alert;
  const end = resolvedAtMs === undefined ? "open" : `resolved at ${timeText(resolvedAtMs)}`;
  return `${incidentId}, fired at ${timeText(firedAtMs)}, ${end}`;
}

import { affectedInstances, type GroupMembers } from "../../handler/group/affected.ts";
import { activeLeases, recentReboots } from "../../handler/group/decide-in-group.ts";
import { type GroupAlert, readGroup } from "../../handler/incidents/group-item.ts";
import { groupKey, incidentKey, readIncident } from "../../handler/incidents/table.ts";
import { timeText } from "../../handler/incidents/times.ts";
import { readItem, type Table } from "./item.ts";

/**
 * What the instances of a group share, as lines for a person: the affected instances, those that are being
 * rebooted, the last shared cause if it is not closed, and the reboots of the last 24 hours.
 */
export async function showGroup(
  table: Table,
  members: GroupMembers,
  nowMs: number,
): Promise<string[]> {
  const state = readGroup(await readItem(table, groupKey));
  const affected = affectedInstances(state, members, nowMs);
  const leases = activeLeases(state, nowMs);
  const rebootsMs = recentReboots(state, nowMs);
  return [
    `group: ${affected.length} of ${members.instanceIds.length} instances affected, ` +
      `${leases.length} being rebooted, ${rebootsMs.length} rebooted in 24 hours`,
    ...(await sharedCauseLines(table, state.sharedCauseId)),
    ...affected.map((id) => `affected: ${id}, ${describeAlert(state.alerts.get(id))}`),
    ...leases.map(
      ([id, { incidentId, untilMs }]) =>
        `being rebooted: ${id}, ${incidentId}, until it is verified or ${timeText(untilMs)}`,
    ),
    ...rebootsMs.map((it) => `reboot in the group claimed at ${timeText(it)}`),
  ];
}

/** The mark in the group's item does not decide about alerts, and can be older than what is affected now. */
async function sharedCauseLines(table: Table, id: string | undefined): Promise<string[]> {
  if (id === undefined) return [];
  const incident = readIncident(await readItem(table, incidentKey(id)));
  const { claimedAtMs, checkedAtMs, closedAtMs } = incident;
  if (closedAtMs !== undefined) return [];
  const checked =
    checkedAtMs === undefined ? "not checked yet" : `last checked at ${timeText(checkedAtMs)}`;
  return [
    `last shared cause, not closed: ${id}, suspected at ${timeText(claimedAtMs)}, ${checked}`,
  ];
}

function describeAlert(alert: GroupAlert | undefined): string {
  if (!alert) return "no alert";
  const { incidentId, firedAtMs, resolvedAtMs } = alert;
  const end = resolvedAtMs === undefined ? "open" : `resolved at ${timeText(resolvedAtMs)}`;
  return `${incidentId}, fired at ${timeText(firedAtMs)}, ${end}`;
}

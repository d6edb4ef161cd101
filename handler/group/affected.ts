import type { GroupState } from "../incidents/group-item.ts";
import { dayMs, minuteMs } from "../incidents/times.ts";

/** An alert still counts for this long after its window, whether or not it has resolved. */
const graceMinutes = 5;

/** The instances that a group has now, and the window of their alerts. */
export interface GroupMembers {
  readonly instanceIds: readonly string[];
  readonly windowMinutes: number;
}

/**
 * The affected instances, in the group's order: those whose alert is open, or fired within the alert's
 * window and five minutes. An open alert counts for at most 24 hours, so a resolution that was lost does not
 * count forever. A time that cannot be read counts.
 */
export function affectedInstances(
  { alerts }: GroupState,
  { instanceIds, windowMinutes }: GroupMembers,
  nowMs: number,
): string[] {
  const recentMs = (windowMinutes + graceMinutes) * minuteMs;
  return instanceIds.filter((id) => {
    const alert = alerts.get(id);
    if (!alert) return false;
    const countsMs = alert.resolvedAtMs === undefined ? Math.max(dayMs, recentMs) : recentMs;
    return !(nowMs >= alert.firedAtMs + countsMs);
  });
}

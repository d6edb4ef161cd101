import type { GroupState } from "../incidents/group-item.ts";
import { dayMs, minuteMs } from "../incidents/times.ts";

/** An alert still counts for this long after its window, whether or not it has resolved. */
export const graceMinutes = 5;

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

/** Affected instances by what happens to them. */
interface DividedAffected {
  /** Their alert is open, and no reboot for it is in progress: a shared cause prevents one. */
  readonly open: readonly string[];
  /** Their alert has rebooted them, and the result is not known yet. */
  readonly rebooting: readonly string[];
  /** Their alert has resolved, and still counts. */
  readonly resolved: readonly string[];
}

/** Divides affected instances by what happens to them. */
export function divideAffected(
  affected: readonly string[],
  { alerts, leases }: GroupState,
  nowMs: number,
): DividedAffected {
  const isRebooting = (id: string) => {
    const lease = leases.get(id);
    return lease && lease.incidentId === alerts.get(id)?.incidentId && !(lease.untilMs <= nowMs);
  };
  const isOpen = (id: string) => alerts.get(id)?.resolvedAtMs === undefined;
  const others = affected.filter((id) => !isRebooting(id));
  return {
    open: others.filter(isOpen),
    rebooting: affected.filter(isRebooting),
    resolved: others.filter((id) => !isOpen(id)),
  };
}

import type { GroupState } from "../incidents/group-item.ts";
import { clockText, dayMs, isTime, minuteMs } from "../incidents/times.ts";
import type { HandlerOptions } from "../options.ts";
import { affectedInstances, divideAffected, type GroupMembers, graceMinutes } from "./affected.ts";

/** What limits the reboots of a group, besides the limits of each instance. */
export interface GroupLimits {
  /** If a larger share of the group is affected, the cause is probably shared, and nothing is rebooted. */
  readonly maxAffectedPercent: number;
  /** How many instances may be rebooted and not verified yet. */
  readonly maxRebootingAtOnce: number;
  /** Reboots of the whole group in any 24 hours. */
  readonly maxRebootsPerDayInGroup: number;
}

/** What a group says about the reboot of one of its instances. */
export type GroupDecision =
  | { readonly kind: "reboot" }
  | { readonly kind: "wait"; readonly reason: string; readonly untilMs?: number }
  | { readonly kind: "daily limit"; readonly reason: string; readonly untilMs?: number }
  | {
      readonly kind: "shared cause";
      readonly reason: string;
      readonly affected: readonly string[];
    };

/** The members of the function's group. Throws if it has none. */
export function membersOf({ instanceIds, group }: HandlerOptions): GroupMembers {
  if (!group) throw new Error("the function has no group");
  return { instanceIds, windowMinutes: group.windowMinutes };
}

/** A shared cause affects at least this many instances. */
const fewestAffected = 2;

/** Whether so many instances are affected that rebooting them one by one cannot help. */
export function isSharedCause(
  affected: readonly string[],
  { instanceIds }: GroupMembers,
  { maxAffectedPercent }: GroupLimits,
): boolean {
  return (
    affected.length >= fewestAffected &&
    affected.length * 100 > maxAffectedPercent * instanceIds.length
  );
}

/** Decides, from the group's item and the time alone. A value that cannot be read never allows a reboot. */
export function decideInGroup(
  state: GroupState,
  {
    instanceId,
    alertId,
    members,
    limits,
    nowMs,
  }: {
    readonly instanceId: string;
    /** The alert's incident; absent for a manual invocation, of which a person decides whether the cause is shared. */
    readonly alertId: string | undefined;
    readonly members: GroupMembers;
    readonly limits: GroupLimits;
    readonly nowMs: number;
  },
): GroupDecision {
  const affected = affectedInstances(state, members, nowMs);
  if (alertId !== undefined && hasResolved(state, { instanceId, alertId })) {
    return { kind: "wait", reason: "the alert has resolved" };
  }
  if (alertId !== undefined && isSharedCause(affected, members, limits)) {
    const reason = describeAffected(affected, state, { members, limits, nowMs });
    return { kind: "shared cause", reason, affected };
  }
  const rebootsMs = recentReboots(state, nowMs);
  const { maxRebootsPerDayInGroup, maxRebootingAtOnce } = limits;
  if (rebootsMs.length >= maxRebootsPerDayInGroup) {
    const reason = `the limit of ${maxRebootsPerDayInGroup} reboots of the group in 24 hours is reached`;
    return { kind: "daily limit", reason, ...until(rebootsMs.at(-maxRebootsPerDayInGroup), dayMs) };
  }
  const others = activeLeases(state, nowMs).filter(([id]) => id !== instanceId);
  if (others.length < maxRebootingAtOnce) return { kind: "reboot" };
  const reason = `${others.map(([id]) => id).join(", ")} ${others.length === 1 ? "is" : "are"} being rebooted and verified; the limit is ${maxRebootingAtOnce} at once`;
  const [firstEndMs] = others.map(([, { untilMs }]) => untilMs).sort((a, b) => a - b);
  return { kind: "wait", reason, ...until(firstEndMs, 0) };
}

/** Whether the group knows that the alert resolved: its incident may not, if the alert has no page. */
export function hasResolved(
  { alerts }: GroupState,
  { instanceId, alertId }: { readonly instanceId: string; readonly alertId: string },
): boolean {
  const alert = alerts.get(instanceId);
  return alert?.incidentId === alertId && alert.resolvedAtMs !== undefined;
}

/** The group's reboots of the last 24 hours, oldest first. A time that cannot be read counts. */
export function recentReboots({ rebootsMs }: GroupState, nowMs: number): number[] {
  return rebootsMs.filter((it) => !(it + dayMs <= nowMs));
}

/** The leases that have not ended, by instance. */
export function activeLeases({ leases }: GroupState, nowMs: number) {
  return [...leases].filter(([, { untilMs }]) => !(untilMs <= nowMs));
}

/** Which instances are affected: first those whose alert is open, then the others apart, with the reason. */
function describeAffected(
  affected: readonly string[],
  state: GroupState,
  {
    members: { instanceIds, windowMinutes },
    limits: { maxAffectedPercent },
    nowMs,
  }: { members: GroupMembers; limits: GroupLimits; nowMs: number },
): string {
  const { open, rebooting, resolved } = divideAffected(affected, state, nowMs);
  const firedMs = resolved.map((id) => state.alerts.get(id)?.firedAtMs ?? Number.NaN);
  const endMs = Math.max(...firedMs) + (windowMinutes + graceMinutes) * minuteMs;
  const lists = [
    ["", open],
    ["being rebooted and verified: ", rebooting],
    [`alert resolved, but counted until ${clockText(endMs, nowMs)}: `, resolved],
  ] as const;
  const named = lists.flatMap(([what, ids]) => (ids.length > 0 ? what + ids.join(", ") : []));
  return (
    `${affected.length} of ${instanceIds.length} instances are affected, more than ` +
    `${maxAffectedPercent} %: ${named.join("; ")}. This looks like a shared cause, for example a slow database`
  );
}

function until(startMs: number | undefined, lengthMs: number): { untilMs?: number } {
  const untilMs = (startMs ?? Number.NaN) + lengthMs;
  return isTime(untilMs) ? { untilMs } : {};
}

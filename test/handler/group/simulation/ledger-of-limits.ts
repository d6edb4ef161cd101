import type { Item } from "../../support.ts";
import { atMost } from "./counts.ts";
import type { Deployment } from "./deployment-model.ts";
import { windowMinutes } from "./fleet-model.ts";
import type { IncidentRecord, IncidentRecords } from "./incident-records.ts";
import type { Rules } from "./ledger.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** An alert counts as affecting its instance for this long, also after it resolved. */
const recentMs = (windowMinutes + 5) * minuteMs;

/** No invocation lasts longer, so after this time none has earlier options. */
const longestInvocationMs = minuteMs;

/**
 * Whether the reboots keep the limits of each instance and of the group, and none is for a shared cause. A
 * claim must keep the limits of its invocation, whatever was deployed since. An instance that leaves the group and
 * is added again has had its reboots.
 */
export class LedgerOfLimits {
  private readonly rules: Rules;
  private readonly incidents: IncidentRecords;
  private readonly deployments: { readonly deployment: Deployment; readonly atMs: number }[];
  /** Claims that EC2 was asked to carry out. */
  private readonly reboots: { instanceId: string; atMs: number; id: string }[] = [];
  /** Alerts that the function has certainly stored, by instance; a resolution that arrived ends them. */
  private readonly known = new Map<string, { firedAtMs: number; isResolved: boolean }>();
  /** When instances were added to the group again. */
  private readonly addedAtMs = new Map<string, number>();

  constructor(rules: Rules, first: Deployment, incidents: IncidentRecords) {
    this.rules = rules;
    this.incidents = incidents;
    this.deployments = [{ deployment: first, atMs: 0 }];
  }

  /** The function forgets the alerts of an instance that is not in the group. */
  deployed(deployment: Deployment, nowMs: number): void {
    const before = this.deployments.at(-1)?.deployment.instanceIds ?? [];
    for (const id of deployment.instanceIds.filter((it) => !before.includes(it))) {
      this.known.delete(id);
      this.addedAtMs.set(id, nowMs);
    }
    this.deployments.push({ deployment, atMs: nowMs });
  }

  /** The webhook of an alert was handled without any fault. */
  received(instanceId: string, nowMs: number): void {
    // An invocation from before the instance was added can still remove what the item has of it.
    if (nowMs < (this.addedAtMs.get(instanceId) ?? 0) + longestInvocationMs) return;
    const old = this.known.get(instanceId);
    if (!old || old.isResolved) this.known.set(instanceId, { firedAtMs: nowMs, isResolved: false });
  }

  /** The webhook of a resolution reached the function. */
  resolved(instanceId: string): void {
    const alert = this.known.get(instanceId);
    if (alert) alert.isResolved = true;
  }

  /** A write of the item that the instances share, by an invocation with these options. */
  groupWritten(old: Item, item: Item, deployment: Deployment, nowMs: number): void {
    const { instanceIds, maxRebootingAtOnce, maxRebootsPerDayInGroup } = deployment;
    const affected = affectedIn(old, deployment, nowMs);
    if (old.sharedCause && !item.sharedCause && this.isShared(affected, deployment)) {
      throw new Error("a shared cause ended while too many instances were affected");
    }
    const leases = leasesIn(item, nowMs);
    const claims = leases.filter((it) => item[it]?.S !== old[it]?.S);
    if (claims.length > 0 || leases.length > leasesIn(old, nowMs).length) {
      atMost("leases", leases.length, maxRebootingAtOnce);
    }
    for (const name of claims) {
      const recent = (item.reboots?.L ?? []).filter(({ N }) => Number(N) > nowMs - dayMs);
      atMost("claims of the group in 24 hours", recent.length, maxRebootsPerDayInGroup);
      const incidentId = item[name]?.S ?? "";
      if (!incidentId.startsWith("alert-")) continue;
      const known = instanceIds.filter((it) => {
        const alert = this.known.get(it);
        return alert && nowMs < alert.firedAtMs + (alert.isResolved ? recentMs : dayMs);
      });
      if (this.isShared(affected, deployment) || this.isShared(known, deployment)) {
        throw new Error(`${incidentId} was claimed although the cause is shared: ${known.join()}`);
      }
    }
  }

  /** EC2 accepted the reboot of an incident that was claimed at `claimedAtMs`. */
  rebooted({ id, instanceId }: IncidentRecord, claimedAtMs: number, nowMs: number): void {
    const { rules } = this;
    const isForced = id.startsWith("manual-");
    this.reboots.push({ instanceId, atMs: claimedAtMs, id });
    const ofDay = this.reboots.filter((it) => it.atMs > claimedAtMs - dayMs);
    const mostOfDay = this.most("maxRebootsPerDayInGroup", nowMs);
    atMost("reboots of the group in 24 hours", ofDay.length, mostOfDay);
    const own = ofDay.filter((it) => it.instanceId === instanceId);
    atMost(`reboots of ${instanceId} in 24 hours`, own.length, rules.maxRebootsPerDay);
    const cooledMs = claimedAtMs - rules.cooldownMinutes * minuteMs;
    if (!isForced) {
      const inCooldown = own.filter((it) => it.atMs > cooledMs);
      atMost(`reboots of ${instanceId} in the cool-down`, inCooldown.length, 1);
    }
    // A person can reboot an instance again while it is verified: then its latest reboot counts.
    const latest = new Map(this.reboots.map((it) => [it.instanceId, it]));
    const unverified = [...latest.values()].filter((it) => {
      const { closedAtMs, lastMails } = this.incidents.of(it.id);
      const isOpen = closedAtMs === undefined && lastMails.length === 0;
      return isOpen && nowMs < it.atMs + rules.leaseMinutes * minuteMs;
    });
    const mostAtOnce = this.most("maxRebootingAtOnce", nowMs);
    atMost("instances rebooted and not verified", unverified.length, mostAtOnce);
  }

  /** The highest limit that an invocation at this time can have. */
  private most(limit: "maxRebootingAtOnce" | "maxRebootsPerDayInGroup", nowMs: number): number {
    const earliestMs = nowMs - longestInvocationMs;
    const current = this.deployments.filter(
      (_, index) => (this.deployments[index + 1]?.atMs ?? nowMs) >= earliestMs,
    );
    return Math.max(...current.map(({ deployment }) => deployment[limit]));
  }

  private isShared(affected: readonly string[], { instanceIds }: Deployment): boolean {
    const share = affected.length / instanceIds.length;
    return affected.length >= 2 && share * 100 > this.rules.maxAffectedPercent;
  }
}

/** The attributes of the leases that have not ended, those of instances that left the group included. */
function leasesIn(item: Item, nowMs: number): string[] {
  return Object.keys(item).filter(
    (name) => name.startsWith("lease#") && Number(item[name.replace("#", "Until#")]?.N) > nowMs,
  );
}

/** The instances with an alert that is open or recent, from the raw item. */
function affectedIn(item: Item, { instanceIds }: Deployment, nowMs: number): string[] {
  return instanceIds.filter((id) => {
    const fired = item[`firedAt#${id}`]?.N;
    if (fired === undefined) return false;
    return nowMs - Number(fired) < (item[`resolvedAt#${id}`] ? recentMs : dayMs);
  });
}

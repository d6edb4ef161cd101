import type { StreamRecord } from "../../incidents/table-model.ts";
import { type Item, metricsOf } from "../../support.ts";
import { windowMinutes } from "./fleet-model.ts";
import type { Invocation } from "./function-model.ts";
import { redeliveredAfterMs } from "./queue-model.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** What the handler promises to keep, in the numbers of this group. */
export interface Rules {
  readonly instanceIds: readonly string[];
  readonly maxAffectedPercent: number;
  readonly maxRebootingAtOnce: number;
  readonly maxRebootsPerDayInGroup: number;
  readonly maxRebootsPerDay: number;
  readonly cooldownMinutes: number;
  /** `checkEveryMinutes` × `maxChecks` + 5. */
  readonly leaseMinutes: number;
}

interface IncidentRecord {
  readonly id: string;
  instanceId: string;
  storedAtMs?: number;
  claimedAtMs?: number;
  rebootedAtMs?: number;
  closedAtMs?: number;
  outcome?: string;
  /** The e-mails at the beginning of a shared cause. */
  beginMailCount: number;
  /** The last e-mails, each with the time. */
  readonly lastMails: { readonly kind: string; readonly atMs: number }[];
  /** Returned to the queue. */
  failedDeliveries: number;
  /** Something went wrong after an e-mail of it, so the e-mail may come again, or its end is not written. */
  isMailRepeatable: boolean;
  /** An alarm notified people, because SNS refused an e-mail or the function ended. */
  isAlarmed: boolean;
}

/** The subjects that end an incident, by its outcome. */
const lastSubjects: Readonly<Record<string, string>> = {
  "NOT rebooted: the reboot failed": "failed",
  "NOT rebooted: suppressed": "suppressed",
  "NOT rebooted, only a dry run": "permitted in dryrun mode",
  "NOT rebooted, waited too long": "waited too long",
  "NOT rebooted, shared cause suspected": "shared cause",
  "Still slow after a shared cause": "still affected",
  "Alert resolved": "resolved",
  "No longer in the group": "removed",
  Recovered: "recovered",
  "Up after the manual reboot": "instance up",
  "NOT recovered": "not recovered",
  Unconfirmed: "recovery unconfirmed",
  "Reboot claimed but never confirmed": "unconfirmed",
};

/**
 * Follows everything that becomes visible outside of the handler (writes, reboots, e-mails, metrics), and
 * throws at once when it breaks a promise. It computes everything from the raw items itself.
 */
export class Ledger {
  readonly counts: Record<string, number> = {};
  private readonly rules: Rules;
  private readonly incidents = new Map<string, IncidentRecord>();
  /** Claims that EC2 was asked to carry out. */
  private readonly reboots: { instanceId: string; atMs: number; id: string; isForced: boolean }[] =
    [];
  /** Alerts that the function has certainly stored, by instance; a resolution that arrived ends them. */
  private readonly known = new Map<string, { firedAtMs: number; isResolved: boolean }>();
  /** When an invocation about an instance ended in an alarm instead of an e-mail. */
  private readonly alarms: { instanceId: string; atMs: number }[] = [];

  constructor(rules: Rules) {
    this.rules = rules;
  }

  /** A write of the table. */
  written({ oldImage, newImage }: StreamRecord, nowMs: number): void {
    const key = newImage.id?.S ?? "";
    if (key === "group") this.groupWritten(oldImage ?? {}, newImage, nowMs);
    if (key.startsWith("incident#")) this.incidentWritten(key.slice(9), oldImage, newImage, nowMs);
  }

  /** EC2 accepted a reboot. */
  rebooted(instanceId: string, nowMs: number): void {
    this.count("reboots");
    const claimed = [...this.incidents.values()].find(
      (it) =>
        it.instanceId === instanceId &&
        it.claimedAtMs !== undefined &&
        it.rebootedAtMs === undefined &&
        nowMs - it.claimedAtMs < minuteMs,
    );
    if (claimed?.claimedAtMs === undefined)
      throw new Error(`${instanceId} was rebooted without a claim`);
    claimed.rebootedAtMs = nowMs;
    const { claimedAtMs: atMs, id } = claimed;
    const isForced = id.startsWith("manual-");
    this.reboots.push({ instanceId, atMs, id, isForced });
    this.limitsHold(instanceId, { atMs, isForced }, nowMs);
  }

  /** The webhook of an alert or a resolution was handled without any fault. */
  received(instanceId: string, trigger: string, nowMs: number): void {
    if (trigger === "Critical") {
      const old = this.known.get(instanceId);
      if (!old || old.isResolved)
        this.known.set(instanceId, { firedAtMs: nowMs, isResolved: false });
    }
  }

  /** The webhook of a resolution reached the function. */
  resolved(instanceId: string): void {
    const alert = this.known.get(instanceId);
    if (alert) alert.isResolved = true;
  }

  /** SNS accepted an e-mail. */
  mailed({ subject, text }: { subject: string; text: string }, nowMs: number): void {
    const id = /^Incident: (\S+)$/m.exec(text)?.[1] ?? "";
    const [, kind] =
      Object.entries(lastSubjects).find(([start]) => subject.startsWith(start)) ?? [];
    this.count(`e-mail: ${kind ?? subject.split(":")[0]?.replace(/ for .*| i-.*/, "")}`);
    if (kind === undefined) return;
    const incident = this.incident(id);
    if (kind === "shared cause") incident.beginMailCount++;
    else incident.lastMails.push({ kind, atMs: nowMs });
  }

  /** An invocation has ended, as the result says. `id` is that of its message's incident, if it has one. */
  ended(
    invocation: Invocation,
    {
      id,
      instanceId,
      isReturned,
      isCrashed,
    }: {
      id: string | undefined;
      instanceId: string | undefined;
      isReturned: boolean;
      isCrashed: boolean;
    },
    nowMs: number,
  ): void {
    const ids = new Set([
      ...(id === undefined ? [] : [id]),
      ...invocation.mails.map(({ text }) => /^Incident: (\S+)$/m.exec(text)?.[1] ?? ""),
    ]);
    const isAlarmed = isCrashed || metricsOf(invocation.lines).includes("NotificationFailed");
    for (const it of ids) {
      const incident = this.incident(it);
      if (isReturned) incident.failedDeliveries++;
      if (isAlarmed) incident.isAlarmed = true;
      if (
        invocation.faults.some(
          ({ mailCount, call, how }) =>
            mailCount > 0 ||
            (call === "publish" && how === "lost") ||
            // The webhook could not queue or store the alert, but another delivery of it could.
            id === undefined,
        ) ||
        (isCrashed && invocation.mails.length > 0)
      ) {
        incident.isMailRepeatable = true;
      }
    }
    if (isAlarmed && instanceId !== undefined) this.alarms.push({ instanceId, atMs: nowMs });
  }

  /** When nothing happens any more: every alert that was stored has ended. */
  finished(deadLetterQueue: readonly string[]): void {
    const dead = new Set(
      deadLetterQueue.map((it) => (JSON.parse(it) as { incidentId: string }).incidentId),
    );
    for (const incident of this.incidents.values()) {
      const { id, storedAtMs, claimedAtMs } = incident;
      if (storedAtMs === undefined && claimedAtMs === undefined) continue;
      if (dead.has(id)) this.count("in the dead-letter queue");
      else this.hasEnded(incident);
    }
  }

  private hasEnded(incident: IncidentRecord): void {
    const { id, closedAtMs, outcome = "", lastMails, isMailRepeatable, isAlarmed } = incident;
    if (closedAtMs === undefined) {
      if ((lastMails.length > 0 && isMailRepeatable) || isAlarmed) {
        this.count("not closed");
        return;
      }
      throw new Error(`${id} was never closed: ${JSON.stringify(incident)}`);
    }
    this.count(`end: ${outcome}`);
    const { beginMailCount, storedAtMs = 0 } = incident;
    if (beginMailCount > 1 && !isMailRepeatable) {
      throw new Error(`${id} has several first e-mails: ${JSON.stringify(incident)}`);
    }
    if (id.startsWith("shared-")) {
      if (beginMailCount === 0 && !isAlarmed) {
        throw new Error(`${id} began without an e-mail: ${JSON.stringify(incident)}`);
      }
      if (outcome === "shared cause over" && lastMails.length === 0) return;
    }
    // A resolution after the end has its own e-mail. An alert that could not be stored has an e-mail, too, and may come again.
    const own = lastMails.filter(
      ({ kind, atMs }) => !(kind === "resolved" && outcome !== "resolved") && atMs >= storedAtMs,
    );
    if (own.length > 1 && !isMailRepeatable && !isAlarmed) {
      throw new Error(`${id} has several last e-mails: ${JSON.stringify(incident)}`);
    }
    if (own.length > 0 || isAlarmed) return;
    if (outcome === "suppressed" && this.isOfCooldown(incident, closedAtMs)) return;
    if (outcome === "shared cause" && this.hasSharedMail(closedAtMs)) return;
    throw new Error(`${id} has no last e-mail: ${JSON.stringify(incident)}`);
  }

  /** One suppressed alert of a cool-down is an e-mail. */
  private isOfCooldown({ instanceId }: IncidentRecord, closedAtMs: number): boolean {
    const isRecent = (atMs: number) =>
      atMs <= closedAtMs + minuteMs &&
      closedAtMs - atMs <= this.rules.cooldownMinutes * minuteMs + minuteMs;
    return (
      this.alarms.some((it) => it.instanceId === instanceId && isRecent(it.atMs)) ||
      [...this.incidents.values()].some(
        (it) =>
          it.instanceId === instanceId &&
          it.lastMails.some(({ kind, atMs }) => kind === "suppressed" && isRecent(atMs)),
      )
    );
  }

  /** The shared cause that lasted when an alert was closed has its e-mail. */
  private hasSharedMail(closedAtMs: number): boolean {
    return [...this.incidents.values()].some(
      (it) =>
        it.id.startsWith("shared-") &&
        (it.storedAtMs ?? Number.POSITIVE_INFINITY) <= closedAtMs &&
        (it.isAlarmed || it.beginMailCount > 0) &&
        (it.closedAtMs ?? Number.POSITIVE_INFINITY) >= closedAtMs - minuteMs,
    );
  }

  private groupWritten(old: Item, item: Item, nowMs: number): void {
    const leases = this.rules.instanceIds.filter(
      (id) => Number(item[`leaseUntil#${id}`]?.N) > nowMs,
    );
    this.atMost("leases", leases.length, this.rules.maxRebootingAtOnce);
    const recent = (item.reboots?.L ?? []).filter(({ N }) => Number(N) > nowMs - dayMs);
    this.atMost(
      "claims of the group in 24 hours",
      recent.length,
      this.rules.maxRebootsPerDayInGroup,
    );
    if (old.sharedCause && !item.sharedCause && this.isShared(affectedIn(old, this.rules, nowMs))) {
      throw new Error("a shared cause ended while too many instances were affected");
    }
    for (const id of this.rules.instanceIds) {
      const incidentId = item[`lease#${id}`]?.S ?? "";
      if (!incidentId.startsWith("alert-") || incidentId === old[`lease#${id}`]?.S) continue;
      const known = this.rules.instanceIds.filter((it) => {
        const alert = this.known.get(it);
        return alert && nowMs < alert.firedAtMs + (alert.isResolved ? recentMs : dayMs);
      });
      if (this.isShared(affectedIn(old, this.rules, nowMs)) || this.isShared(known)) {
        throw new Error(`${id} was claimed although the cause is shared: ${known.join(", ")}`);
      }
    }
  }

  private incidentWritten(id: string, old: Item | undefined, item: Item, nowMs: number): void {
    const incident = this.incident(id);
    const isWaiting = item.waitsSince !== undefined;
    const isShared = id.startsWith("shared-");
    incident.instanceId = item.instanceId?.S ?? "";
    if (!old && (isWaiting || isShared)) {
      incident.storedAtMs = nowMs;
      this.count(isShared ? "shared causes" : "alerts");
    }
    if (!isWaiting && !isShared && incident.claimedAtMs === undefined) {
      if (old?.closedAt) throw new Error(`${id} was claimed after its end`);
      incident.claimedAtMs = nowMs;
      this.count("claims");
      this.waitedLongEnough(incident, nowMs);
    }
    if (isShared) {
      const minutes = (nowMs - (incident.storedAtMs ?? 0)) / minuteMs;
      this.atMost(`checks of ${id}`, Number(item.checkCount?.N ?? 0), 1.2 * minutes + 2);
    }
    if (item.closedAt && !old?.closedAt) {
      incident.closedAtMs = nowMs;
      incident.outcome = item.outcome?.S ?? "";
      if (isWaiting) this.waitedLongEnough(incident, nowMs);
      if (incident.claimedAtMs !== undefined && !afterClaim.has(incident.outcome)) {
        throw new Error(`${id} was closed as ${incident.outcome} although its reboot was claimed`);
      }
    }
    if (old?.closedAt && item.outcome?.S !== old.outcome?.S) {
      throw new Error(`${id} ended twice: ${old.outcome?.S}, ${item.outcome?.S}`);
    }
  }

  private waitedLongEnough(
    { id, storedAtMs, failedDeliveries }: IncidentRecord,
    nowMs: number,
  ): void {
    if (storedAtMs === undefined) return;
    const mostMs = this.rules.leaseMinutes * minuteMs + (failedDeliveries + 1) * redeliveredAfterMs;
    if (nowMs - storedAtMs > mostMs) {
      throw new Error(`${id} waited ${(nowMs - storedAtMs) / minuteMs} minutes`);
    }
  }

  private limitsHold(
    instanceId: string,
    { atMs, isForced }: { atMs: number; isForced: boolean },
    nowMs: number,
  ): void {
    const { rules } = this;
    const ofDay = this.reboots.filter((it) => it.atMs > atMs - dayMs);
    this.atMost("reboots of the group in 24 hours", ofDay.length, rules.maxRebootsPerDayInGroup);
    const own = ofDay.filter((it) => it.instanceId === instanceId);
    this.atMost(`reboots of ${instanceId} in 24 hours`, own.length, rules.maxRebootsPerDay);
    const cooledMs = atMs - rules.cooldownMinutes * minuteMs;
    if (!isForced) {
      const inCooldown = this.reboots.filter(
        (it) => it.instanceId === instanceId && it.atMs > cooledMs,
      );
      this.atMost(`reboots of ${instanceId} in the cool-down`, inCooldown.length, 1);
    }
    // A person can reboot an instance again while it is verified: then its latest reboot counts.
    const latest = new Map(this.reboots.map((it) => [it.instanceId, it]));
    const unverified = [...latest.values()].filter((it) => {
      const { closedAtMs, lastMails } = this.incident(it.id);
      const isOpen = closedAtMs === undefined && lastMails.length === 0;
      return isOpen && nowMs < it.atMs + rules.leaseMinutes * minuteMs;
    });
    const unverifiedIds = new Set(unverified.map((it) => it.instanceId));
    this.atMost(
      "instances rebooted and not verified",
      unverifiedIds.size,
      rules.maxRebootingAtOnce,
    );
  }

  private isShared(affected: readonly string[]): boolean {
    const { instanceIds, maxAffectedPercent } = this.rules;
    return (
      affected.length >= 2 && (affected.length / instanceIds.length) * 100 > maxAffectedPercent
    );
  }

  private incident(id: string): IncidentRecord {
    const known = this.incidents.get(id);
    if (known) return known;
    const incident = {
      id,
      instanceId: "",
      beginMailCount: 0,
      lastMails: [],
      failedDeliveries: 0,
      isMailRepeatable: false,
      isAlarmed: false,
    };
    this.incidents.set(id, incident);
    return incident;
  }

  private atMost(what: string, count: number, most: number): void {
    if (count > most) throw new Error(`${count} ${what}; expected at most ${most}`);
  }

  private count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}

const recentMs = (windowMinutes + 5) * minuteMs;

/** The ends of an incident whose reboot was claimed. */
const afterClaim = new Set([
  "failed",
  "recovered",
  "instance up",
  "not recovered",
  "recovery unconfirmed",
  "unconfirmed",
]);

/** The instances with an alert that is open or recent, from the raw item. */
function affectedIn(item: Item, { instanceIds }: Rules, nowMs: number): string[] {
  return instanceIds.filter((id) => {
    const fired = item[`firedAt#${id}`]?.N;
    if (fired === undefined) return false;
    return nowMs - Number(fired) < (item[`resolvedAt#${id}`] ? recentMs : dayMs);
  });
}

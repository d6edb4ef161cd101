import type { StreamRecord } from "../../incidents/table-model.ts";
import { metricsOf } from "../../support.ts";
import { atMost, Counts } from "./counts.ts";
import type { Deployment } from "./deployment-model.ts";
import type { Invocation } from "./function-model.ts";
import { type IncidentRecord, IncidentRecords } from "./incident-records.ts";
import { LedgerOfLimits } from "./ledger-of-limits.ts";
import { LedgerOfQuietHours } from "./ledger-of-quiet-hours.ts";
import { LedgerOfSwitches } from "./ledger-of-switches.ts";
import type { Switch } from "./operator-model.ts";
import { redeliveredAfterMs } from "./queue-model.ts";
import type { QuietSpan } from "./quiet-windows.ts";

const minuteMs = 60_000;

/** What the handler promises to keep, in the numbers of this group; a deployment can change others. */
export interface Rules {
  readonly maxAffectedPercent: number;
  readonly maxRebootsPerDay: number;
  readonly cooldownMinutes: number;
  /** `checkEveryMinutes` × `maxChecks` + 5. */
  readonly leaseMinutes: number;
  readonly quietSpans: readonly QuietSpan[];
}

/** The subjects that end an incident, by its outcome. */
const lastSubjects: Readonly<Record<string, string>> = {
  "NOT rebooted: the reboot failed": "failed",
  "NOT rebooted: suppressed": "suppressed",
  "NOT rebooted, only a dry run": "permitted in dryrun mode",
  "NOT rebooted, waited too long": "waited too long",
  "NOT rebooting, shared cause suspected": "shared cause",
  "Still slow after a shared cause": "still affected",
  "Still slow after quiet hours": "still slow",
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
  private readonly total = new Counts();
  private readonly rules: Rules;
  private readonly incidents: IncidentRecords;
  private readonly limits: LedgerOfLimits;
  private readonly switches = new LedgerOfSwitches();
  private readonly quietHours: LedgerOfQuietHours;

  constructor(rules: Rules, first: Deployment) {
    this.rules = rules;
    this.incidents = new IncidentRecords(rules.cooldownMinutes);
    this.limits = new LedgerOfLimits(rules, first, this.incidents);
    this.quietHours = new LedgerOfQuietHours(rules.quietSpans, this.incidents);
  }

  /** How often what happened. */
  get counts(): Record<string, number> {
    return this.total.values;
  }

  /** The options of the invocations that begin from now on. */
  deployed(deployment: Deployment, nowMs: number): void {
    this.total.count("deployments");
    this.limits.deployed(deployment, nowMs);
  }

  /** A person changed the kill switch of an instance. */
  switched(change: Switch, nowMs: number): void {
    this.total.count(`mode ${change.mode}`);
    this.switches.switched(change, nowMs);
  }

  /** A write of the table by an invocation. */
  written(record: StreamRecord, invocation: Invocation, nowMs: number): void {
    const { oldImage = {}, newImage } = record;
    const key = newImage.id?.S ?? "";
    if (key === "group") this.limits.groupWritten(oldImage, newImage, invocation.deployment, nowMs);
    if (key.startsWith("incident#")) this.incidentWritten(key.slice(9), record, invocation, nowMs);
  }

  /** EC2 accepted a reboot. */
  rebooted(instanceId: string, { deployment }: Invocation, nowMs: number): void {
    this.total.count("reboots");
    if (!deployment.instanceIds.includes(instanceId)) {
      throw new Error(`${instanceId} was rebooted although it had left the group`);
    }
    const claimed = this.incidents
      .all()
      .find(
        (it) =>
          it.instanceId === instanceId &&
          it.claimedAtMs !== undefined &&
          it.rebootedAtMs === undefined &&
          nowMs - it.claimedAtMs < minuteMs,
      );
    if (claimed?.claimedAtMs === undefined)
      throw new Error(`${instanceId} was rebooted without a claim`);
    claimed.rebootedAtMs = nowMs;
    this.limits.rebooted(claimed, claimed.claimedAtMs, nowMs);
  }

  /** EC2 got a dry run. */
  triedDryRun(instanceId: string, invocation: Invocation): void {
    this.total.count("dry runs");
    this.switches.triedDryRun(instanceId, invocation);
  }

  /** The webhook of an alert was handled without any fault. */
  received(instanceId: string, nowMs: number): void {
    this.limits.received(instanceId, nowMs);
  }

  /** The response to an alert says that quiet hours suppressed it. */
  quieted(instanceId: string, nowMs: number): void {
    this.total.count("alerts in quiet hours");
    this.quietHours.quieted(instanceId, nowMs);
  }

  /** The webhook of a resolution reached the function. */
  resolved(instanceId: string): void {
    this.limits.resolved(instanceId);
  }

  /** SNS accepted an e-mail. */
  mailed({ subject, text }: { subject: string; text: string }, nowMs: number): void {
    const id = /^Incident: (\S+)$/m.exec(text)?.[1] ?? "";
    const [, kind] =
      Object.entries(lastSubjects).find(([start]) => subject.startsWith(start)) ?? [];
    this.total.count(`e-mail: ${kind ?? subject.split(":")[0]?.replace(/ for .*| i-.*/, "")}`);
    if (kind === undefined) return;
    if (kind === "still slow") this.quietHours.endMailed(id, text);
    const incident = this.incidents.of(id);
    // The table does not have an alert that was not stored.
    if (incident.instanceId === "") incident.instanceId = /^Instance: (\S+)/m.exec(text)?.[1] ?? "";
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
    this.quietHours.ended(invocation, id, isCrashed);
    const isAlarmed = isCrashed || metricsOf(invocation.lines).includes("NotificationFailed");
    for (const it of ids) {
      const incident = this.incidents.of(it);
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
    if (isAlarmed && instanceId !== undefined) this.incidents.alarmed(instanceId, nowMs);
  }

  /** When nothing happens any more: every alert that was stored has ended. */
  finished(deadLetterQueue: readonly string[]): void {
    const dead = new Set(
      deadLetterQueue.map((it) => (JSON.parse(it) as { incidentId: string }).incidentId),
    );
    this.quietHours.finished();
    for (const incident of this.incidents.all()) {
      const { id, storedAtMs, claimedAtMs } = incident;
      if (storedAtMs === undefined && claimedAtMs === undefined) continue;
      if (dead.has(id)) this.total.count("in the dead-letter queue");
      else if (isPeriod(id)) this.total.count(this.quietHours.hasEnded(incident));
      else this.hasEnded(incident, dead);
    }
  }

  private hasEnded(incident: IncidentRecord, dead: ReadonlySet<string>): void {
    const { id, closedAtMs, outcome = "", lastMails, isMailRepeatable, isAlarmed } = incident;
    if (closedAtMs === undefined) {
      if ((lastMails.length > 0 && isMailRepeatable) || isAlarmed) {
        this.total.count("not closed");
        return;
      }
      throw new Error(`${id} was never closed: ${JSON.stringify(incident)}`);
    }
    this.total.count(`end: ${outcome}`);
    const { beginMailCount, storedAtMs = 0, instanceId } = incident;
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
    const isRemoved = outcome === "removed";
    if (own.some(({ kind }) => !isRemoved || kind === "removed") || isAlarmed) return;
    const isSuppressed = outcome === "suppressed" || outcome === "dryrun mode repeated";
    if (isSuppressed && this.incidents.isNotified(instanceId, closedAtMs)) return;
    if (outcome === "shared cause" && this.isSharedReported(closedAtMs, dead)) return;
    throw new Error(`${id} has no last e-mail: ${JSON.stringify(incident)}`);
  }

  /**
   * The shared cause that lasted when an alert was closed has its e-mail, or the alarm of the dead-letter queue, in which
   * `dead` are.
   */
  private isSharedReported(closedAtMs: number, dead: ReadonlySet<string>): boolean {
    return this.incidents
      .all()
      .some(
        (it) =>
          it.id.startsWith("shared-") &&
          (it.storedAtMs ?? Number.POSITIVE_INFINITY) <= closedAtMs &&
          (it.isAlarmed || it.beginMailCount > 0 || dead.has(it.id)) &&
          (it.closedAtMs ?? Number.POSITIVE_INFINITY) >= closedAtMs - minuteMs,
      );
  }

  private incidentWritten(
    id: string,
    record: StreamRecord,
    invocation: Invocation,
    nowMs: number,
  ): void {
    const { oldImage: old, newImage: item } = record;
    const incident = this.incidents.of(id);
    const isWaiting = item.waitsSince !== undefined;
    const isShared = id.startsWith("shared-");
    const isQuiet = item.quietUntil !== undefined;
    incident.instanceId = item.instanceId?.S ?? "";
    if (!old && (isWaiting || isShared || isPeriod(id))) {
      incident.storedAtMs = nowMs;
      this.total.count(isWaiting ? "alerts" : isShared ? "shared causes" : "quiet periods");
      if (isWaiting) this.quietHours.forbids(`${id} was stored to be decided`, invocation, nowMs);
    }
    if (isQuiet && old?.waitsSince) {
      this.waitedLongEnough(incident, nowMs);
      this.total.count("waited until quiet hours");
      this.quietHours.quieted(incident.instanceId, nowMs);
      // From now on its quiet period reports it.
      delete incident.storedAtMs;
    }
    if (!isWaiting && !isShared && !isQuiet && incident.claimedAtMs === undefined) {
      if (old?.closedAt) throw new Error(`${id} was claimed after its end`);
      incident.claimedAtMs = nowMs;
      this.total.count("claims");
      this.switches.claimed(incident.instanceId, nowMs);
      if (id.startsWith("alert-")) this.quietHours.claimed(id, old, invocation, nowMs);
      this.waitedLongEnough(incident, nowMs);
    }
    if (isShared) {
      const minutes = (nowMs - (incident.storedAtMs ?? 0)) / minuteMs;
      atMost(`checks of ${id}`, Number(item.checkCount?.N ?? 0), 1.2 * minutes + 2);
    }
    if (isPeriod(id)) this.quietHours.periodWritten(id, record, invocation, nowMs);
    if (item.resolvedAt) this.quietHours.resolved(id);
    if (item.closedAt && !old?.closedAt) {
      incident.closedAtMs = nowMs;
      incident.outcome = item.outcome?.S ?? "";
      if (isWaiting) this.waitedLongEnough(incident, nowMs);
      if (incident.claimedAtMs !== undefined && !afterClaim.has(incident.outcome)) {
        throw new Error(`${id} was closed as ${incident.outcome} although its reboot was claimed`);
      }
      const isMember = invocation.deployment.instanceIds.includes(incident.instanceId);
      if (!isShared && !isPeriod(id) && isMember === (incident.outcome === "removed")) {
        const where = isMember ? "in" : "no longer in";
        throw new Error(`${id} was closed as ${incident.outcome}, but is ${where} the group`);
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
}

/** Whether an incident is a quiet period. */
function isPeriod(id: string): boolean {
  return id.startsWith("quiet-");
}

/** The ends of an incident whose reboot was claimed. */
const afterClaim = new Set([
  "failed",
  "recovered",
  "instance up",
  "not recovered",
  "recovery unconfirmed",
  "unconfirmed",
  "removed",
]);

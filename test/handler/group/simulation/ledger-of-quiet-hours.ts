import type { StreamRecord } from "../../incidents/table-model.ts";
import type { Item } from "../../support.ts";
import type { Invocation } from "./function-model.ts";
import type { IncidentRecord, IncidentRecords } from "./incident-records.ts";
import { redeliveredAfterMs } from "./queue-model.ts";
import type { QuietSpan } from "./quiet-windows.ts";

const minuteMs = 60_000;

/** A quiet period in which alerts were suppressed. Its incident has the e-mails. */
interface QuietPeriod {
  readonly span: QuietSpan;
  /** The incidents of its alerts. */
  alertIds: readonly string[];
  /** An invocation that stored an alert had a fault, so perhaps no check was queued. */
  isUnchecked: boolean;
  /** A check had a fault, so perhaps a period without an e-mail is not closed. */
  isFaulty: boolean;
}

/**
 * Whether no alert of quiet hours reboots, and people are notified: of the suppressed alerts at once, and of those
 * that are still slow once when the quiet hours have ended.
 */
export class LedgerOfQuietHours {
  private readonly spans: readonly QuietSpan[];
  private readonly incidents: IncidentRecords;
  private readonly periods = new Map<string, QuietPeriod>();
  private readonly resolvedIds = new Set<string>();
  /** The period into which an invocation has stored an alert. */
  private readonly storing = new Map<string, QuietPeriod>();
  /** When alerts of an instance were suppressed. */
  private readonly suppressed: { readonly instanceId: string; readonly atMs: number }[] = [];

  constructor(spans: readonly QuietSpan[], incidents: IncidentRecords) {
    this.spans = spans;
    this.incidents = incidents;
  }

  /** What an invocation must not do if all of it so far was in quiet hours. */
  forbids(what: string, { startedAtMs }: Invocation, nowMs: number): void {
    if (this.spans.some((it) => it.fromMs <= startedAtMs && nowMs < it.untilMs)) {
      throw new Error(`${what} in quiet hours`);
    }
  }

  /** The reboot for an alert was claimed; `old` is its incident before. */
  claimed(id: string, old: Item | undefined, invocation: Invocation, nowMs: number): void {
    this.forbids(`${id} was claimed`, invocation, nowMs);
    if (old?.quietUntil) throw new Error(`${id} came in quiet hours and was claimed after them`);
  }

  /** An alert has resolved, as its incident says. */
  resolved(id: string): void {
    this.resolvedIds.add(id);
  }

  /** The response to an alert says that quiet hours suppressed it. */
  quieted(instanceId: string, nowMs: number): void {
    this.suppressed.push({ instanceId, atMs: nowMs });
  }

  /** A write of a quiet period's incident. */
  periodWritten(
    id: string,
    { oldImage, newImage }: StreamRecord,
    invocation: Invocation,
    nowMs: number,
  ): void {
    const period = this.periodOf(id);
    period.alertIds = (newImage.alerts?.L ?? []).flatMap(({ S }) => S ?? []);
    if (period.alertIds.length > (oldImage?.alerts?.L ?? []).length) {
      this.storing.set(invocation.requestId, period);
    }
    if (newImage.closedAt && !oldImage?.closedAt) {
      this.closed(newImage.outcome?.S ?? "", period, this.incidents.of(id), nowMs);
    }
  }

  /** The e-mail at the end names each alert that has not resolved. */
  endMailed(id: string, text: string): void {
    const missing = this.slowIn(this.periodOf(id)).filter((it) => !text.includes(it));
    if (missing.length > 0) throw new Error(`the e-mail of ${id} omits ${missing.join(", ")}`);
  }

  /** An invocation has ended. `id` is that of its message's incident, if it has one. */
  ended({ requestId, faults }: Invocation, id: string | undefined, isCrashed: boolean): void {
    const hasFault = faults.length > 0 || isCrashed;
    const stored = this.storing.get(requestId);
    if (stored && hasFault) stored.isUnchecked = true;
    const checked = id === undefined ? undefined : this.periods.get(id);
    if (checked && hasFault) checked.isFaulty = true;
    this.storing.delete(requestId);
  }

  /** When nothing happens any more. */
  finished(): void {
    for (const { instanceId, atMs } of this.suppressed) {
      if (!this.incidents.isNotified(instanceId, atMs)) {
        throw new Error(`nobody was notified of an alert of ${instanceId} in quiet hours`);
      }
    }
  }

  /** When nothing happens any more: a quiet period has its e-mail at the end. Returns what to count. */
  hasEnded({ id, closedAtMs, outcome, lastMails, isMailRepeatable }: IncidentRecord): string {
    const period = this.periodOf(id);
    const mailCount = lastMails.length;
    if (closedAtMs === undefined) {
      const isWithoutMail = period.isFaulty && this.slowIn(period).length === 0;
      const isMailed = mailCount > 0 && isMailRepeatable;
      if (isMailed || isWithoutMail || period.isUnchecked) return "quiet periods not closed";
      throw new Error(`${id} was never closed`);
    }
    const expected = outcome === "still slow" ? 1 : 0;
    if (mailCount < expected || (mailCount > expected && !isMailRepeatable)) {
      throw new Error(`${id} was closed as ${outcome} with ${mailCount} e-mails`);
    }
    return `end: ${outcome}`;
  }

  private closed(
    outcome: string,
    period: QuietPeriod,
    { id, failedDeliveries }: IncidentRecord,
    nowMs: number,
  ): void {
    const { untilMs } = period.span;
    if (nowMs < untilMs) throw new Error(`${id} was closed before its end`);
    if (nowMs > untilMs + 1.1 * minuteMs + (failedDeliveries + 1) * redeliveredAfterMs) {
      throw new Error(`${id} was closed ${(nowMs - untilMs) / minuteMs} minutes after its end`);
    }
    const slow = this.slowIn(period);
    if (outcome === "all resolved" && slow.length > 0) {
      throw new Error(`${id} was closed as ${outcome}, but has not resolved: ${slow.join(", ")}`);
    }
  }

  private slowIn({ alertIds }: QuietPeriod): string[] {
    return alertIds.filter((it) => !this.resolvedIds.has(it));
  }

  private periodOf(id: string): QuietPeriod {
    const known = this.periods.get(id);
    if (known) return known;
    const span = this.spans.find(({ untilMs }) => id === `quiet-${untilMs}`);
    if (!span) throw new Error(`no quiet hours end as ${id} says`);
    const period = { span, alertIds: [], isUnchecked: false, isFaulty: false };
    this.periods.set(id, period);
    return period;
  }
}

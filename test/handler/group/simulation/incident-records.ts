const minuteMs = 60_000;

/** What became visible of one incident. */
export interface IncidentRecord {
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

/** All incidents, and the alarms of invocations whose incident is unknown. */
export class IncidentRecords {
  private readonly incidents = new Map<string, IncidentRecord>();
  /** When an invocation about an instance ended in an alarm instead of an e-mail. */
  private readonly alarms: { instanceId: string; atMs: number }[] = [];
  private readonly cooldownMinutes: number;

  constructor(cooldownMinutes: number) {
    this.cooldownMinutes = cooldownMinutes;
  }

  /** The incident with this id, which is new if it is unknown. */
  of(id: string): IncidentRecord {
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

  all(): IncidentRecord[] {
    return [...this.incidents.values()];
  }

  alarmed(instanceId: string, atMs: number): void {
    this.alarms.push({ instanceId, atMs });
  }

  /** Whether people were notified in this cool-down that an alert of the instance was suppressed. */
  isNotified(instanceId: string, nowMs: number): boolean {
    const isRecent = (atMs: number) =>
      atMs <= nowMs + minuteMs && nowMs - atMs <= this.cooldownMinutes * minuteMs + minuteMs;
    return (
      this.alarms.some((it) => it.instanceId === instanceId && isRecent(it.atMs)) ||
      this.all().some(
        (it) =>
          it.instanceId === instanceId &&
          it.lastMails.some(({ kind, atMs }) => isAboutSuppression(kind, it) && isRecent(atMs)),
      )
    );
  }
}

/** In the mode `dryrun` the e-mail is about the dry run, whether EC2 permitted it or not. */
function isAboutSuppression(kind: string, { claimedAtMs }: IncidentRecord): boolean {
  if (kind === "failed") return claimedAtMs === undefined;
  return kind === "suppressed" || kind === "permitted in dryrun mode";
}

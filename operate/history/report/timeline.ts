import type { Incident } from "../../../handler/incidents/table.ts";
import { isTime } from "../../../handler/incidents/times.ts";
import type { LogRecord } from "../../drill/function-log.ts";
import { momentText } from "./moment.ts";
import { endOf } from "./result.ts";
import { suppressionReason, suppressionsIn } from "./suppressions.ts";

/** Something that the automation saw, decided or did. */
export interface Entry {
  /** `NaN` if the table has no time for it. */
  readonly atMs: number;
  readonly kind: "saw" | "decided" | "did";
  readonly what: string;
  /** Why, or what exactly. */
  readonly reason?: string;
}

/**
 * The timeline of an incident, from its item and from the function's log lines of it. The item has the
 * times. The log has the reasons, and the health checks between; an entry that both have is one.
 */
export function timelineOf(
  incident: Incident,
  records: readonly LogRecord[],
  firstSlowMs: number | undefined,
): Entry[] {
  const used = new Set<LogRecord>();
  /** The reason of the first record that matches, which is no separate entry then. */
  function reasonOf(matches: (message: LogRecord["message"]) => boolean): { reason?: string } {
    const record = records.find((it) => !used.has(it) && matches(it.message));
    if (!record) return {};
    used.add(record);
    const { reason } = record.message;
    return typeof reason === "string" && reason !== "" ? { reason } : {};
  }

  const { rebootRequestedAtMs, failure, resolvedAtMs, closedAtMs, outcome } = incident;
  const entries = [...beginning(incident, firstSlowMs), ...repeatedDecisions(records)];
  if (rebootRequestedAtMs !== undefined) {
    const what = "Asked EC2 to reboot the instance";
    const reason = reasonOf((it) => it.outcome === "rebooted");
    entries.push({ atMs: rebootRequestedAtMs, kind: "did", what, ...reason });
  }
  if (failure !== undefined) {
    reasonOf((it) => it.outcome === "failed");
    const what = "Did not reboot the instance";
    const atMs = closedAtMs ?? incident.claimedAtMs;
    entries.push({ atMs, kind: "decided", what, reason: failure });
  }
  if (resolvedAtMs !== undefined) {
    reasonOf(isResolution);
    entries.push(resolved(incident, resolvedAtMs));
  }
  if (closedAtMs !== undefined && outcome !== undefined && outcome !== "failed") {
    const what = `Closed the incident: ${endOf(outcome)}`;
    const reason = reasonOf((it) => it.source === "queue" && it.outcome === outcome);
    entries.push({ atMs: closedAtMs, kind: "decided", what, ...reason });
  }

  const others = records.filter((it) => !used.has(it) && !isRepeated(it));
  const always = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  const repeated = suppressionsIn(others, always).map(
    ({ by, count, firstMs, reason }): Entry => ({
      atMs: firstMs,
      kind: "decided",
      what: count === 1 ? `A request was ${by}` : `${count} requests were ${by}`,
      reason,
    }),
  );
  const logged = others.filter((it) => suppressionReason(it) === undefined).map(entryOf);
  // What has no time is at the end.
  const order = ({ atMs }: Entry) => (isTime(atMs) ? atMs : Number.MAX_VALUE);
  return [...entries, ...sentMails(incident), ...repeated, ...logged]
    .filter((it) => it !== undefined)
    .sort((a, b) => order(a) - order(b));
}

/** Why the incident began, and its claim or what prevented that. */
function beginning(incident: Incident, firstSlowMs: number | undefined): Entry[] {
  const {
    cause,
    why,
    arrivedAtMs,
    claimedAtMs,
    quietUntilMs,
    waitsSinceMs,
    alerts = [],
  } = incident;
  const atMs = claimedAtMs;
  if (cause.kind === "quiet hours") {
    const what = `Suppressed alerts until ${momentText(quietUntilMs ?? Number.NaN)}`;
    return [{ atMs, kind: "decided", what, reason: `quiet hours: ${alerts.join(", ")}` }];
  }
  if (cause.kind === "shared cause") {
    const reason = `${why}: ${alerts.join(", ")}`;
    return [{ atMs, kind: "decided", what: "Suspected a shared cause", reason }];
  }
  const isQuiet = quietUntilMs !== undefined;
  const claimed: Entry = {
    atMs,
    kind: "decided",
    what: isQuiet ? "Did not reboot the instance" : "Claimed the reboot",
    reason: isQuiet
      ? `quiet hours until ${momentText(quietUntilMs)}`
      : "neither the kill switch nor a limit prevented it, and no other request had claimed this incident",
  };
  if (cause.kind !== "alert") {
    const reason = why === "" ? {} : { reason: why };
    const asked: Entry = {
      atMs: claimedAtMs,
      kind: "saw",
      what: "A person invoked the function",
      ...reason,
    };
    return [asked, claimed];
  }
  const { triggerValue, windowStartMs, windowEndMs } = cause;
  const count = triggerValue === undefined ? "" : `: ${triggerValue} slow responses`;
  const first: Entry[] =
    firstSlowMs === undefined
      ? []
      : [{ atMs: firstSlowMs, kind: "saw", what: "First slow response of the alert's window" }];
  const alert: Entry = {
    atMs: arrivedAtMs,
    kind: "saw",
    what: `The alert arrived${count}`,
    reason: `monitor "${why}", window ${momentText(windowStartMs)} to ${momentText(windowEndMs)}`,
  };
  // An alert of a group is claimed after it waited, or never.
  return waitsSinceMs === undefined || isQuiet ? [...first, alert, claimed] : [...first, alert];
}

/** What a group decides again each minute: one entry for each outcome. */
const repeated: ReadonlyMap<unknown, string> = new Map([
  ["waiting", "Waited for a decision with the group in view"],
  ["shared cause", "The shared cause lasted"],
]);

function isRepeated({ message }: LogRecord): boolean {
  return repeated.has(message.outcome);
}

function repeatedDecisions(records: readonly LogRecord[]): Entry[] {
  return [...repeated].flatMap(([outcome, what]): Entry[] => {
    const found = records.filter(({ message }) => message.outcome === outcome);
    const [first, last] = [found[0], found.at(-1)];
    if (!first || !last) return [];
    const reason = `until ${momentText(last.atMs)}: ${last.message.reason}`;
    return [{ atMs: first.atMs, kind: "decided", what, reason }];
  });
}

function resolved({ responses }: Incident, atMs: number): Entry {
  const what = "Sumo Logic reported that the alert resolved";
  if (!responses) return { atMs, kind: "saw", what };
  const { requestCount, failedCount, lastSuccessMs } = responses;
  const last =
    lastSuccessMs > 0
      ? `the last fast and successful one at ${momentText(lastSuccessMs)}`
      : "none of them fast and successful";
  const reason = `${requestCount} responses in its last window, ${failedCount} failed, ${last}`;
  return { atMs, kind: "saw", what, reason };
}

/** An e-mail is written just before the reboot is recorded, and sent after it. */
function sentMails({ mails, rebootRequestedAtMs = 0 }: Incident): Entry[] {
  return mails.map(({ atMs, subject }) => ({
    atMs: atMs < rebootRequestedAtMs ? rebootRequestedAtMs : atMs,
    kind: "did",
    what: `Sent the e-mail "${subject}"`,
  }));
}

function isResolution({ request }: LogRecord["message"]): boolean {
  return Object(request).triggerType === "ResolvedCritical";
}

/** What a log line reports that the item does not have. */
function entryOf({ atMs, message }: LogRecord): Entry | undefined {
  const { outcome, checkCount, instanceStatus } = message;
  const reason = [message.reason, instanceStatus]
    .filter((it) => typeof it === "string" && it !== "")
    .join("; ");
  const entry = (kind: Entry["kind"], what: string): Entry => ({
    atMs,
    kind,
    what,
    ...(reason !== "" && { reason }),
  });
  if (typeof outcome !== "string") return undefined;
  if (outcome === "pending") return entry("saw", `Health check ${checkCount}: not recovered yet`);
  if (outcome === "check failed")
    return entry("saw", "A health check failed; its queue repeats it");
  if (outcome === "already closed")
    return entry("saw", "A repeated check found the incident closed");
  if (isResolution(message))
    return entry("saw", "Sumo Logic reported again that the alert resolved");
  return entry("did", `The function responded "${outcome}"`);
}

import { type Evidence, evidencePlace } from "../evidence.ts";
import type { EventOutcome } from "../incidents/events.ts";
import type { Cause, Incident, Mail } from "../incidents/table.ts";
import { clockText, isTime, minuteMs, periodText, timeText } from "../incidents/times.ts";
import type { HandlerOptions } from "../options.ts";
import { withoutLinks } from "../text.ts";
import type { End } from "../verdict.ts";
import type { RecentReboots } from "./recent.ts";

/** What an e-mail reports: the result of a request, or the end of an incident. */
export type NotificationKind =
  | "rebooted"
  | "resolved"
  | "suppressed"
  | "quiet hours"
  | "still slow"
  | "dry run"
  | "waited too long"
  | "shared cause"
  | "still affected"
  | End;

/** What has a heading: an e-mail, an event, or a change with both. */
type HeadingKind = NotificationKind | EventOutcome;

/** The content of one e-mail. `reason` is clean text, which may quote a person or AWS. */
export interface Notification {
  readonly kind: NotificationKind;
  readonly reason: string;
  readonly incidentId: string;
  readonly instanceId: string;
  /** How many other instances of the group it is about. */
  readonly otherCount?: number;
  readonly cause: Cause;
  /** What was captured before the reboot, if something was to be. */
  readonly evidence?: Evidence;
  /** The alerts that are still slow when quiet hours have ended. */
  readonly alerts?: readonly Incident[];
}

type Place = Pick<
  HandlerOptions,
  "monitorName" | "alertRule" | "logGroupName" | "evidence" | "checks" | "group" | "now"
>;

/**
 * The e-mail for a person at three in the morning: what happened, what happens next and what to do;
 * then the details. The subject is fixed ASCII text and the instance's id, since SNS refuses line breaks
 * and 100 or more characters (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
 *
 * Nothing in it is the text of the webhook's sender: only numbers, times that are written here, and a link of exactly
 * Sumo Logic's format. Links in the reason, which a person or AWS wrote, are defused.
 */
export function composeMail(notification: Notification, recent: RecentReboots, place: Place): Mail {
  const { kind, reason, incidentId, instanceId, cause, evidence, alerts = [] } = notification;
  const instances = instancesText(instanceId, notification.otherCount);
  const { title, nextStep } = headingOf(kind, recent.isRecurring);
  const atMs = place.now();
  const lines = [
    `What:     ${headlines[kind]}`,
    `Next:     ${nextOf(notification, place)}`,
    `To do:    ${nextStep}`,
    "",
    `Why:      ${withoutLinks(reason)}`,
    `Instance: ${instances}`,
    `When:     ${timeText(atMs)}`,
    ...(cause.kind === "alert" ? alertLines(cause, place) : []),
    ...(evidence ? [`Evidence: ${evidenceText(evidence, incidentId, place)}`] : []),
    ...alerts.map((it) => `Alert:    ${describeAlert(it, place)}`),
    `Recent:   ${recent.text}`,
    `Stop:     ${stopCommand}`,
    `Incident: ${incidentId}`,
    `Log:      CloudWatch log group ${place.logGroupName}`,
  ];
  return { atMs, subject: `${title} ${instances}`, text: lines.join("\n") };
}

/** The instance, and how many others of its group: for example `i-0123456789abcdef0 and 2 others`. */
export function instancesText(instanceId: string, otherCount = 0): string {
  if (otherCount === 0) return instanceId;
  return `${instanceId} and ${otherCount} other${otherCount === 1 ? "" : "s"}`;
}

/**
 * The subject and the "To do" of an e-mail, which an event about the same change has too. The title is
 * followed by the instance's id.
 */
export function headingOf(
  kind: HeadingKind,
  isRecurring: boolean,
): { readonly title: string; readonly nextStep: string } {
  if (kind === "rebooted" && isRecurring) {
    return {
      title: "Rebooted AGAIN, find the cause: EC2 instance",
      nextStep: "Rebooting is not fixing this. Find the root cause.",
    };
  }
  return { title: titles[kind], nextStep: tasks[kind] };
}

const titles: Readonly<Record<HeadingKind, string>> = {
  claimed: "Reboot claimed: EC2 instance",
  rebooted: "Rebooted EC2 instance",
  failed: "NOT rebooted: the reboot failed for EC2 instance",
  resolved: "Alert resolved for EC2 instance",
  suppressed: "NOT rebooted: suppressed for EC2 instance",
  "quiet hours": "NOT rebooted: suppressed for EC2 instance",
  "still slow": "Still slow after quiet hours: EC2 instance",
  "dry run": "NOT rebooted, only a dry run, for EC2 instance",
  "waited too long": "NOT rebooted, waited too long: EC2 instance",
  "shared cause": "NOT rebooting, shared cause suspected: EC2 instance",
  "still affected": "Still slow after a shared cause: EC2 instance",
  "shared cause over": "Shared cause over: EC2 instance",
  removed: "No longer in the group: EC2 instance",
  recovered: "Recovered: EC2 instance",
  "instance up": "Up after the manual reboot: EC2 instance",
  "not recovered": "NOT recovered after the reboot: EC2 instance",
  "recovery unconfirmed": "Unconfirmed: no successful request since the reboot of EC2 instance",
  unconfirmed: "Reboot claimed but never confirmed: EC2 instance",
  on: "The mode is on: EC2 instance",
  dryrun: "The mode is dryrun, no reboots: EC2 instance",
  off: "The mode is off, no reboots: EC2 instance",
  test: "Notification test for EC2 instance",
  "test resolved": "Notification test resolved for EC2 instance",
};

const headlines: Readonly<Record<NotificationKind, string>> = {
  rebooted: "Reboot requested. Allow a few minutes.",
  failed: "The instance was NOT rebooted.",
  resolved: "Responses are fast again, or there are none. This caused no reboot.",
  suppressed:
    "Responses are slow, but a limit, quiet hours or the kill switch prevented the reboot.",
  "quiet hours": "Responses are slow, but alerts do not reboot the instance in quiet hours.",
  "still slow": "Quiet hours have ended, and responses are still slow. Nothing was rebooted.",
  "dry run": "Responses are slow. This was a dry run: EC2 would have rebooted the instance.",
  "waited too long": "Responses are slow, but the instance had to wait for others of its group.",
  "shared cause":
    "Too many instances are affected, so no alert reboots one: a reboot cannot fix a shared cause.",
  "still affected":
    "The shared cause is over, but alerts are still open. They will not cause a reboot.",
  removed: "The instance left the group. This is the last e-mail of this incident.",
  recovered: "The problem is over. This is the last e-mail of this incident.",
  "instance up":
    "The instance is up again. The API was not checked. This is the last e-mail of this incident.",
  "not recovered": "The reboot did NOT help.",
  "recovery unconfirmed":
    "The alert resolved, but there was no successful request since the reboot: the API may be down.",
  unconfirmed:
    "A reboot was claimed but never confirmed. The instance may or may not have rebooted.",
};

const allowAgain = "To allow reboots again: npm run mode -- on";

const tasks: Readonly<Record<HeadingKind, string>> = {
  claimed: "Wait for the result.",
  rebooted: "Wait for the result.",
  failed: "Check the instance now. The reason says what failed.",
  resolved: "Check that the API responds: a server that is down has no slow responses.",
  suppressed: "Check the instance now. The reason says what prevented the reboot.",
  "quiet hours":
    "Reboot the instance manually if it cannot wait. The reason says when quiet hours end.",
  "still slow": "Check the instance now. If it is still slow, reboot it manually.",
  "dry run": `Check the instance. ${allowAgain}`,
  "waited too long": "Check the instance now. If it is still slow, reboot it manually.",
  "shared cause": "Find what the instances share, for example a database. The reason names them.",
  "still affected": "Check the instances now. If they are still slow, reboot them manually.",
  "shared cause over": "Nothing.",
  removed: "Check the instance if it is still in use.",
  recovered: "Nothing.",
  "instance up": "Check that the API is fast.",
  "not recovered": "Check the instance now: its status checks, its system log, then the API.",
  "recovery unconfirmed": "Check that the API responds.",
  unconfirmed: "Check the instance now. If it is still slow, reboot it manually.",
  on: "Nothing.",
  dryrun: allowAgain,
  off: allowAgain,
  test: "Nothing.",
  "test resolved": "Nothing.",
};

/** The runbook has the command for the aws CLI. */
const stopCommand =
  'npm run mode -- off --reason "TEXT" (without a checkout: docs/runbook.md, "Stop the automation")';

function nextOf({ kind, cause }: Notification, { checks, now }: Place): string {
  const { checkEveryMinutes, maxChecks } = checks;
  if (kind === "rebooted") {
    // Rounded up to the minute, with a moment for the last check.
    const latestMs = now() + (maxChecks * checkEveryMinutes + 1) * minuteMs;
    const end = cause.kind === "alert" ? 'a "Recovered"' : 'an "Up after the manual reboot"';
    return `Health is checked every ${minutesText(checkEveryMinutes)}. You will get ${end} or "NOT recovered" e-mail by ${clockText(latestMs, now())}.`;
  }
  if (kind === "recovered" || kind === "instance up" || kind === "removed") {
    return "No further action. The next alert starts a new incident.";
  }
  if (kind === "quiet hours") {
    return "You will get an e-mail when quiet hours end unless the alert has resolved. This alert will not cause a reboot.";
  }
  if (kind === "shared cause") {
    return "The alarm shared-cause lasts as long as the shared cause. You will get an e-mail at its end if alerts are still open.";
  }
  if (kind === "still slow" || kind === "still affected") {
    return "No further automatic action for these alerts. Sumo Logic sends a new alert only after they have resolved.";
  }
  const subject = cause.kind === "alert" ? "alert" : "incident";
  return `No further automatic action for this ${subject}. A new alert can trigger a reboot unless a limit, quiet hours or the kill switch prevents it.`;
}

function minutesText(count: number): string {
  return count === 1 ? "minute" : `${count} minutes`;
}

function alertLines(
  { triggerValue, windowStartMs, windowEndMs, alertUrl }: Extract<Cause, { kind: "alert" }>,
  { alertRule, monitorName }: Place,
): string[] {
  return [
    `Rule:     ${alertRule}`,
    `Count:    ${triggerValue ?? "unknown"}`,
    `Window:   ${timeText(windowStartMs)} to ${timeText(windowEndMs)}`,
    `Monitor:  ${monitorName}`,
    ...(alertUrl === undefined ? [] : [`Alert:    ${alertUrl}`]),
  ];
}

/** Where the evidence is; opening it needs a permission. What failed is in the log. */
function evidenceText(
  { captured }: Evidence,
  incidentId: string,
  { evidence: options }: Place,
): string {
  if (captured.length === 0 || !options)
    return "none could be captured before the reboot; see the log";
  return `${captured.join(" and ")}, ${evidencePlace(options.bucketName, incidentId)}`;
}

/** An alert in one line: its count, window, page and incident; of an item that is missing, only its id. */
function describeAlert({ id, cause, instanceId = "" }: Incident, { group, now }: Place): string {
  if (cause.kind !== "alert" || !isTime(cause.windowEndMs)) return id;
  const { triggerValue = "an unknown number of", windowStartMs, windowEndMs, alertUrl } = cause;
  const period = periodText(windowStartMs, windowEndMs, now());
  const what = `${triggerValue} slow responses ${period}`;
  return [...(group ? [instanceId] : []), what, ...(alertUrl ? [alertUrl] : []), id].join(", ");
}

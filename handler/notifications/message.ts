import type { Cause } from "../incidents/table.ts";
import { clockText, dayMs, minuteMs, timeText } from "../incidents/times.ts";
import type { HandlerOptions } from "../options.ts";
import { withoutLinks } from "../text.ts";
import type { End } from "../verdict.ts";

/** What an e-mail reports: the result of a request, or the end of an incident. */
export type NotificationKind = "rebooted" | "resolved" | "suppressed" | "dry run" | End;

/** The content of one e-mail. `reason` is clean text, which may quote a person or AWS. */
export interface Notification {
  readonly kind: NotificationKind;
  readonly reason: string;
  readonly incidentId: string;
  readonly instanceId: string;
  readonly cause: Cause;
}

/** The recent reboots, as an e-mail describes them. */
export interface RecentReboots {
  readonly text: string;
  /** True from the second reboot within 24 hours on: then rebooting does not fix the problem. */
  readonly isRecurring: boolean;
}

type Place = Pick<HandlerOptions, "monitorName" | "alertRule" | "logGroupName" | "checks" | "now">;

/**
 * The e-mail for a person at three in the morning: what happened, what happens next and what to do;
 * then the details. The subject is fixed ASCII text and the instance's id, since SNS refuses line breaks
 * and 100 or more characters (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
 *
 * Nothing in it is the text of the webhook's sender: only numbers, times that are written here, and a link of exactly
 * Sumo Logic's format. Links in the reason, which a person or AWS wrote, are defused.
 */
export function composeMessage(
  notification: Notification,
  recent: RecentReboots,
  place: Place,
): { Subject: string; Message: string } {
  const { kind, reason, incidentId, instanceId, cause } = notification;
  const isAgain = kind === "rebooted" && recent.isRecurring;
  const subject = isAgain ? "Rebooted AGAIN, find the cause: EC2 instance" : subjects[kind];
  const lines = [
    `What:     ${headlines[kind]}`,
    `Next:     ${nextOf(notification, place)}`,
    `To do:    ${isAgain ? "Rebooting is not fixing this. Find the root cause." : tasks[kind]}`,
    "",
    `Why:      ${withoutLinks(reason)}`,
    `Instance: ${instanceId}`,
    `When:     ${timeText(place.now())}`,
    ...(cause.kind === "alert" ? alertLines(cause, place) : []),
    `Recent:   ${recent.text}`,
    `Stop:     ${stopCommand}`,
    `Incident: ${incidentId}`,
    `Log:      CloudWatch log group ${place.logGroupName}`,
  ];
  return { Subject: `${subject} ${instanceId}`, Message: lines.join("\n") };
}

const subjects: Readonly<Record<NotificationKind, string>> = {
  rebooted: "Rebooted EC2 instance",
  failed: "NOT rebooted: the reboot failed for EC2 instance",
  resolved: "Alert resolved for EC2 instance",
  suppressed: "NOT rebooted: suppressed for EC2 instance",
  "dry run": "NOT rebooted, only a dry run, for EC2 instance",
  recovered: "Recovered: EC2 instance",
  "instance up": "Up after the manual reboot: EC2 instance",
  "not recovered": "NOT recovered after the reboot: EC2 instance",
  "recovery unconfirmed": "Unconfirmed: no successful request since the reboot of EC2 instance",
  unconfirmed: "Reboot claimed but never confirmed: EC2 instance",
};

const headlines: Readonly<Record<NotificationKind, string>> = {
  rebooted: "Reboot requested. Allow a few minutes.",
  failed: "The instance was NOT rebooted.",
  resolved: "Responses are fast again, or there are none. This caused no reboot.",
  suppressed: "Responses are slow, but a limit or the kill switch prevented the reboot.",
  "dry run": "Responses are slow. This was a dry run: EC2 would have rebooted the instance.",
  recovered: "The problem is over. This is the last e-mail of this incident.",
  "instance up":
    "The instance is up again. The API was not checked. This is the last e-mail of this incident.",
  "not recovered": "The reboot did NOT help.",
  "recovery unconfirmed":
    "The alert resolved, but there was no successful request since the reboot: the API may be down.",
  unconfirmed:
    "A reboot was claimed but never confirmed. The instance may or may not have rebooted.",
};

const tasks: Readonly<Record<NotificationKind, string>> = {
  rebooted: "Wait for that e-mail.",
  failed: 'Check the instance now. "Why" says what failed.',
  resolved: "Check that the API responds: a server that is down has no slow responses.",
  suppressed: 'Check the instance now. "Why" says what prevented the reboot.',
  "dry run": "Check the instance. To allow reboots again: npm run mode -- on",
  recovered: "Nothing.",
  "instance up": "Check that the API is fast.",
  "not recovered": "Check the instance now: its status checks, its system log, then the API.",
  "recovery unconfirmed": "Check that the API responds.",
  unconfirmed: "Check the instance now. If it is still slow, reboot it manually.",
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
  if (kind === "recovered" || kind === "instance up") {
    return "No further action. The next alert starts a new incident.";
  }
  const subject = cause.kind === "alert" ? "alert" : "incident";
  return `No further automatic action for this ${subject}. A new alert can trigger a reboot unless a limit or the kill switch prevents it.`;
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

/**
 * Describes the reboots of the last seven days by their ages in milliseconds, of which the instance's
 * item keeps ten. A reboot exactly a week ago does not count.
 */
export function describeReboots(agesMs: readonly number[]): RecentReboots {
  const ofWeek = agesMs.filter((ageMs) => ageMs < 7 * dayMs).length;
  const isRecurring = agesMs.filter((ageMs) => ageMs < dayMs).length >= 2;
  const count = ofWeek === 10 ? "10 reboots or more" : `${ofWeek} reboot${ofWeek === 1 ? "" : "s"}`;
  return { text: `${count} claimed in 7 days`, isRecurring };
}

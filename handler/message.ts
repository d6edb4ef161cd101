import type { Cause } from "./incident.ts";
import type { HandlerOptions } from "./options.ts";
import type { News } from "./outcome.ts";
import type { RecentReboots } from "./recent.ts";
import { withoutLinks } from "./text.ts";

/** What one e-mail says. `reason` is clean text, which may quote a person or AWS. */
export interface Letter {
  readonly news: News;
  readonly reason: string;
  readonly incidentId: string;
  readonly cause: Cause;
}

type Place = Pick<
  HandlerOptions,
  "instanceId" | "monitorName" | "alertRule" | "logGroupName" | "limits" | "checks" | "now"
>;

/**
 * The e-mail for a person at three in the morning: what, why, when, how often lately, what happens
 * next and how to stop it. The subject is fixed ASCII text and the instance's id, since SNS refuses
 * line breaks and 100 or more characters
 * (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
 *
 * No text of the webhook's sender is in it: only numbers, times that are written here, and a link of
 * exactly Sumo Logic's form. Links in the reason, which a person or AWS wrote, are taken apart.
 */
export function composeMessage(
  { news, reason, incidentId, cause }: Letter,
  recent: RecentReboots,
  place: Place,
): { Subject: string; Message: string } {
  const { instanceId, logGroupName, now } = place;
  const isAgain = news === "rebooted" && recent.isRecurring;
  const subject = isAgain ? "Rebooted AGAIN, find the cause: EC2 instance" : subjects[news];
  const lines = [
    `What:     ${headlines[news]}`,
    `Instance: ${instanceId}`,
    `Why:      ${withoutLinks(reason)}`,
    `When:     ${utc(now())}`,
    ...(cause.kind === "alert" ? alertLines(cause, place) : []),
    `Recent:   ${recent.text}`,
    `Next:     ${nextOf(news, place)}`,
    `Stop:     ${stopCommand(place)}`,
    `Incident: ${incidentId}`,
    `Log:      CloudWatch log group ${logGroupName}`,
  ];
  return { Subject: `${subject} ${instanceId}`, Message: lines.join("\n") };
}

const subjects: Readonly<Record<News, string>> = {
  rebooted: "Rebooted EC2 instance",
  failed: "NOT rebooted: the reboot failed for EC2 instance",
  resolved: "Alert resolved for EC2 instance",
  "held back": "NOT rebooted: held back for EC2 instance",
  "would reboot": "NOT rebooted, only a dry run, for EC2 instance",
  recovered: "Recovered: EC2 instance",
  "instance up": "Up after the manual reboot: EC2 instance",
  "not recovered": "NOT recovered after the reboot: EC2 instance",
  "recovery unconfirmed": "Unconfirmed: no successful request since the reboot of EC2 instance",
  unconfirmed: "Reboot claimed but never confirmed: EC2 instance",
};

const headlines: Readonly<Record<News, string>> = {
  rebooted: "The instance was told to reboot; that takes a few minutes.",
  failed: "The instance was NOT rebooted. Please look at it yourself.",
  resolved: "Responses are fast again, or none come. Nothing was rebooted for this message.",
  "held back": "Responses are slow, and the instance was NOT rebooted. Please look at it yourself.",
  "would reboot": "Responses are slow; EC2 was asked and would have rebooted the instance.",
  recovered: "The trouble is over. This is the last e-mail of this incident.",
  "instance up":
    "The instance is up again. Whether the API is fast was not checked. This is the last e-mail of this incident.",
  "not recovered": "The reboot did NOT help. Please look at the instance yourself.",
  "recovery unconfirmed":
    "The alert resolved, but no successful request came since the reboot: the API may be down. Check it.",
  unconfirmed:
    "A reboot was claimed but never confirmed: nobody knows whether the instance was told to reboot. Please look at it yourself.",
};

function nextOf(news: News, { checks, now }: Place): string {
  const { checkEveryMinutes, maxChecks } = checks;
  if (news === "rebooted") {
    const latest = utc(now() + maxChecks * checkEveryMinutes * 60_000);
    return `health is checked every ${checkEveryMinutes} minutes; one more e-mail tells whether it helped, soon after ${latest} at the latest`;
  }
  if (news === "recovered" || news === "instance up")
    return "nothing; the next alert counts as a new incident";
  return "nothing more by itself for this alert; for another one it reboots unless a limit or the kill switch holds it back";
}

/** For someone with the aws CLI and no checkout. The runbook has the shorter command. */
function stopCommand({ instanceId, limits }: Place): string {
  const key = JSON.stringify({ id: { S: `instance#${instanceId}` } });
  return (
    `npm run mode -- off --reason "why", or aws dynamodb update-item --table-name ${limits.tableName} --key '${key}' ` +
    `--update-expression 'SET #m = :off REMOVE modeUntil, modeSince, modeReason' --expression-attribute-names '{"#m":"mode"}' --expression-attribute-values '{":off":{"S":"off"}}'`
  );
}

function alertLines(
  { triggerValue, windowStartMs, windowEndMs, alertUrl }: Extract<Cause, { kind: "alert" }>,
  { alertRule, monitorName }: Place,
): string[] {
  return [
    `Rule:     ${alertRule}`,
    `Count:    ${triggerValue ?? "unknown"}`,
    `Window:   ${utc(windowStartMs)} to ${utc(windowEndMs)}`,
    `Monitor:  ${monitorName}`,
    ...(alertUrl === undefined ? [] : [`Alert:    ${alertUrl}`]),
  ];
}

function utc(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? "an unknown time" : time.toISOString();
}

import * as pulumi from "@pulumi/pulumi";
import type { HealthChecks, RebootLimits } from "../handler/options.ts";
import { type AlertRule, monitorWindows } from "./alert-rule.ts";
import { scheduleChecks } from "./check-schedule.ts";
import { type GroupSettings, type GroupValues, groupOf, groupProblems } from "./group-settings.ts";
import { quietHoursProblems } from "./quiet-hours.ts";
import {
  areEmails,
  areInstanceIds,
  expectedNetwork,
  isNetwork,
  isPath,
  isTeamsChannelId,
  isToken,
  isX86InstanceType,
  itemsIn,
} from "./setting-forms.ts";
import {
  checkSettings,
  ec2Id,
  matching,
  oneOf,
  optional,
  projectSettings,
  type SettingsOf,
  type SettingValue,
  secret,
  text,
  trueOrFalse,
  wholeNumber,
} from "./setting-schema.ts";
import {
  type Deployed,
  dashboardNames,
  evidenceNames,
  groupNames,
  nameProblems,
  stackNames,
} from "./stack-names.ts";
import { namesOfTargets } from "./targets/names.ts";
import { type Targets, type TargetValues, targetProblems, targetsOf } from "./targets/targets.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

const token = text(
  isToken,
  "at least 43 characters of base64url, or 64 of hex (openssl rand -hex 32)",
);

const uuid = matching(
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  "a UUID, for example 74361522-da01-538d-aa2e-ac7918c6bb92",
);

/**
 * What each setting must be; its meaning and default are in Pulumi.yaml. A setting that is not `optional`
 * may have a default there, but must not be empty.
 */
export const settingsTable = {
  notificationEmail: text(
    areEmails,
    "an e-mail address, or several different ones separated by commas",
  ),
  slackWorkspaceId: optional(
    matching(/^[TE][0-9A-Z]{1,254}$/, "the ID of a Slack workspace, for example T07EA123LEP"),
  ),
  slackChannelId: optional(
    matching(/^[CG][0-9A-Z]{1,254}$/, "the ID of a Slack channel, for example C07EZ1ABC23"),
  ),
  teamsTenantId: optional(uuid),
  teamsTeamId: optional(uuid),
  teamsChannelId: optional(
    text(
      isTeamsChannelId,
      "the ID in the channel's link, still URL-encoded, for example " +
        "19%3a1234567890abcdef1234567890abcdef%40thread.tacv2",
    ),
  ),
  pagerDutyRoutingKey: secret(
    optional(
      matching(/^[0-9A-Za-z]{32}$/, "the 32 letters and digits of a PagerDuty integration key"),
    ),
  ),
  eventBusArn: optional(
    matching(
      /^arn:aws[\w-]*:events:[a-z]{2,4}(-[a-z]+)+-\d:\d{12}:event-bus\/[\w./-]{1,256}$/,
      "the ARN of an EventBridge event bus, for example arn:aws:events:us-east-1:123456789012:event-bus/NAME",
    ),
  ),
  webhookToken: secret(token),
  webhookTokenPrevious: secret(optional(token)),
  functionName: matching(/^[\w-]{1,64}$/, "1 to 64 letters, digits, - or _"),
  instanceType: text(
    isX86InstanceType,
    "an x86_64 instance type, for example t3.micro (no Arm, no Mac, nothing older than m3: the AMI is x86_64)",
  ),
  httpCidr: optional(text(isNetwork, expectedNetwork)),
  instanceId: optional(ec2Id("i")),
  instanceIds: optional(
    text(
      areInstanceIds,
      "2 to 50 different instance ids separated by commas, each i- and 8 or 17 hexadecimal digits",
    ),
  ),
  targetGroupArn: optional(
    matching(
      /^arn:aws[\w-]*:elasticloadbalancing:[a-z]{2,4}(-[a-z]+)+-\d:\d{12}:targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/,
      "the ARN of a target group, for example arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/NAME/0123456789abcdef",
    ),
  ),
  minHealthyPercent: wholeNumber(1, 100, { unit: "whole percent" }),
  subnetId: optional(ec2Id("subnet")),
  permissionsBoundary: optional(
    matching(
      /^arn:aws[\w-]*:iam::(\d{12}|aws):policy\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/,
      "the ARN of an IAM policy, for example arn:aws:iam::123456789012:policy/NAME",
    ),
  ),
  webServer: trueOrFalse,
  apiPath: text(
    isPath,
    "a path of at most 200 characters that begins with / and has only letters, digits and " +
      "/ . _ ~ -, without empty segments (//), . and ..",
  ),
  slowResponseSeconds: wholeNumber(1, 60, { unit: "whole seconds" }),
  // Sumo Logic's provider silently drops a threshold of 0 from the request.
  maxSlowResponses: wholeNumber(1, 1000),
  windowMinutes: oneOf(monitorWindows, "minutes"),
  logSourceCategory: matching(
    /^[\w./-]{1,128}$/,
    "1 to 128 letters, digits and / . _ - (no wildcard)",
  ),
  // A reboot takes minutes, in which the instance logs nothing.
  silentMinutes: oneOf(
    monitorWindows.filter((it) => it >= 5),
    "minutes",
  ),
  cooldownMinutes: optional(
    wholeNumber(5, 4320, { unit: "whole minutes", empty: "have it computed" }),
  ),
  maxRebootsPerDay: wholeNumber(1, 10),
  maxAffectedPercent: wholeNumber(1, 100, { unit: "whole percent" }),
  maxRebootingAtOnce: wholeNumber(1, 49),
  maxRebootsPerDayInGroup: wholeNumber(1, 100),
  quietHours: optional(
    text(
      (it) => quietHoursProblems(it).length === 0,
      (it) => quietHoursProblems(it).join("; and "),
    ),
  ),
  // 15 minutes are SQS's longest delay.
  checkEveryMinutes: wholeNumber(1, 15, { unit: "whole minutes" }),
  maxChecks: optional(wholeNumber(2, 200, { empty: "have it computed" })),
  evidence: trueOrFalse,
  // With fewer than 5, Lambda throttles the checks: it polls a queue with up to five concurrent invocations.
  // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
  reservedConcurrency: optional(wholeNumber(5, 100, { empty: "reserve none" })),
  logRetentionDays: oneOf(retentions, "days"),
  dashboard: trueOrFalse,
};

type Values = SettingsOf<typeof settingsTable>;

/**
 * The program's valid settings: those of the table, except that some are grouped, split or computed.
 */
export type Settings = Omit<
  Values,
  | "notificationEmail"
  | "webhookToken"
  | "webhookTokenPrevious"
  | keyof TargetValues
  | keyof GroupValues
  | keyof AlertRule
  | keyof RebootLimits
  | keyof HealthChecks
> & {
  readonly notificationEmails: readonly string[];
  /** The token that is sent and, during a rotation, the one before it; both are accepted. */
  readonly webhookTokens: readonly [pulumi.Output<string>, ...pulumi.Output<string>[]];
  /** Nothing if no target is set. */
  readonly targets: Targets | undefined;
  /** The instances of a group; nothing if the stack has one instance. */
  readonly instanceIds: readonly string[] | undefined;
  /** What limits the reboots of a group; nothing if the stack has one instance. */
  readonly group: GroupSettings | undefined;
  readonly rule: AlertRule;
  readonly limits: RebootLimits;
  readonly checks: HealthChecks;
};

/**
 * Reads the stack's settings. Throws one error that names every key that is missing, invalid or
 * unknown; it does not show values of secrets.
 */
export function readSettings(): Settings {
  const deployed = { project: pulumi.getProject(), stack: pulumi.getStack() };
  return parseSettings(projectSettings(), deployed);
}

/**
 * The settings of these values; see `readSettings`. The names of project and stack are checked too, since
 * AWS has them in most names.
 */
export function parseSettings(
  values: ReadonlyMap<string, SettingValue>,
  deployed: Deployed,
): Settings {
  const { valid, problems } = checkSettings(settingsTable, values);
  const all = [
    ...problems,
    ...targetProblems(valid, deployed),
    ...scheduleProblems(valid),
    ...settingsWithoutEffect(valid),
    ...groupProblems(valid),
    ...nameProblems(deployed, namesOf(valid)),
  ];
  if (all.length > 0) {
    throw new Error(
      `The stack's settings are invalid:\n- ${all.join("\n- ")}\n` +
        "Set them with `pulumi config set` (`--secret` for tokens) or in Pulumi.<stack>.yaml.",
    );
  }
  return settingsOf(valid as Values);
}

function settingsOf(values: Values): Settings {
  const { notificationEmail, webhookToken, webhookTokenPrevious, ...others } = values;
  const { slackWorkspaceId, slackChannelId, teamsTenantId, teamsTeamId, ...more } = others;
  const { teamsChannelId, pagerDutyRoutingKey, eventBusArn, ...withGroup } = more;
  const { instanceIds, targetGroupArn, minHealthyPercent, ...ofGroup } = withGroup;
  const { maxAffectedPercent, maxRebootingAtOnce, maxRebootsPerDayInGroup, ...remaining } = ofGroup;
  const { apiPath, slowResponseSeconds, maxSlowResponses, windowMinutes, ...rest } = remaining;
  const { checkEveryMinutes, maxChecks, cooldownMinutes, maxRebootsPerDay, ...settings } = rest;
  const { schedule } = scheduleChecks(values);
  const previousTokens = webhookTokenPrevious ? [pulumi.secret(webhookTokenPrevious)] : [];
  return {
    ...settings,
    notificationEmails: itemsIn(notificationEmail),
    webhookTokens: [pulumi.secret(webhookToken), ...previousTokens],
    targets: targetsOf(values),
    instanceIds: instanceIds ? itemsIn(instanceIds) : undefined,
    group: groupOf(values),
    rule: { apiPath, slowResponseSeconds, maxSlowResponses, windowMinutes },
    limits: { cooldownMinutes: schedule.cooldownMinutes, maxRebootsPerDay },
    checks: { checkEveryMinutes, maxChecks: schedule.maxChecks },
  };
}

/** What is wrong with the numbers together. If one of them is invalid by itself, that problem is enough. */
function scheduleProblems(valid: Partial<Values>): readonly string[] {
  const keys = ["windowMinutes", "checkEveryMinutes", "maxChecks", "cooldownMinutes"];
  return keys.every((key) => key in valid) ? scheduleChecks(valid as Values).problems : [];
}

function settingsWithoutEffect(valid: Partial<Values>): string[] {
  const [existing, ...others] = (["instanceId", "instanceIds"] as const).filter((it) => valid[it]);
  if (!existing) return [];
  return [...others, ...(["httpCidr", "subnetId"] as const).filter((key) => valid[key])].map(
    (key) => `${key}: has no effect with ${existing}; remove one of the two`,
  );
}

/** The names that the stack has with these settings. */
function namesOf(valid: Partial<Values>) {
  const names = [
    ...stackNames,
    ...(valid.evidence ? evidenceNames : []),
    ...(valid.dashboard ? dashboardNames : []),
    ...(valid.instanceIds ? groupNames : []),
    ...namesOfTargets(valid),
  ];
  if (!valid.instanceId && !valid.instanceIds) return names;
  return names.filter(({ type }) => type !== "aws:ec2/securityGroup:SecurityGroup");
}

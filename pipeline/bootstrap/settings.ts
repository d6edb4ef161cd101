import {
  checkSettings,
  ec2Id,
  matching,
  optional,
  projectSettings,
  type SettingsOf,
  type SettingValue,
  trueOrFalse,
} from "../../infra/setting-schema.ts";
import { settingsTable } from "../../infra/settings.ts";
import {
  dashboardNames,
  evidenceNames,
  groupNames,
  nameProblems,
  stackNames,
} from "../../infra/stack-names.ts";
import { namesOfTargets } from "../../infra/targets/names.ts";
import type { TargetValues } from "../../infra/targets/targets.ts";
import { bootstrapNames } from "./stack-names.ts";

// Pulumi's limits. Names that contain these have narrower limits.
const pulumiName = matching(/^[\w.-]{1,100}$/, "1 to 100 letters, digits and - _ .");

/**
 * What each setting must be; its meaning and default are in Pulumi.yaml. Wildcards would let other
 * jobs in, or give the roles more than the stack needs.
 */
const table = {
  // Repositories created since July 2026 have ids behind their names:
  // https://docs.github.com/en/actions/reference/security/oidc
  subjectPrefix: matching(
    /^repo:[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?$/,
    "repo:OWNER@ID/NAME@ID, or repo:OWNER/NAME for an older repository",
  ),
  repositoryId: matching(/^[1-9]\d{0,19}$/, "the repository's id, digits only"),
  project: pulumiName,
  stack: pulumiName,
  functionName: settingsTable.functionName,
  branch: matching(/^[\w./-]{1,200}$/, "the name of one branch, without wildcards"),
  environment: matching(
    /^[\w.-]{1,100}$/,
    "the name of one environment of letters, digits and - _ .",
  ),
  instanceId: settingsTable.instanceId,
  instanceIds: settingsTable.instanceIds,
  instanceType: matching(/^[a-z0-9-]+\.[a-z0-9-]+$/, "one instance type, for example t3.micro"),
  vpcId: optional(ec2Id("vpc")),
  oidcProviderArn: optional(
    matching(
      /^arn:aws[\w-]*:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/,
      "arn:aws:iam::ACCOUNT:oidc-provider/token.actions.githubusercontent.com",
    ),
  ),
  defaultTags: trueOrFalse,
  slack: trueOrFalse,
  teams: trueOrFalse,
  pager: trueOrFalse,
  eventBusArn: settingsTable.eventBusArn,
  dashboard: trueOrFalse,
  evidence: trueOrFalse,
  targetGroup: trueOrFalse,
};

/** What the pipeline deploys, for whom, and where. */
export type Settings = SettingsOf<typeof table>;

/** Reads the settings. Throws one error that names every key that is missing, invalid or unknown. */
export function readSettings(): Settings {
  return parseSettings(projectSettings());
}

/** The settings of these values; see `readSettings`. */
export function parseSettings(values: ReadonlyMap<string, SettingValue>): Settings {
  const { valid, problems } = checkSettings(table, values);
  const all = [
    ...problems,
    ...repositoryProblems(valid),
    ...groupProblems(valid),
    ...stackNameProblems(valid),
  ];
  if (all.length > 0) {
    throw new Error(
      `The settings of bootstrap are invalid:\n- ${all.join("\n- ")}\n` +
        "Set them with `pulumi -C pipeline/bootstrap config set KEY VALUE`.",
    );
  }
  return valid as Settings;
}

/** The program's settings of the same targets, as far as the names of its resources depend on them. */
export function targetsOf(settings: Partial<Settings>): TargetValues {
  const { slack, teams, pager, eventBusArn } = settings;
  return {
    ...(slack && { slackChannelId: "set" }),
    ...(teams && { teamsChannelId: "set" }),
    ...(pager && { pagerDutyRoutingKey: "set" }),
    ...(eventBusArn && { eventBusArn }),
  };
}

/** `OWNER/NAME` of a subject prefix, without ids: only `sub` has them. */
export function repositoryIn(subjectPrefix: string): string {
  return subjectPrefix.replace(/^repo:/, "").replaceAll(/@\d+/g, "");
}

/** The two settings that name the repository must name the same one. */
function repositoryProblems({ subjectPrefix = "", repositoryId }: Partial<Settings>): string[] {
  const [, id] = /@(\d+)$/.exec(subjectPrefix) ?? [];
  if (!id || !repositoryId || id === repositoryId) return [];
  return [
    `repositoryId: got ${JSON.stringify(repositoryId)}; expected ${id}, as subjectPrefix has it`,
  ];
}

function groupProblems({ instanceId, instanceIds, targetGroup }: Partial<Settings>): string[] {
  return [
    ...(instanceId && instanceIds
      ? ["instanceIds: has no effect with instanceId; remove one of the two"]
      : []),
    ...(targetGroup && !instanceIds
      ? ["targetGroup: has no effect without instanceIds; remove it or set instanceIds"]
      : []),
  ];
}

function stackNameProblems(valid: Partial<Settings>): string[] {
  const { project, stack } = valid;
  if (!project || !stack) return [];
  const keys = { project: "project", stack: "stack" };
  const names = [
    ...stackNames,
    ...(valid.instanceIds ? groupNames : []),
    ...(valid.dashboard ? dashboardNames : []),
    ...(valid.evidence ? evidenceNames : []),
    ...namesOfTargets(targetsOf(valid)),
    ...bootstrapNames,
  ];
  return nameProblems({ project, stack }, names, keys);
}

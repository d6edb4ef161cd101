import * as pulumi from "@pulumi/pulumi";
import type { Deployed } from "../stack-names.ts";

/** Where the events of a stack go, besides its e-mails. At least one of them. */
export interface Targets {
  readonly slack?: { readonly workspaceId: string; readonly channelId: string };
  readonly teams?: {
    readonly tenantId: string;
    readonly teamId: string;
    readonly channelId: string;
  };
  readonly pagerDutyRoutingKey?: pulumi.Output<string>;
  /** An existing event bus, of any account and region. */
  readonly eventBusArn?: string;
}

/** The settings of targets that are valid by themselves; `undefined` if not set. */
export interface TargetValues {
  readonly slackWorkspaceId?: string;
  readonly slackChannelId?: string;
  readonly teamsTenantId?: string;
  readonly teamsTeamId?: string;
  readonly teamsChannelId?: string;
  readonly pagerDutyRoutingKey?: string;
  readonly eventBusArn?: string;
}

/** Settings that name one channel together. */
const channels: readonly (readonly (keyof TargetValues)[])[] = [
  ["slackWorkspaceId", "slackChannelId"],
  ["teamsTenantId", "teamsTeamId", "teamsChannelId"],
];

/**
 * What is wrong with the targets together, one line each: a channel of which a setting is missing, and the
 * stack's own bus, on which each event would come back. A setting that is invalid by itself is not in `valid`.
 */
export function targetProblems(valid: TargetValues, { project, stack }: Deployed): string[] {
  const isMissing = (key: keyof TargetValues) => key in valid && valid[key] === undefined;
  const incomplete = channels.flatMap((keys) => {
    const present = keys.filter((key) => !isMissing(key));
    if (present.length === 0) return [];
    const given = present.join(" and ");
    return keys
      .filter(isMissing)
      .map((key) => `${key}: is missing; expected together with ${given}, or remove ${given}`);
  });
  const { eventBusArn } = valid;
  const isOwn = eventBusArn?.split(":event-bus/")[1]?.startsWith(`${project}-${stack}-events-bus-`);
  if (!isOwn) return incomplete;
  return [
    ...incomplete,
    `eventBusArn: got ${JSON.stringify(eventBusArn)}; expected a bus other than the stack's, ` +
      "because each event would loop",
  ];
}

/** The targets of valid settings; nothing if none is set. */
export function targetsOf(values: TargetValues): Targets | undefined {
  const { slackWorkspaceId, slackChannelId, teamsTenantId, teamsTeamId, teamsChannelId } = values;
  const { pagerDutyRoutingKey, eventBusArn } = values;
  const targets: Targets = {
    ...(slackWorkspaceId &&
      slackChannelId && { slack: { workspaceId: slackWorkspaceId, channelId: slackChannelId } }),
    ...(teamsTenantId &&
      teamsTeamId &&
      teamsChannelId && {
        teams: { tenantId: teamsTenantId, teamId: teamsTeamId, channelId: teamsChannelId },
      }),
    ...(pagerDutyRoutingKey && { pagerDutyRoutingKey: pulumi.secret(pagerDutyRoutingKey) }),
    ...(eventBusArn && { eventBusArn }),
  };
  return Object.keys(targets).length > 0 ? targets : undefined;
}

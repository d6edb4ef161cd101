import type { ConfigMap } from "@pulumi/pulumi/automation/index.js";

/** Every setting of a target, with a valid value. */
export const allTargets: Readonly<Record<string, string>> = {
  slackWorkspaceId: "T07EA123LEP",
  slackChannelId: "C07EZ1ABC23",
  teamsTenantId: "2a3b4c5d-0000-4000-8000-0123456789ab",
  teamsTeamId: "74361522-da01-538d-aa2e-ac7918c6bb92",
  teamsChannelId: "19%3a1234567890abcdef1234567890abcdef%40thread.tacv2",
  pagerDutyRoutingKey: "R0123456789abcdefghijklmnopqrstu",
  eventBusArn: "arn:aws:events:eu-west-1:111122223333:event-bus/central",
};

/** The same as a stack has them. */
export const targetSettings: ConfigMap = Object.fromEntries(
  Object.entries(allTargets).map(([key, value]) => [
    key,
    { value, secret: key === "pagerDutyRoutingKey" },
  ]),
);

/** Every setting that adds a permission: see `npm run grants`. */
export const allOptions: ConfigMap = { ...targetSettings, evidence: { value: "true" } };

/** The resources of other stacks that these settings name, which the policy pack's configuration must list. */
export const externalArns: readonly string[] = [
  "arn:aws:events:eu-west-1:111122223333:event-bus/central",
];

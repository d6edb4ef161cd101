import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as sumologic from "@pulumi/sumologic";
import { alertPayload } from "./alert-payload.ts";
import { columns, monitorQuery, savedSearchQuery } from "./alert-query.ts";
import { type AlertRule, describeRule, monitorName } from "./alert-rule.ts";
import { latencyPlaybook } from "./playbooks.ts";

export interface LatencyAlertArgs {
  readonly rule: AlertRule;
  readonly logSourceCategory: string;
  /** One or more. Each has its own alert. */
  readonly instanceIds: readonly pulumi.Output<string>[];
  /** The HTTPS URL that is called when the alert fires and when it resolves. */
  readonly webhookUrl: pulumi.Input<string>;
  /** Sent as `Authorization: Bearer …`. */
  readonly webhookToken: pulumi.Output<string>;
}

/** The Sumo Logic monitor for slow responses, which calls the webhook, and a saved search. */
export class LatencyAlert extends pulumi.ComponentResource {
  public readonly monitorId: pulumi.Output<string>;
  public readonly savedSearchId: pulumi.Output<string>;
  /** The stack's folder in Sumo Logic's monitor library. */
  public readonly folderId: pulumi.Output<string>;

  constructor(name: string, args: LatencyAlertArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:LatencyAlert", name, {}, opts);
    const folder = new sumologic.MonitorFolder(
      `${name}-folder`,
      { name: stackName(), description: "Created by Pulumi" },
      { parent: this },
    );
    const connection = createConnection(name, args, this);
    const monitor = createMonitor(name, args, { folder, connection, parent: this });
    this.folderId = folder.id;
    this.monitorId = monitor.id;
    this.savedSearchId = createSavedSearch(name, args, this).id;
    this.registerOutputs({ monitorId: this.monitorId, savedSearchId: this.savedSearchId });
  }
}

/** The prefix of names in Sumo Logic, so that stacks can share an account there. */
function stackName(): string {
  return `${pulumi.getProject()}-${pulumi.getStack()}`;
}

/**
 * Sumo Logic masks the header when it is read. A refresh would always show a change, and an update in place
 * could send the mask. So changes of the header are ignored, and every other change replaces the connection.
 * The name contains the token's fingerprint, so a new token is such a change.
 */
function createConnection(name: string, args: LatencyAlertArgs, parent: pulumi.Resource) {
  const fingerprint = pulumi.unsecret(
    args.webhookToken.apply((token) =>
      createHash("sha256").update(token).digest("hex").slice(0, 6),
    ),
  );
  return new sumologic.Connection(
    `${name}-connection`,
    {
      name: pulumi.interpolate`${stackName()}-${fingerprint}`,
      description: pulumi.interpolate`Calls the reboot function; token ${fingerprint}`,
      type: "WebhookConnection",
      webhookType: "Webhook",
      url: args.webhookUrl,
      headers: { Authorization: pulumi.interpolate`Bearer ${args.webhookToken}` },
      defaultPayload: alertPayload,
      resolutionPayload: alertPayload,
    },
    { parent, ignoreChanges: ["headers"], replaceOnChanges: ["*"] },
  );
}

function createMonitor(
  name: string,
  args: LatencyAlertArgs,
  {
    folder,
    connection,
    parent,
  }: {
    folder: sumologic.MonitorFolder;
    connection: sumologic.Connection;
    parent: pulumi.Resource;
  },
) {
  const { rule, logSourceCategory } = args;
  return new sumologic.Monitor(
    name,
    {
      name: monitorName(rule),
      description: `Fires on ${describeRule(rule)}`,
      playbook: pulumi.all([...args.instanceIds]).apply(latencyPlaybook),
      parentId: folder.id,
      type: "MonitorsLibraryMonitor",
      contentType: "Monitor",
      monitorType: "Logs",
      queries: [
        {
          rowId: "A",
          query: pulumi
            .all([...args.instanceIds])
            .apply((instanceIds) => monitorQuery({ rule, logSourceCategory, instanceIds })),
        },
      ],
      triggerConditions: {
        logsStaticCondition: {
          field: columns.slow,
          critical: {
            timeRange: `${rule.windowMinutes}m`,
            alert: { threshold: rule.maxSlowResponses, thresholdType: "GreaterThan" },
            resolution: {
              threshold: rule.maxSlowResponses,
              thresholdType: "LessThanOrEqual",
              resolutionWindow: "5m",
            },
          },
        },
      },
      groupNotifications: true,
      notificationGroupFields: [columns.instance],
      notifications: [
        {
          notification: { connectionType: "Webhook", connectionId: connection.id },
          runForTriggerTypes: ["Critical", "ResolvedCritical"],
        },
      ],
    },
    { parent },
  );
}

function createSavedSearch(name: string, args: LatencyAlertArgs, parent: pulumi.Resource) {
  const { rule, logSourceCategory } = args;
  return new sumologic.LogSearch(
    `${name}-search`,
    {
      name: `Slow responses (${stackName()})`,
      description: `Slow responses per window of ${rule.windowMinutes} minutes`,
      parentId: sumologic.getPersonalFolderOutput({}, { parent }).id,
      queryString: pulumi
        .all([...args.instanceIds])
        .apply((instanceIds) => savedSearchQuery({ rule, logSourceCategory, instanceIds })),
      timeRange: {
        beginBoundedTimeRange: { from: { relativeTimeRange: { relativeTime: "-2d" } } },
      },
    },
    { parent },
  );
}

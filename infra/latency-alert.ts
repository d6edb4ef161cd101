import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as sumologic from "@pulumi/sumologic";
import { alertPayload } from "./alert-payload.ts";
import { columns, monitorQuery, savedSearchQuery } from "./alert-query.ts";
import { type AlertRule, describeRule, monitorName } from "./alert-rule.ts";

export interface LatencyAlertArgs {
  readonly rule: AlertRule;
  readonly logSourceCategory: string;
  readonly instanceId: pulumi.Output<string>;
  /** HTTPS address that is called when the alert fires and when it resolves. */
  readonly webhookUrl: pulumi.Input<string>;
  /** Sent as `Authorization: Bearer …`. */
  readonly webhookToken: pulumi.Output<string>;
}

/** What Sumo Logic does: a monitor of slow responses that calls the webhook, and a saved search. */
export class LatencyAlert extends pulumi.ComponentResource {
  public readonly monitorId: pulumi.Output<string>;
  public readonly savedSearchId: pulumi.Output<string>;
  /** The stack's folder in Sumo Logic's monitor library. */
  public readonly folderId: pulumi.Output<string>;

  constructor(name: string, args: LatencyAlertArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:LatencyAlert", name, {}, opts);
    const folder = new sumologic.MonitorFolder(
      `${name}-folder`,
      { name: stackName(), description: "Made by Pulumi" },
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

/** Names in Sumo Logic carry the stack: two stacks may share one account there. */
function stackName(): string {
  return `${pulumi.getProject()}-${pulumi.getStack()}`;
}

/**
 * Sumo Logic masks the header when it is read, so refreshes would show a change for ever and an
 * update in place could send the mask: the header is ignored, and every visible change replaces the
 * connection. The token's fingerprint in the name makes a new token such a change.
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
      description: `Fires at ${describeRule(rule)}`,
      parentId: folder.id,
      type: "MonitorsLibraryMonitor",
      contentType: "Monitor",
      monitorType: "Logs",
      queries: [
        {
          rowId: "A",
          query: args.instanceId.apply((instanceId) =>
            monitorQuery({ rule, logSourceCategory, instanceId }),
          ),
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
      description: `Slow responses in each window of ${rule.windowMinutes} minutes`,
      parentId: sumologic.getPersonalFolderOutput({}, { parent }).id,
      queryString: args.instanceId.apply((instanceId) =>
        savedSearchQuery({ rule, logSourceCategory, instanceId }),
      ),
      timeRange: {
        beginBoundedTimeRange: { from: { relativeTimeRange: { relativeTime: "-2d" } } },
      },
    },
    { parent },
  );
}

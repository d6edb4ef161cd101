import * as pulumi from "@pulumi/pulumi";
import * as sumologic from "@pulumi/sumologic";
import { accessLogQuery } from "./alert-query.ts";
import { silencePlaybook } from "./playbooks.ts";
import type { RebootTarget } from "./web-server/web-server.ts";

export interface SilenceAlertArgs {
  readonly logSourceCategory: string;
  /**
   * One instance, since Sumo Logic does not document a monitor of logs that reports missing data per group:
   * https://help.sumologic.com/docs/alerts/monitors/alert-grouping/
   */
  readonly instanceId: pulumi.Output<string>;
  /** `No access log` if absent. Monitors in the same folder need different names. */
  readonly monitorName?: string;
  /** Fires after this many minutes without a line; one of `monitorWindows`. */
  readonly silentMinutes: number;
  readonly emailAddresses: readonly string[];
  /** The folder in Sumo Logic's monitor library. */
  readonly folderId: pulumi.Input<string>;
}

/**
 * The monitor for what the latency alert misses: a server that hangs does not respond, so it logs nothing.
 * Sumo Logic sends the e-mails. It never causes a reboot, since lines are also missing if the server is
 * healthy but its log is not shipped.
 */
export class SilenceAlert extends pulumi.ComponentResource {
  public readonly monitorId: pulumi.Output<string>;

  constructor(name: string, args: SilenceAlertArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:SilenceAlert", name, {}, opts);
    const { logSourceCategory, silentMinutes } = args;
    const monitor = new sumologic.Monitor(
      name,
      {
        name: args.monitorName ?? "No access log",
        description: `Fires after ${silentMinutes} minutes without a line; never reboots`,
        playbook: args.instanceId.apply(silencePlaybook),
        parentId: args.folderId,
        type: "MonitorsLibraryMonitor",
        contentType: "Monitor",
        monitorType: "Logs",
        queries: [
          {
            rowId: "A",
            query: args.instanceId.apply((instanceId) =>
              accessLogQuery({ logSourceCategory, instanceIds: [instanceId] }),
            ),
          },
        ],
        triggerConditions: { logsMissingDataCondition: { timeRange: `${silentMinutes}m` } },
        groupNotifications: true,
        notifications: [
          {
            notification: {
              connectionType: "Email",
              recipients: [...args.emailAddresses],
              subject: pulumi.interpolate`{{TriggerType}}: access log of EC2 instance ${args.instanceId}`,
              messageBody: messageBody(args),
              timeZone: "UTC",
            },
            runForTriggerTypes: ["MissingData", "ResolvedMissingData"],
          },
        ],
      },
      { parent: this },
    );
    this.monitorId = monitor.id;
    this.registerOutputs({ monitorId: this.monitorId });
  }
}

export interface SilenceAlertsArgs extends Omit<SilenceAlertArgs, "instanceId" | "monitorName"> {
  readonly target: RebootTarget;
  /** The ids of a group, which names have in them; absent if the target is one instance. */
  readonly instanceIds?: readonly string[];
}

/** The alert of the instance, or of each instance of a group. */
export function createSilenceAlerts(
  name: string,
  { target, instanceIds = [], ...args }: SilenceAlertsArgs,
): SilenceAlert[] {
  return target.instanceIds.map((instanceId, index) => {
    const id = instanceIds[index];
    return id === undefined
      ? new SilenceAlert(name, { ...args, instanceId })
      : new SilenceAlert(`${name}-${id}`, {
          ...args,
          instanceId,
          monitorName: `No access log of ${id}`,
        });
  });
}

function messageBody({ instanceId, silentMinutes }: SilenceAlertArgs): pulumi.Output<string> {
  return pulumi.interpolate`{{TriggerType}} in {{TriggerTimeRange}}.

"Missing Data" means that Sumo Logic received no access-log line of EC2 instance ${instanceId} for ${silentMinutes} minutes: the server hangs, is down, or does not ship its log. Nothing is rebooted. Check whether the server responds; if not, reboot it manually.

{{AlertResponseUrl}}`;
}

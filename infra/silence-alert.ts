import * as pulumi from "@pulumi/pulumi";
import * as sumologic from "@pulumi/sumologic";
import { accessLogQuery } from "./alert-query.ts";
import { silencePlaybook } from "./playbooks.ts";

export interface SilenceAlertArgs {
  readonly logSourceCategory: string;
  readonly instanceId: pulumi.Output<string>;
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
        name: "No access log",
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
              accessLogQuery({ logSourceCategory, instanceId }),
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

function messageBody({ instanceId, silentMinutes }: SilenceAlertArgs): pulumi.Output<string> {
  return pulumi.interpolate`{{TriggerType}} in {{TriggerTimeRange}}.

"Missing Data" means that Sumo Logic received no access-log line of EC2 instance ${instanceId} for ${silentMinutes} minutes: the server hangs, is down, or does not ship its log. Nothing is rebooted. Check whether the server responds; if not, reboot it manually.

{{AlertResponseUrl}}`;
}

import * as pulumi from "@pulumi/pulumi";
import * as sumologic from "@pulumi/sumologic";
import { accessLogQuery } from "./alert-query.ts";

export interface SilenceAlertArgs {
  readonly logSourceCategory: string;
  readonly instanceId: pulumi.Output<string>;
  /** No line for this many minutes fires; one of the windows that Sumo Logic takes. */
  readonly silentMinutes: number;
  readonly emailAddresses: readonly string[];
  /** The folder in Sumo Logic's monitor library. */
  readonly folderId: pulumi.Input<string>;
}

/**
 * The monitor for what the latency alert cannot see: a server that hangs answers nothing and so
 * logs nothing. It sends e-mail by Sumo Logic itself and never reboots, since lines also stay away
 * when the server is well and their shipping is not.
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
        description: `Fires when no line came for ${silentMinutes} minutes; nothing is rebooted`,
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

"Missing Data" means that no access-log line of EC2 instance ${instanceId} came for ${silentMinutes} minutes: the server hangs, is down, or does not ship its log. Nothing is rebooted. Look whether it answers; if not, reboot it by hand.

{{AlertResponseUrl}}`;
}

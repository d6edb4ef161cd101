import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as sumologic from "@pulumi/sumologic";
import type { AlertRule } from "../alert-rule.ts";
import { cloudWatchBody } from "./cloudwatch.ts";
import { sumoLogicDashboard } from "./sumo-logic.ts";

export interface DashboardsArgs {
  /** One or more. */
  readonly instanceIds: readonly pulumi.Output<string>[];
  /** Of a single instance. */
  readonly instanceType?: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  readonly checkQueueName: pulumi.Output<string>;
  readonly deadLetterQueueName: pulumi.Output<string>;
  readonly eventDeadLetterQueueName?: pulumi.Output<string>;
  readonly alarmArns: readonly pulumi.Output<string>[];
  readonly quietHours?: string;
  readonly rule: AlertRule;
  readonly logSourceCategory: string;
}

/** Two dashboards: the automation and the instances in CloudWatch, the responses and the log in Sumo Logic. */
export class Dashboards extends pulumi.ComponentResource {
  /** The page of the CloudWatch dashboard. */
  public readonly url: pulumi.Output<string>;

  constructor(name: string, args: DashboardsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:Dashboards", name, {}, opts);
    const { region } = aws.getRegionOutput({}, { parent: this });
    const dashboard = createCloudWatchDashboard(name, args, { region, parent: this });
    new sumologic.Dashboard(
      `${name}-responses`,
      {
        ...sumoLogicDashboard(args),
        title: `Slow responses (${stackName()})`,
        folderId: sumologic.getPersonalFolderOutput({}, { parent: this }).id,
      },
      { parent: this },
    );
    this.url = pulumi.interpolate`https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`;
    this.registerOutputs({ url: this.url });
  }
}

/** Dashboards are named in an account, not in a region; so they begin with project and stack. */
function stackName(): string {
  return `${pulumi.getProject()}-${pulumi.getStack()}`;
}

function createCloudWatchDashboard(
  name: string,
  args: DashboardsArgs,
  { region, parent }: { region: pulumi.Output<string>; parent: pulumi.Resource },
) {
  const subject = pulumi.output({
    region,
    instanceIds: [...args.instanceIds],
    instanceType: args.instanceType,
    functionName: args.functionName,
    logGroupName: args.logGroupName,
    checkQueueName: args.checkQueueName,
    deadLetterQueueName: args.deadLetterQueueName,
    eventDeadLetterQueueName: args.eventDeadLetterQueueName,
    alarmArns: [...args.alarmArns],
    quietHours: args.quietHours,
  });
  return new aws.cloudwatch.Dashboard(
    name,
    {
      dashboardName: stackName(),
      dashboardBody: subject.apply((it) => JSON.stringify(cloudWatchBody(it))),
    },
    { parent },
  );
}

import * as pulumi from "@pulumi/pulumi";
import * as sumologic from "@pulumi/sumologic";
import { logCheckQuery } from "./alert-query.ts";

export interface LogSourceArgs {
  /** The lines' source category, by which the queries find them. */
  readonly category: string;
}

/** The HTTP source of Sumo Logic that takes the access log, one line a message. */
export class LogSource extends pulumi.ComponentResource {
  /** Where the lines are posted to. A secret: who knows it may send lines. */
  public readonly url: pulumi.Output<string>;
  /** The saved search that shows whether the lines are as the alerts need them. */
  public readonly checkSearchId: pulumi.Output<string>;

  constructor(name: string, args: LogSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:LogSource", name, args, opts);
    const collector = new sumologic.Collector(
      `${name}-collector`,
      { name: `${pulumi.getProject()}-${pulumi.getStack()}`, description: "Made by Pulumi" },
      { parent: this },
    );
    const source = new sumologic.HttpSource(
      name,
      {
        collectorId: collector.id.apply(Number),
        // No name of its own: a replacement, which must have another, is made before this one goes.
        description: "Access log of the web server",
        category: args.category,
        multilineProcessingEnabled: false,
      },
      { parent: this, additionalSecretOutputs: ["url", "token"] },
    );
    this.url = pulumi.secret(source.url);
    this.checkSearchId = createCheckSearch(name, args, this).id;
    this.registerOutputs({ url: this.url, checkSearchId: this.checkSearchId });
  }
}

function createCheckSearch(name: string, args: LogSourceArgs, parent: pulumi.Resource) {
  return new sumologic.LogSearch(
    `${name}-check`,
    {
      name: `Access log check (${pulumi.getProject()}-${pulumi.getStack()})`,
      description: "Lines without a path, an instance or a time do not fit: see docs/logs.md",
      parentId: sumologic.getPersonalFolderOutput({}, { parent }).id,
      queryString: logCheckQuery(args.category),
      timeRange: {
        beginBoundedTimeRange: { from: { relativeTimeRange: { relativeTime: "-1h" } } },
      },
    },
    { parent },
  );
}

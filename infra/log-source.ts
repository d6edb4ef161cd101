import * as pulumi from "@pulumi/pulumi";
import * as sumologic from "@pulumi/sumologic";
import { logCheckQuery } from "./alert-query.ts";

export interface LogSourceArgs {
  /** The source category of the lines. Queries find them by it. */
  readonly category: string;
}

/** The HTTP source of Sumo Logic that receives the access log, one message per line. */
export class LogSource extends pulumi.ComponentResource {
  /** The URL that lines are posted to. A secret: anyone who knows it can send lines. */
  public readonly url: pulumi.Output<string>;
  /** The saved search that shows whether the lines have the fields that the alerts need. */
  public readonly checkSearchId: pulumi.Output<string>;

  constructor(name: string, args: LogSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:LogSource", name, args, opts);
    const collector = new sumologic.Collector(
      `${name}-collector`,
      { name: `${pulumi.getProject()}-${pulumi.getStack()}`, description: "Created by Pulumi" },
      { parent: this },
    );
    const source = new sumologic.HttpSource(
      name,
      {
        collectorId: collector.id.apply(Number),
        // Pulumi names it: a replacement is created before this one is deleted, so it needs another name.
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
      description:
        "The alerts ignore lines without a path, an instance or a time: see docs/logs.md",
      parentId: sumologic.getPersonalFolderOutput({}, { parent }).id,
      queryString: logCheckQuery(args.category),
      timeRange: {
        beginBoundedTimeRange: { from: { relativeTimeRange: { relativeTime: "-1h" } } },
      },
    },
    { parent },
  );
}

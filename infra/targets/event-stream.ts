import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { eventSource } from "../../handler/incidents/events.ts";
import { ScopedRole } from "../scoped-role.ts";
import { detailKeys } from "./event-format.ts";

export interface EventStreamArgs {
  /** The table of incidents, which has a stream of new images. */
  readonly table: aws.dynamodb.Table;
  readonly accountId: pulumi.Input<string>;
  /** ARN of the policy that limits what the pipe's role can ever be granted. */
  readonly permissionsBoundary?: string;
}

const twoWeeksSeconds = 14 * 24 * 3_600;

/**
 * The bus on which each new event of the table appears at least once, and the queue of the events that could not
 * be delivered. A pipe reads the table's stream, so the function needs neither a permission nor a call for it.
 */
export class EventStream extends pulumi.ComponentResource {
  public readonly bus: aws.cloudwatch.EventBus;
  public readonly deadLetterQueue: aws.sqs.Queue;
  public readonly pipeName: pulumi.Output<string>;

  constructor(name: string, args: EventStreamArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:EventStream", name, {}, opts);
    const parent = { parent: this };
    this.bus = new aws.cloudwatch.EventBus(
      `${name}-bus`,
      { description: "Events of the reboot automation" },
      parent,
    );
    this.deadLetterQueue = new aws.sqs.Queue(
      `${name}-dead-letters`,
      { messageRetentionSeconds: twoWeeksSeconds, sqsManagedSseEnabled: true },
      parent,
    );
    this.pipeName = createPipe(`${name}-pipe`, args, this).name;
    this.registerOutputs({ busName: this.bus.name, deadLetterQueueUrl: this.deadLetterQueue.url });
  }
}

function createPipe(name: string, args: EventStreamArgs, parent: EventStream) {
  const { bus, deadLetterQueue } = parent;
  const role = new ScopedRole(
    `${name}-role`,
    {
      service: "pipes.amazonaws.com",
      sourceAccount: args.accountId,
      grants: pipeGrants({
        // The name of a stream is the time at which it was enabled.
        stream: pulumi.interpolate`${args.table.arn}/stream/*`,
        bus: bus.arn,
        deadLetterQueue: deadLetterQueue.arn,
      }),
      permissionsBoundary: args.permissionsBoundary,
    },
    { parent },
  );
  return new aws.pipes.Pipe(
    name,
    {
      description: "New events of the table of incidents",
      roleArn: role.arn,
      source: args.table.streamArn,
      sourceParameters: {
        dynamodbStreamParameters: {
          // From the oldest record: an event of the last minute before the pipe runs is sent. A pipe that is created again
          // finds older ones too, which go to the dead-letter queue.
          startingPosition: "TRIM_HORIZON",
          // One event a batch, and few retries: a record that cannot be delivered does not hold up others.
          batchSize: 1,
          maximumBatchingWindowInSeconds: 0,
          parallelizationFactor: 1,
          maximumRetryAttempts: 3,
          // The minimum. A late page is worse than the e-mail, which was sent in time.
          maximumRecordAgeInSeconds: 60,
          deadLetterConfig: { arn: deadLetterQueue.arn },
        },
        filterCriteria: { filters: [{ pattern: JSON.stringify(onlyEvents) }] },
      },
      target: bus.arn,
      targetParameters: {
        eventbridgeEventBusParameters: {
          source: eventSource,
          detailType: pathTo("type"),
          time: pathTo("time"),
        },
        inputTemplate: `{${detailKeys.map((key) => `"${key}":<${pathTo(key)}>`).join(",")}}`,
      },
    },
    { parent, dependsOn: [role] },
  );
}

/** A write that is no new event removes the attribute `event` of the item. */
const onlyEvents = {
  dynamodb: { NewImage: { event: { M: { id: { S: [{ exists: true }] } } } } },
};

const pathTo = (key: string) => `$.dynamodb.NewImage.event.M.${key}.S`;

/** The ARNs of what the pipe uses. */
export interface PipeArns {
  readonly stream: pulumi.Input<string>;
  readonly bus: pulumi.Input<string>;
  readonly deadLetterQueue: pulumi.Input<string>;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html */
export function pipeGrants({ stream, bus, deadLetterQueue }: PipeArns) {
  return [
    {
      sid: "ReadEvents",
      actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      resources: [stream],
    },
    {
      sid: "ListStreams",
      actions: ["dynamodb:ListStreams"],
      // DynamoDB supports no resource for it:
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
      resources: ["*"],
    },
    { sid: "PutEvents", actions: ["events:PutEvents"], resources: [bus] },
    { sid: "KeepLostEvents", actions: ["sqs:SendMessage"], resources: [deadLetterQueue] },
  ];
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type ArnOf, arnsHere } from "../arns.ts";
import { boundaryOf } from "../role-boundary.ts";
import { Forwarding } from "./bus.ts";
import { Chat } from "./chat.ts";
import { EventStream } from "./event-stream.ts";
import { Pager } from "./pager.ts";
import type { RouteArgs } from "./route.ts";
import type { Targets } from "./targets.ts";

export interface EventTargetsArgs {
  readonly targets: Targets;
  /** The table of incidents, which has a stream of new images. */
  readonly table: aws.dynamodb.Table;
  /** Minutes between health checks after a reboot. */
  readonly checkEveryMinutes: number;
  /** The setting of this name; see `boundaryOf`. */
  readonly permissionsBoundary?: string;
}

/** Everything that brings the stack's events to its targets. */
export class EventTargets extends pulumi.ComponentResource {
  public readonly busName: pulumi.Output<string>;
  /** Reads the table's stream. */
  public readonly pipeName: pulumi.Output<string>;
  /** Keeps the events that could not be delivered. */
  public readonly deadLetterQueue: aws.sqs.Queue;
  /** The topic of the chat; none without one. */
  public readonly chatTopicArn: pulumi.Output<string> | undefined;

  constructor(
    { targets, table, checkEveryMinutes, permissionsBoundary }: EventTargetsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("reboot-automation:index:EventTargets", "targets", {}, opts);
    const parent = { parent: this };
    const arnOf = arnsHere(this);
    const { accountId } = aws.getCallerIdentityOutput({}, parent);
    const { bus, deadLetterQueue, pipeName } = new EventStream(
      "events",
      {
        table,
        accountId,
        permissionsBoundary: boundaryOf("events-pipe-role", permissionsBoundary),
      },
      parent,
    );
    const route: RouteArgs = {
      busName: bus.name,
      deadLetterQueueArn: deadLetterQueue.arn,
      checkEveryMinutes,
    };
    const { slack, teams, pagerDutyRoutingKey, eventBusArn } = targets;
    const bounded = (role: string) => ({
      route,
      permissionsBoundary: boundaryOf(role, permissionsBoundary),
    });
    const chat =
      slack || teams
        ? new Chat("chat", { slack, teams, arnOf, ...bounded("chat-role") }, parent)
        : undefined;
    const pager = pagerDutyRoutingKey
      ? new Pager(
          "pager",
          { routingKey: pagerDutyRoutingKey, accountId, ...bounded("pager-role") },
          parent,
        )
      : undefined;
    const forwarding = eventBusArn
      ? new Forwarding("bus", { busArn: eventBusArn, accountId, ...bounded("bus-role") }, parent)
      : undefined;
    const rules = [chat, pager, forwarding].flatMap((it) => it?.rules ?? []);
    keepLostEvents(deadLetterQueue, { rules, busName: bus.name, arnOf }, this);
    this.busName = bus.name;
    this.pipeName = pipeName;
    this.deadLetterQueue = deadLetterQueue;
    this.chatTopicArn = chat?.topicArn;
    this.registerOutputs({ busName: this.busName, chatTopicArn: this.chatTopicArn });
  }
}

/** Lets these rules alone send to the queue. The pipe sends with its role. */
function keepLostEvents(
  queue: aws.sqs.Queue,
  {
    rules,
    busName,
    arnOf,
  }: {
    rules: readonly aws.cloudwatch.EventRule[];
    busName: pulumi.Input<string>;
    arnOf: ArnOf;
  },
  parent: pulumi.Resource,
) {
  new aws.sqs.QueuePolicy(
    "events-dead-letters-policy",
    {
      queueUrl: queue.url,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "KeepLostEvents",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: arnOf("sqs", queue.name),
            Condition: {
              ArnEquals: {
                "aws:SourceArn": rules.map((rule) =>
                  arnOf("events", pulumi.interpolate`rule/${busName}/${rule.name}`),
                ),
              },
            },
          },
        ],
      }),
    },
    { parent },
  );
}

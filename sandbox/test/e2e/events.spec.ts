import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import {
  type EmulatorTarget,
  emulatorTarget,
  newSocketPath,
  startEmulator,
} from "../../aws/emulator.ts";
import { toLoopback } from "../../aws/events/api-destination.ts";
import { type Events, startEvents } from "../../aws/events/events.ts";
import type { Pipe } from "../../aws/events/pipe.ts";
import { SandboxClock } from "../../clock.ts";
import { type PagerDuty, startPagerDuty } from "../../pager-duty/server.ts";
import { createPrivateFolder } from "../../private-folder.ts";
import { newAccessKey } from "../../secrets.ts";
import { root } from "../../test-environment.ts";
import { waitFor } from "../../wait.ts";

const here = (service: string, resource: string) =>
  `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const bus = here("events", "event-bus/events");
const destinationArn = here("events", "api-destination/pager/1");
const lost = here("sqs", "lost");
const arrived = here("sqs", "arrived");
const topic = here("sns", "chat");

describe("pipes and event buses", () => {
  let folder: string;
  let stopEmulator: () => Promise<void>;
  let emulator: EmulatorTarget;
  let clock: SandboxClock;
  let pagerDuty: PagerDuty;
  let events: Events;
  let pipe: Pipe;
  let iam: IAMClient;
  let sqs: SQSClient;

  before(async () => {
    createPrivateFolder(join(root, ".sandbox"));
    folder = mkdtempSync(join(root, ".sandbox", "test-"));
    const clockFile = join(folder, "clock");
    clock = new SandboxClock(clockFile, 120);
    emulator = emulatorTarget(newSocketPath(), newAccessKey());
    const python = process.env.SANDBOX_PYTHON ?? "";
    stopEmulator = await startEmulator({
      python,
      target: emulator,
      gatewayPort: 1,
      folder,
      clockFile,
    });
    iam = new IAMClient(emulator);
    sqs = new SQSClient(emulator);
    pagerDuty = await startPagerDuty();
    const stream = await createTable();
    await createRole("pipe", "pipes.amazonaws.com");
    await createRole("pager", "events.amazonaws.com");
    await createBus();
    pipe = pipeFrom(stream);
    events = startEvents({
      emulator,
      clock,
      sources: {
        pipes: () => [pipe],
        destinations: () => [
          {
            ApiDestinationArn: destinationArn,
            ConnectionArn: "connection",
            InvocationEndpoint: "https://events.pagerduty.com/v2/enqueue",
            HttpMethod: "POST",
          },
        ],
        connections: () => [
          {
            ConnectionArn: "connection",
            AuthParameters: {
              ApiKeyAuthParameters: { ApiKeyName: "X-Client", ApiKeyValue: "test" },
              InvocationHttpParameters: {
                BodyParameters: [{ Key: "routing_key", Value: "0".repeat(32) }],
              },
            },
          },
        ],
      },
      sendRequest: toLoopback({ "events.pagerduty.com": pagerDuty.port }),
    });
  });
  after(async () => {
    await events?.stop();
    pagerDuty?.stop();
    await stopEmulator?.();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Everything is allowed again. */
  beforeEach(async () => {
    events.faults = undefined;
    pagerDuty.condition = "up";
    await grant("pipe", [
      [
        ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
        pipe.Source,
      ],
      [["dynamodb:ListStreams"], "*"],
      [["events:PutEvents"], bus],
      [["sqs:SendMessage"], lost],
    ]);
    await grant("pager", [[["events:InvokeApiDestination"], destinationArn]]);
    await setQueuePolicy("lost", "rule/events/*");
    await setQueuePolicy("arrived", "rule/events/all");
  });

  async function createTable(): Promise<string> {
    const { TableDescription } = await new DynamoDBClient(emulator).send(
      new CreateTableCommand({
        TableName: "incidents",
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
      }),
    );
    return TableDescription?.LatestStreamArn ?? "";
  }

  async function createRole(RoleName: string, Service: string): Promise<void> {
    const Statement = [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }];
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  }

  async function grant(
    RoleName: string,
    grants: readonly (readonly [actions: readonly string[], resource: string])[],
  ): Promise<void> {
    const Statement = grants.map(([Action, Resource]) => ({ Effect: "Allow", Action, Resource }));
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "grants", PolicyDocument }));
  }

  async function setQueuePolicy(name: string, rule: string): Promise<void> {
    const Policy = JSON.stringify(policyFor(here("sqs", name), "sqs:SendMessage", rule));
    const QueueUrl = `http://127.0.0.1/000000000000/${name}`;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  }

  async function createBus(): Promise<void> {
    const eventBridge = new EventBridgeClient(emulator);
    for (const QueueName of ["lost", "arrived"])
      await sqs.send(new CreateQueueCommand({ QueueName }));
    const sns = new SNSClient(emulator);
    await sns.send(new CreateTopicCommand({ Name: "chat" }));
    await sns.send(
      new SetTopicAttributesCommand({
        TopicArn: topic,
        AttributeName: "Policy",
        AttributeValue: JSON.stringify(policyFor(topic, "sns:Publish", "rule/events/other")),
      }),
    );
    await eventBridge.send(new CreateEventBusCommand({ Name: "events" }));
    const rules: [name: string, pattern: object, target: Partial<Target>][] = [
      ["all", { source: ["test"] }, { Arn: arrived }],
      [
        "pager",
        { source: ["test"], "detail-type": ["Failed"] },
        {
          Arn: destinationArn,
          RoleArn: "arn:aws:iam::000000000000:role/pager",
          RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 10 },
          InputTransformer: {
            InputPathsMap: { id: "$.detail.id" },
            InputTemplate:
              '{"event_action":"trigger","dedup_key":<id>,"payload":{"summary":<id>,"source":"test","severity":"info"}}',
          },
        },
      ],
      ["chat", { source: ["test"], "detail-type": ["Chat"] }, { Arn: topic }],
    ];
    for (const [Rule, pattern, target] of rules) {
      const EventPattern = JSON.stringify(pattern);
      await eventBridge.send(
        new PutRuleCommand({ Name: Rule, EventBusName: "events", EventPattern }),
      );
      const Targets = [{ Id: "1", DeadLetterConfig: { Arn: lost }, ...target } as Target];
      await eventBridge.send(new PutTargetsCommand({ Rule, EventBusName: "events", Targets }));
    }
  }

  function pipeFrom(stream: string): Pipe {
    const path = (key: string) => `$.dynamodb.NewImage.event.M.${key}.S`;
    const pattern = { dynamodb: { NewImage: { event: { M: { id: { S: [{ exists: true }] } } } } } };
    return {
      Arn: here("pipes", "pipe/events"),
      RoleArn: "arn:aws:iam::000000000000:role/pipe",
      Source: stream,
      Target: bus,
      SourceParameters: {
        FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] },
        DynamoDBStreamParameters: {
          StartingPosition: "TRIM_HORIZON",
          BatchSize: 1,
          MaximumRetryAttempts: 5,
          MaximumRecordAgeInSeconds: 60,
          DeadLetterConfig: { Arn: lost },
        },
      },
      TargetParameters: {
        InputTemplate: `{"id":<${path("id")}>}`,
        EventBridgeEventBusParameters: { Source: "test", DetailType: path("type") },
      },
    };
  }

  async function write(id: string, type = "Failed"): Promise<void> {
    const event = { M: { id: { S: id }, type: { S: type } } };
    const Item = { id: { S: `item-${id}` }, event };
    await new DynamoDBClient(emulator).send(new PutItemCommand({ TableName: "incidents", Item }));
  }

  /** Consumes the next message of a queue. */
  async function next(name: string) {
    const QueueUrl = `http://127.0.0.1/000000000000/${name}`;
    const message = await waitFor(`a message in the queue ${name}`, async () => {
      const { Messages } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] }),
      );
      return Messages?.[0];
    });
    const { Body = "", MessageAttributes = {}, ReceiptHandle } = message;
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return {
      body: JSON.parse(Body),
      code: MessageAttributes.ERROR_CODE?.StringValue,
      exhausted: MessageAttributes.EXHAUSTED_RETRY_CONDITION?.StringValue,
    };
  }

  const idOf = async (name: string) => (await next(name)).body.detail.id;

  /** Lets two seconds pass, again and again, until something has happened. */
  async function passUntil<T>(happened: Promise<T>): Promise<T> {
    let isOver = false;
    const over = happened.finally(() => {
      isOver = true;
    });
    const pass = () => {
      if (!isOver) clock.advance(1 / 30);
      return isOver;
    };
    await waitFor("the clock to advance far enough", pass, { intervalMs: 200 });
    return over;
  }

  it("bring each new event of the table to the targets of the rules that match", async () => {
    await write("first");
    await write("second", "Other");

    // Events can overtake each other.
    expect([await idOf("arrived"), await idOf("arrived")]).to.have.members(["first", "second"]);
    await events.idle();
    expect(pagerDuty.alerts.map(({ dedupKey }) => dedupKey)).to.deep.equal(["first"]);
  });

  it("ignore writes without an event", async () => {
    const Item = { id: { S: "item-first" } };
    await new DynamoDBClient(emulator).send(new PutItemCommand({ TableName: "incidents", Item }));
    const before = events.deliveries.length;

    await events.idle();

    expect(events.deliveries).to.have.length(before);
  });

  it("leave records in the stream that the pipe's role may not read, until it may", async () => {
    await grant("pipe", [
      [["dynamodb:*"], `${pipe.Source}2`],
      [["events:PutEvents"], bus],
    ]);
    const before = events.deliveries.length;
    await write("unread", "Other");
    await sleep(500);
    expect(events.deliveries).to.have.length(before);

    await grant("pipe", [
      [["dynamodb:*"], "*"],
      [["events:PutEvents"], bus],
    ]);

    expect(await idOf("arrived")).to.equal("unread");
  });

  it("keep the position of a record that the pipe's role may not put, and go on with the next", async () => {
    await grant("pipe", [
      [["dynamodb:*"], "*"],
      [["events:PutEvents"], `${bus}2`],
      [["sqs:SendMessage"], lost],
    ]);
    await write("not put", "Other");

    const letter = await passUntil(next("lost"));

    expect(letter.body.context).to.deep.equal({
      partnerResourceArn: pipe.Arn,
      condition: "RetryAttemptsExhausted",
    });
    expect(letter.body.DDBStreamBatchInfo).to.include({ batchSize: 1, streamArn: pipe.Source });
    await grant("pipe", [
      [["dynamodb:*"], "*"],
      [["events:PutEvents"], bus],
    ]);
    await write("after", "Other");
    expect(await idOf("arrived")).to.equal("after");
  });

  it("refuse a role whose boundary does not allow it", async () => {
    const Statement = [{ Effect: "Allow", Action: "dynamodb:*", Resource: "*" }];
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    const created = await iam.send(
      new CreatePolicyCommand({ PolicyName: "bound", PolicyDocument }),
    );
    const PermissionsBoundary = created.Policy?.Arn;
    await iam.send(
      new PutRolePermissionsBoundaryCommand({ RoleName: "pager", PermissionsBoundary }),
    );
    await write("bounded");

    expect(await next("lost")).to.include({ code: "NO_PERMISSIONS" });

    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: "pager" }));
    expect(await idOf("arrived")).to.equal("bounded");
  });

  it("refuse a rule whose role does not allow it", async () => {
    await grant("pager", [[["events:InvokeApiDestination"], `${destinationArn}2`]]);
    await write("denied");

    const { body, code } = await next("lost");

    expect(code).to.equal("NO_PERMISSIONS");
    expect(body.detail).to.deep.equal({ id: "denied" });
    expect(await idOf("arrived")).to.equal("denied");
  });

  it("refuse a rule that the topic's policy does not name", async () => {
    await write("chat", "Chat");

    expect(await next("lost")).to.include({ code: "NO_PERMISSIONS" });
    expect(await idOf("arrived")).to.equal("chat");
  });

  it("lose an event for which the dead-letter queue's policy does not name the rule", async () => {
    await setQueuePolicy("lost", "rule/events/other");
    await write("lost", "Chat");

    expect(await idOf("arrived")).to.equal("lost");
    await events.idle();

    const ofTopic = events.deliveries.filter(({ targetArn }) => targetArn === topic);
    expect(ofTopic.at(-1)?.end).to.equal("lost");
  });

  it("retry a failing pager until the event is too old, while other targets get theirs", async () => {
    pagerDuty.condition = "failing";
    await write("dead pager");

    expect(await idOf("arrived")).to.equal("dead pager");
    const { code, exhausted } = await passUntil(next("lost"));

    expect(code).to.equal("SDK_SERVER_ERROR");
    expect(exhausted).to.equal("MaximumEventAgeInSeconds");
  });

  it("deliver again what was delivered without a response", async () => {
    let isFirst = true;
    events.faults = ({ action }) => {
      if (action !== "events:InvokeApiDestination" || !isFirst) return undefined;
      isFirst = false;
      return { kind: "time-out", when: "after" };
    };
    await write("twice");
    await idOf("arrived");

    await passUntil(events.idle());

    expect(pagerDuty.alerts.at(-1)).to.include({ dedupKey: "twice", triggerCount: 2 });
  });
});

function policyFor(Resource: string, Action: string, rule: string) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action,
        Resource,
        Condition: { ArnLike: { "aws:SourceArn": here("events", rule) } },
      },
    ],
  };
}

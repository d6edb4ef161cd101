import { setTimeout as sleep } from "node:timers/promises";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { type Mailbox, openMailbox } from "../../sandbox/aws/mail.ts";
import {
  StackClient,
  type StackOutputs,
  stackOutputs,
} from "../../sandbox/scenario/stack-client.ts";
import { startTestEnvironment, type TestEnvironment } from "../../sandbox/test-environment.ts";
import { waitFor } from "../../sandbox/wait.ts";

/** Failures that the function cannot report itself: the dead-letter queue and alarms do. */
describe("a deployed stack", () => {
  let environment: TestEnvironment;
  let stack: StackOutputs;
  let client: StackClient;
  let mailbox: Mailbox;
  let sqs: SQSClient;
  let alarms: MetricAlarm[];
  before(async () => {
    environment = await startTestEnvironment();
    const engine = await environment.createEngine({ policyPack: null });
    await engine.up();
    stack = stackOutputs(await engine.stack.outputs());
    client = new StackClient(environment, stack);
    mailbox = await openMailbox(environment.aws, stack.topicArn);
    sqs = new SQSClient(environment.aws);
    const response = await new CloudWatchClient(environment.aws).send(
      new DescribeAlarmsCommand({}),
    );
    alarms = response.MetricAlarms ?? [];
  });
  after(async () => {
    mailbox.stop();
    await environment.stop();
  });

  /** Consumes the next message of the dead-letter queue and returns its body. Throws if none arrives within two minutes. */
  async function nextDeadLetter(): Promise<string> {
    const QueueUrl = stack.deadLetterQueueUrl;
    const { Body = "", ReceiptHandle } = await waitFor(
      "a message in the dead-letter queue",
      async () => {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
        return Messages[0];
      },
      { intervalMs: 200 },
    );
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return Body;
  }

  it("keeps a failed asynchronous invocation, after one attempt", async () => {
    await new LambdaClient(environment.aws).send(
      new InvokeCommand({
        FunctionName: stack.functionName,
        InvocationType: "Event",
        Payload: JSON.stringify({ instance: "i-01234567" }),
      }),
    );

    const letter = JSON.parse(await nextDeadLetter());

    expect(letter.requestPayload).to.deep.equal({ instance: "i-01234567" });
    const refused = (await client.logRecords()).filter(({ outcome }) => outcome === "refused");
    expect(refused).to.have.length(1);
    expect(client.newReboots()).to.deep.equal([]);
  });

  it("keeps invalid and unknown messages of its queue, after five attempts each", async () => {
    const { EventSourceMappings: [mapping] = [] } = await new LambdaClient(environment.aws).send(
      new ListEventSourceMappingsCommand({ FunctionName: stack.functionName }),
    );
    const QueueName = mapping?.EventSourceArn?.split(":").pop() ?? "";
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    // Otherwise two minutes pass between two attempts.
    const Attributes = { VisibilityTimeout: "1" };
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    const bodies = [
      '{"force":true}',
      '{"incidentId":"alert-0123456789abcdef","nonce":"0f9e8d7c-6b5a-4f3e-9d2c-1b0a9f8e7d6c"}',
    ];
    for (const MessageBody of bodies) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    }

    const letters = [await nextDeadLetter(), await nextDeadLetter()];

    expect(letters).to.have.members(bodies);
    const records = await client.logRecords();
    const ofQueue = records.filter(({ source }) => source === "queue");
    expect(ofQueue.filter(({ outcome }) => outcome === "refused")).to.have.length(5);
    expect(ofQueue.filter(({ outcome }) => outcome === "check failed")).to.have.length(5);
    expect(client.newReboots()).to.deep.equal([]);
    expect(mailbox.waiting()).to.equal(0);
  });

  it("lets nobody close an incident with a forged queue event", async () => {
    const lambda = new LambdaClient(environment.aws);
    const { EventSourceMappings: [mapping] = [] } = await lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: stack.functionName }),
    );
    const { body } = await client.postAlert(environment.webhookToken);
    const { outcome, incidentId } = JSON.parse(body);
    expect(outcome).to.equal("rebooted");
    expect((await mailbox.next()).subject).to.match(/^Rebooted EC2 instance /);
    const message = { incidentId, nonce: "0f9e8d7c-6b5a-4f3e-9d2c-1b0a9f8e7d6c" };
    const record = {
      eventSource: "aws:sqs",
      eventSourceARN: mapping?.EventSourceArn,
      messageId: "invented",
      body: JSON.stringify(message),
    };
    const Payload = JSON.stringify({ Records: [record] });

    // More checks in a row than an incident has at most.
    for (let check = 0; check < 12; check++) {
      const invoked = await lambda.send(
        new InvokeCommand({ FunctionName: stack.functionName, Payload }),
      );
      expect(JSON.parse(invoked.Payload?.transformToString() ?? "")).to.deep.equal({
        batchItemFailures: [{ itemIdentifier: "invented" }],
      });
    }

    const { Item } = await new DynamoDBClient(environment.aws).send(
      new GetItemCommand({
        TableName: stack.tableName,
        Key: { id: { S: `incident#${incidentId}` } },
      }),
    );
    expect(Item).to.include.keys("nonce").and.not.include.keys("checkCount", "closedAt");
    expect(mailbox.waiting()).to.equal(0);
    client.newReboots();
  });

  /** Records AWS's metric, with the alarm's namespace, metric and dimensions. */
  async function count(alarm: MetricAlarm, Value: number, minutesAgo = 0): Promise<void> {
    const { Namespace, MetricName, Dimensions } = alarm;
    await new CloudWatchClient(environment.aws).send(
      new PutMetricDataCommand({
        Namespace,
        MetricData: [
          {
            MetricName,
            Dimensions,
            Value,
            Unit: "Count",
            Timestamp: new Date(Date.now() - minutesAgo * 60_000),
          },
        ],
      }),
    );
  }

  const alarmNamed = (name: string) => {
    const found = alarms.find(({ AlarmName = "" }) => AlarmName.includes(`-alarms-${name}-`));
    if (!found) throw new Error(`there is no alarm ${name}`);
    return found;
  };

  /** The subject of the next e-mail about an alarm in this state. */
  async function nextSubject(state: "ALARM" | "OK"): Promise<string> {
    for (;;) {
      const { subject } = await mailbox.next();
      if (subject.startsWith(`${state}: `)) return subject;
    }
  }

  /** The number of unread e-mails about an alarm that started. */
  async function waitingAlarms(): Promise<number> {
    const subjects: string[] = [];
    while (mailbox.waiting() > 0) subjects.push((await mailbox.next()).subject);
    return subjects.filter((it) => it.startsWith("ALARM: ")).length;
  }

  it("has nine alarms", () => {
    expect(alarms).to.have.length(9);
  });

  it("sends the alarm stuck-checks for one message that has waited for three periods", async () => {
    for (const minutesAgo of [12, 7, 2]) await count(alarmNamed("stuck-checks"), 1, minutesAgo);

    // The dead-letter queue's alarm uses the same metric, over one minute.
    expect(await nextSubject("ALARM")).to.include("-alarms-stuck-checks-");
    expect(await waitingAlarms()).to.equal(0);
  });

  for (const [name, value] of [
    ["errors", 1],
    ["throttles", 1],
    ["dead-letters", 1],
    ["refused-alerts", 1],
    ["notification-failed", 1],
    ["not-recovered", 1],
    ["recovery-unconfirmed", 1],
  ] as const) {
    it(`sends the alarm ${name} to the topic's subscribers at ${value}`, async () => {
      await count(alarmNamed(name), value);

      let subject = await nextSubject("ALARM");
      while (!subject.includes(`-alarms-${name}-`)) subject = await nextSubject("ALARM");
      expect(subject).to.match(/^ALARM: "/);
    });
  }

  it("sends the alarm flood at 100 refused unauthenticated calls in 5 minutes, not at 99", async () => {
    await count(alarmNamed("flood"), 99);
    await sleep(300);
    expect(await waitingAlarms()).to.equal(0);

    await count(alarmNamed("flood"), 1);

    expect(await nextSubject("ALARM")).to.include("-alarms-flood-");
  });

  it("sends an e-mail when an alarm ends, so that a pager can close its incident", async () => {
    const alarm = alarmNamed("not-recovered");
    const { AlarmName } = alarm;
    await new CloudWatchClient(environment.aws).send(
      new SetAlarmStateCommand({ AlarmName, StateValue: "OK", StateReason: "test" }),
    );

    let subject = await nextSubject("OK");
    while (!subject.includes("-alarms-not-recovered-")) subject = await nextSubject("OK");
    expect(subject).to.match(/^OK: "/);
  });
});

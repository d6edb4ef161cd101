import { setTimeout as sleep } from "node:timers/promises";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DeleteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { ChatMessage } from "../../sandbox/aws/chat/channel.ts";
import { type Chat, openChat } from "../../sandbox/aws/chat/open-chat.ts";
import type { BusEvent } from "../../sandbox/aws/events/bus.ts";
import { type Mailbox, openMailbox } from "../../sandbox/aws/mail.ts";
import { externalArns, targetSettings } from "../../sandbox/scenario/all-options.ts";
import {
  StackClient,
  type StackOutputs,
  stackOutputs,
} from "../../sandbox/scenario/stack-client.ts";
import { startTestEnvironment, type TestEnvironment } from "../../sandbox/test-environment.ts";
import { waitFor } from "../../sandbox/wait.ts";

const [centralBus = ""] = externalArns;

describe("a stack with every target", () => {
  let environment: TestEnvironment;
  let stack: StackOutputs;
  let client: StackClient;
  let mailbox: Mailbox;
  let chat: Chat;
  let onBus: readonly BusEvent[];
  before(async () => {
    environment = await startTestEnvironment({ minutesAgo: 120 });
    const engine = await environment.createEngine({ policyPack: null, settings: targetSettings });
    await engine.up();
    stack = stackOutputs(await engine.stack.outputs());
    client = new StackClient(environment, stack);
    mailbox = await openMailbox(environment.aws, stack.topicArn);
    const { channels } = environment.gateway.services.chatbot;
    chat = await openChat(environment.aws, channels.values(), stack.chatTopicArn ?? "");
    onBus = environment.events.openForeignBus(centralBus);
  });
  after(async () => {
    chat.stop();
    mailbox.stop();
    await environment.stop();
  });

  /** Forgets the last reboot, so that the next alert may reboot. */
  beforeEach(async () => {
    const { tableName: TableName, instanceId } = stack;
    const Key = { id: { S: `instance#${instanceId}` } };
    await new DynamoDBClient(environment.aws).send(new DeleteItemCommand({ TableName, Key }));
    await environment.events.idle();
  });

  let alertCount = 0;

  /** Posts a new alert; returns its incident and outcome. */
  async function alert(): Promise<{ incidentId: string; outcome: string }> {
    const alertUrl = `https://service.sumologic.com/ui/#/alert/events-${alertCount++}`;
    const { body } = await client.postAlert(environment.webhookToken, { alertUrl });
    return JSON.parse(body);
  }

  /** The titles of an incident's thread in the first channel, without the instance. */
  function titlesIn(threadId: string): string[] {
    const [channel] = chat.channels.values();
    const thread = channel?.threads.find((it) => it.threadId === threadId);
    return (thread?.messages ?? []).map(({ title }: ChatMessage) =>
      title.replace(/:?( for)? EC2 instance i-\w+$/, ""),
    );
  }

  const typesOnBus = (incidentId: string) =>
    onBus
      .filter(({ detail }) => (detail as { incidentId: string }).incidentId === incidentId)
      .map((it) => it["detail-type"]);

  const pagesOf = (incidentId: string) =>
    environment.pagerDuty.alerts
      .filter(({ dedupKey }) => dedupKey === incidentId)
      .map(({ state, severity }) => `${state} ${severity}`);

  const nextSubject = async () =>
    (await mailbox.next()).subject.replace(/:?( for)? EC2 instance i-\w+$/, "");

  /** Consumes the messages of the queue of lost events. */
  async function lostEvents() {
    const sqs = new SQSClient(environment.aws);
    const QueueUrl = stack.eventDeadLetterQueueUrl;
    const lost: { type: string; code: string | undefined; target: string | undefined }[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] }),
      );
      if (Messages.length === 0) return lost;
      for (const { Body = "", MessageAttributes = {}, ReceiptHandle } of Messages) {
        lost.push({
          type: JSON.parse(Body)["detail-type"],
          code: MessageAttributes.ERROR_CODE?.StringValue,
          target: MessageAttributes.TARGET_ARN?.StringValue?.split(":")[5]?.split("/")[0],
        });
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }

  it("sends a reboot to the chat, in one thread, and to the event bus, and pages nobody", async () => {
    const { incidentId, outcome } = await alert();
    await environment.events.idle();

    expect(outcome).to.equal("rebooted");
    expect(await nextSubject()).to.equal("Rebooted");
    expect([...chat.channels.keys()]).to.have.members([
      "reboot-automation-sandbox-chat-slack",
      "reboot-automation-sandbox-chat-teams",
    ]);
    expect(titlesIn(incidentId)).to.deep.equal(["Reboot claimed", "Rebooted"]);
    expect(typesOnBus(incidentId)).to.deep.equal(["Reboot Claimed", "Instance Rebooted"]);
    expect(environment.pagerDuty.alerts).to.deep.equal([]);
    expect(await lostEvents()).to.deep.equal([]);
  });

  it("sends an event whose detail has exactly the documented strings", async () => {
    const { detail, ...envelope } = onBus[1] ?? { detail: {} };

    expect(envelope).to.include({
      version: "0",
      "detail-type": "Instance Rebooted",
      source: "reboot-automation",
      account: "000000000000",
      region: "us-east-1",
    });
    expect(Object.keys(detail)).to.have.members([
      "id",
      "schemaVersion",
      "time",
      "incidentId",
      "instanceId",
      "outcome",
      "severity",
      "title",
      "reason",
      "nextStep",
    ]);
    expect(detail).to.include({
      schemaVersion: "1",
      instanceId: stack.instanceId,
      outcome: "rebooted",
      severity: "warning",
    });
  });

  it("calls AWS for a reboot as often as a stack without targets", async () => {
    const before = environment.gateway.calls.length;
    await alert();
    const calls = environment.gateway.calls
      .slice(before)
      .filter(({ functionName }) => functionName === stack.functionName);
    await nextSubject();

    expect(calls.map(({ action }) => action)).to.have.members([
      "dynamodb:TransactWriteItems",
      "ec2:DescribeInstanceStatus",
      "sqs:SendMessage",
      "ec2:RebootInstances",
      "dynamodb:UpdateItem",
      "dynamodb:GetItem",
      "sns:Publish",
    ]);
  });

  it("gives the function no right for events", async () => {
    const { Configuration } = await new LambdaClient(environment.aws).send(
      new GetFunctionCommand({ FunctionName: stack.functionName }),
    );
    const RoleName = Configuration?.Role?.split("/").pop() ?? "";
    const iam = new IAMClient(environment.aws);
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const [PolicyName, ...others] = PolicyNames;
    const { PolicyDocument = "" } = await iam.send(
      new GetRolePolicyCommand({ RoleName, PolicyName }),
    );
    const { Statement }: { Statement: { Action: string[] }[] } = JSON.parse(
      decodeURIComponent(PolicyDocument),
    );

    expect(others).to.deep.equal([]);
    expect(Statement.flatMap(({ Action }) => Action)).to.have.members([
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
      "ec2:DescribeInstanceStatus",
      "ec2:RebootInstances",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "sns:Publish",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
      "sqs:SendMessage",
    ]);
  });

  it("pages if the reboot fails", async () => {
    await client.stopInstance();
    const { incidentId } = await alert();
    await client.startInstance();
    await environment.events.idle();

    expect(await nextSubject()).to.equal("NOT rebooted: the reboot failed");
    expect(pagesOf(incidentId)).to.deep.equal(["triggered critical"]);
    expect(titlesIn(incidentId).at(-1)).to.equal("NOT rebooted: the reboot failed");
  });

  it("sends one event for a storm of alerts that are suppressed", async () => {
    await alert();
    expect(await nextSubject()).to.equal("Rebooted");
    await environment.events.idle();
    const before = environment.events.deliveries.length;

    // Five at a time: more functions would start, which takes seconds.
    for (let round = 0; round < 20; round++) {
      const outcomes = await Promise.all(Array.from({ length: 5 }, alert));
      expect(outcomes.map(({ outcome }) => outcome)).to.deep.equal(Array(5).fill("skipped"));
    }

    await environment.events.idle();
    expect(await nextSubject()).to.equal("NOT rebooted: suppressed");
    const deliveries = environment.events.deliveries.slice(before);
    expect(
      deliveries.map(({ detailType, targetArn }) => `${detailType}: ${targetArn.split(":")[2]}`),
    ).to.have.members(["Alert Suppressed: sns", "Alert Suppressed: events"]);
    expect(mailbox.waiting()).to.equal(0);
  });

  it("reboots and sends the e-mail while the pager is dead; the alarm lost-events reports it", async () => {
    environment.pagerDuty.condition = "failing";
    await client.stopInstance();
    const { incidentId } = await alert();
    expect(await nextSubject()).to.equal("NOT rebooted: the reboot failed");
    await client.startInstance();
    await waitFor("the first attempt", () => environment.pagerDuty.refused.length > 0);
    for (let minute = 0; minute < 4; minute++) {
      environment.clock.advance(1);
      await sleep(500);
    }
    await environment.events.idle();
    environment.pagerDuty.condition = "up";

    expect(titlesIn(incidentId).at(-1)).to.equal("NOT rebooted: the reboot failed");
    expect(typesOnBus(incidentId)).to.deep.equal(["Reboot Claimed", "Reboot Failed"]);
    expect(pagesOf(incidentId)).to.deep.equal([]);
    expect(await lostEvents()).to.deep.equal([
      { type: "Reboot Failed", code: "SDK_SERVER_ERROR", target: "api-destination" },
    ]);
    const { MetricAlarms = [] } = await new CloudWatchClient(environment.aws).send(
      new DescribeAlarmsCommand({}),
    );
    const alarm = MetricAlarms.find(({ AlarmName = "" }) => AlarmName.includes("lost-events"));
    expect(alarm).to.include({
      Namespace: "AWS/SQS",
      MetricName: "ApproximateNumberOfMessagesVisible",
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      Threshold: 1,
    });
    expect(alarm?.Dimensions).to.deep.equal([
      { Name: "QueueName", Value: stack.eventDeadLetterQueueUrl?.split("/").pop() },
    ]);
    expect(alarm?.AlarmActions).to.deep.equal([stack.topicArn]);
    const { outcome } = await alert();
    expect(outcome).to.equal("skipped");
  });

  it("pages again once the pager is back", async () => {
    await client.stopInstance();
    const { incidentId } = await alert();
    await client.startInstance();
    await environment.events.idle();

    expect(pagesOf(incidentId)).to.deep.equal(["triggered critical"]);
  });
});

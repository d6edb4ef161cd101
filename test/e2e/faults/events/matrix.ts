import { setTimeout as sleep } from "node:timers/promises";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { DeleteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Chat, openChat } from "../../../../sandbox/aws/chat/open-chat.ts";
import type { BusEvent } from "../../../../sandbox/aws/events/bus.ts";
import { type Mailbox, openMailbox } from "../../../../sandbox/aws/mail.ts";
import { externalArns, targetSettings } from "../../../../sandbox/scenario/all-options.ts";
import {
  StackClient,
  type StackOutputs,
  stackOutputs,
} from "../../../../sandbox/scenario/stack-client.ts";
import {
  startTestEnvironment,
  type TestEnvironment,
} from "../../../../sandbox/test-environment.ts";
import type { EventRow } from "./rows.ts";

/** With the default settings a rule retries for two minutes, a pipe for one. */
const faultSeconds = 150;

/** SNS delivers asynchronously. */
const deliveryMs = 150;

/** The result of a row: what an alert for a stopped instance causes, which is two events, one of which pages. */
export interface EventResult {
  readonly row: EventRow;
  /** The outcome that the function responds with, and the e-mails. */
  readonly outcome: string;
  readonly mails: readonly string[];
  /** How many messages, pages and events arrive. More than once is possible. */
  readonly chat: number;
  readonly pages: number;
  readonly onBus: number;
  readonly alarms: readonly string[];
}

/** A stack with every target. Its rows run one after another. */
export class EventMatrix {
  private readonly environment: TestEnvironment;
  private readonly stack: StackOutputs;
  private readonly client: StackClient;
  private readonly mailbox: Mailbox;
  private readonly chat: Chat;
  private readonly onBus: readonly BusEvent[];
  private readonly alarms: readonly MetricAlarm[];
  private rowCount = 0;

  private constructor(
    environment: TestEnvironment,
    stack: StackOutputs,
    observed: { mailbox: Mailbox; chat: Chat; onBus: readonly BusEvent[]; alarms: MetricAlarm[] },
  ) {
    this.environment = environment;
    this.stack = stack;
    this.client = new StackClient(environment, stack);
    this.mailbox = observed.mailbox;
    this.chat = observed.chat;
    this.onBus = observed.onBus;
    this.alarms = observed.alarms;
  }

  static async start(): Promise<EventMatrix> {
    const environment = await startTestEnvironment({ minutesAgo: 24 * 60 });
    const engine = await environment.createEngine({ policyPack: null, settings: targetSettings });
    await engine.up();
    const { aws } = environment;
    const stack = stackOutputs(await engine.stack.outputs());
    const [centralBus = ""] = externalArns;
    const { channels } = environment.gateway.services.chatbot;
    const { MetricAlarms = [] } = await new CloudWatchClient(aws).send(
      new DescribeAlarmsCommand({}),
    );
    const matrix = new EventMatrix(environment, stack, {
      mailbox: await openMailbox(aws, stack.topicArn),
      chat: await openChat(aws, channels.values(), stack.chatTopicArn ?? ""),
      onBus: environment.events.openForeignBus(centralBus),
      alarms: MetricAlarms,
    });
    await matrix.stopChecks();
    await matrix.client.stopInstance();
    return matrix;
  }

  async run(rows: readonly EventRow[]): Promise<EventResult[]> {
    const results: EventResult[] = [];
    for (const row of rows) results.push(await this.runRow(row));
    return results;
  }

  async stop(): Promise<void> {
    this.chat.stop();
    this.mailbox.stop();
    await this.environment.stop();
  }

  /** The checks of an incident would write events at any time. */
  private async stopChecks(): Promise<void> {
    const lambda = new LambdaClient(this.environment.aws);
    const { EventSourceMappings = [] } = await lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: this.stack.functionName }),
    );
    for (const { UUID } of EventSourceMappings) {
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    }
  }

  private async runRow(row: EventRow): Promise<EventResult> {
    const { events, pagerDuty, clock, webhookToken } = this.environment;
    const { step, kind, when } = row;
    events.faults = ({ action, resource }) =>
      action === step.action && resource.includes(step.resource) ? { kind, when } : undefined;
    const alertUrl = `https://service.sumologic.com/ui/#/alert/fault-${this.rowCount++}`;
    const { body } = await this.client.postAlert(webhookToken, { alertUrl });
    const { outcome, incidentId } = JSON.parse(body);
    // The first attempts, then all retries: the fault lasts longer than they do.
    await sleep(800);
    for (let second = 0; second < faultSeconds; second += 2) {
      clock.advance(2 / 60);
      await sleep(110);
    }
    events.faults = undefined;
    await events.idle();
    await sleep(deliveryMs);
    const mails = await this.mails();
    const alarms = await this.alarmsOfLostEvents();
    await this.forgetReboots();
    return {
      row,
      outcome,
      mails,
      chat: this.messagesOf(incidentId),
      pages: pagerDuty.alerts
        .filter(({ dedupKey }) => dedupKey === incidentId)
        .reduce((sum, { triggerCount }) => sum + triggerCount, 0),
      onBus: this.onBus.filter(
        ({ detail }) => (detail as { incidentId: string }).incidentId === incidentId,
      ).length,
      alarms,
    };
  }

  private messagesOf(incidentId: string): number {
    const [channel] = this.chat.channels.values();
    const thread = channel?.threads.find(({ threadId }) => threadId === incidentId);
    return thread?.messages.length ?? 0;
  }

  private async mails(): Promise<string[]> {
    const subjects: string[] = [];
    while (this.mailbox.waiting() > 0) subjects.push((await this.mailbox.next()).subject);
    return subjects.map((it) => it.replace(/:?( for)? EC2 instance i-\w+$/, ""));
  }

  /** The alarms that would start: those of the queue of lost events, which is then empty. */
  private async alarmsOfLostEvents(): Promise<string[]> {
    const sqs = new SQSClient(this.environment.aws);
    const QueueUrl = this.stack.eventDeadLetterQueueUrl;
    let count = 0;
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) break;
      count += Messages.length;
      for (const { ReceiptHandle } of Messages) {
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
    const queueName = QueueUrl?.split("/").pop();
    return this.alarms
      .filter(({ Dimensions = [], Threshold = 0 }) => {
        return Dimensions.some(({ Value }) => Value === queueName) && count >= Threshold;
      })
      .map(({ AlarmName = "" }) => AlarmName.replace(/^.*-alarms-(.*)-\w+$/, "$1"));
  }

  /** The next alert is not suppressed. */
  private async forgetReboots(): Promise<void> {
    const { tableName: TableName, instanceId } = this.stack;
    const Key = { id: { S: `instance#${instanceId}` } };
    await new DynamoDBClient(this.environment.aws).send(new DeleteItemCommand({ TableName, Key }));
  }
}

import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Mailbox, openMailbox } from "../../../sandbox/aws/mail.ts";
import type { AwsTarget } from "../../../sandbox/aws/provider/aws-target.ts";
import type { StackOutputs } from "../../../sandbox/scenario/stack-client.ts";
import type { Worker } from "./workers.ts";

/** Collects the notifications of each worker: its e-mails and the alarms that it would trigger. */
export class Recorder {
  private readonly stack: StackOutputs;
  private readonly mailbox: Mailbox;
  private readonly logs: CloudWatchLogsClient;
  private readonly sqs: SQSClient;
  private readonly alarms: readonly MetricAlarm[];
  private readonly mails: { subject: string; body: string }[] = [];
  private readonly failedMessages: string[] = [];
  private collecting: Promise<void> = Promise.resolve();

  private constructor(
    aws: AwsTarget,
    stack: StackOutputs,
    { mailbox, alarms }: { mailbox: Mailbox; alarms: readonly MetricAlarm[] },
  ) {
    this.stack = stack;
    this.mailbox = mailbox;
    this.alarms = alarms;
    this.logs = new CloudWatchLogsClient(aws);
    this.sqs = new SQSClient(aws);
  }

  static async of(aws: AwsTarget, stack: StackOutputs): Promise<Recorder> {
    const mailbox = await openMailbox(aws, stack.topicArn);
    const { MetricAlarms = [] } = await new CloudWatchClient(aws).send(
      new DescribeAlarmsCommand({}),
    );
    return new Recorder(aws, stack, { mailbox, alarms: MetricAlarms });
  }

  stop(): void {
    this.mailbox.stop();
  }

  /** The subjects of the e-mails so far that have one of these ids at the end of a line, without the instances. */
  async mailsOf(...incidentIds: readonly string[]): Promise<string[]> {
    while (this.mailbox.waiting() > 0) this.mails.push(await this.mailbox.next());
    return this.mails
      .filter(({ body }) => incidentIds.some((it) => body.includes(`${it}\n`)))
      .map(({ subject }) =>
        subject.replace(/:? ?(for )?(the )?EC2 instance i-\w+( and \d+ others?)?$/, ""),
      );
  }

  /**
   * The stack's alarms that would start if the worker were the stack's function, from the errors that
   * Lambda counts, the worker's metric lines and the dead-letter queue.
   */
  async alarmsOf(
    worker: Worker,
    {
      incidentIds,
      sinceMs,
      crashes,
    }: { incidentIds: readonly string[]; sinceMs: number; crashes: number },
  ): Promise<string[]> {
    const counts = {
      ...(await this.ownMetrics(worker, sinceMs)),
      "AWS/Lambda Errors FunctionName": crashes,
      "AWS/SQS ApproximateNumberOfMessagesVisible QueueName":
        await this.failedChecksOf(incidentIds),
    };
    return this.alarms
      .filter(({ Namespace, MetricName, Dimensions = [], Threshold = 0 }) => {
        const [dimension] = Dimensions;
        const isOfStack = [this.stack.functionName, this.stack.deadLetterQueueUrl.split("/").pop()];
        const key = `${Namespace} ${MetricName} ${dimension?.Name}`;
        const count = counts[key as keyof typeof counts] ?? 0;
        return isOfStack.includes(dimension?.Value) && count >= Threshold;
      })
      .map(({ AlarmName = "" }) => AlarmName.replace(/^.*-alarms-(.*)-\w+$/, "$1"))
      .sort();
  }

  /** Counts in the worker's lines of the embedded metric format. */
  private async ownMetrics(worker: Worker, startTime: number): Promise<Record<string, number>> {
    const { logGroupName } = worker;
    const counts: Record<string, number> = {};
    let nextToken: string | undefined;
    do {
      const page = await this.logs
        .send(new FilterLogEventsCommand({ logGroupName, startTime, nextToken }))
        .catch(() => undefined);
      for (const { message = "" } of page?.events ?? []) {
        const line = message.startsWith('{"_aws"') ? JSON.parse(message) : undefined;
        if (!line || line.FunctionName !== worker.functionName) continue;
        const [{ Namespace, Dimensions, Metrics }] = line._aws.CloudWatchMetrics;
        const key = `${Namespace} ${Metrics[0].Name} ${Dimensions[0][0]}`;
        counts[key] = (counts[key] ?? 0) + line[Metrics[0].Name];
      }
      nextToken = page?.nextToken;
    } while (nextToken !== undefined);
    return counts;
  }

  private async failedChecksOf(incidentIds: readonly string[]): Promise<number> {
    // One worker at a time: a message that one worker receives must be recorded before another worker checks.
    this.collecting = this.collecting.then(() => this.collectFailedMessages());
    await this.collecting;
    return this.failedMessages.filter((body) => incidentIds.includes(JSON.parse(body).incidentId))
      .length;
  }

  private async collectFailedMessages(): Promise<void> {
    const QueueUrl = this.stack.deadLetterQueueUrl;
    for (;;) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return;
      for (const { Body = "", ReceiptHandle } of Messages) {
        this.failedMessages.push(Body);
        await this.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }
}

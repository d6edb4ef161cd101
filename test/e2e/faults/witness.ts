import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Mailbox, openMailbox } from "../../../sandbox/aws/mail.ts";
import type { AwsTarget } from "../../../sandbox/aws/provider/aws-target.ts";
import type { StackOutputs } from "../../../sandbox/scenario/probe.ts";
import type { Lane } from "./lanes.ts";

/** What people and CloudWatch got to know since a lane was last asked. */
export class Witness {
  private readonly stack: StackOutputs;
  private readonly mailbox: Mailbox;
  private readonly logs: CloudWatchLogsClient;
  private readonly sqs: SQSClient;
  private readonly alarms: readonly MetricAlarm[];
  private readonly mails: { subject: string; body: string }[] = [];
  private readonly deadLetters: string[] = [];
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

  static async of(aws: AwsTarget, stack: StackOutputs): Promise<Witness> {
    const mailbox = await openMailbox(aws, stack.topicArn);
    const { MetricAlarms = [] } = await new CloudWatchClient(aws).send(
      new DescribeAlarmsCommand({}),
    );
    return new Witness(aws, stack, { mailbox, alarms: MetricAlarms });
  }

  stop(): void {
    this.mailbox.stop();
  }

  /** The subjects of an incident's e-mails so far, without the instance's id. */
  async mailsOf(incidentId: string): Promise<string[]> {
    while (this.mailbox.waiting() > 0) this.mails.push(await this.mailbox.next());
    return this.mails
      .filter(({ body }) => body.includes(`Incident: ${incidentId}\n`))
      .map(({ subject }) => subject.replace(/:? ?(for )?(the )?EC2 instance i-\w+$/, ""));
  }

  /**
   * The stack's alarms that would begin, by the metric in them, if the lane were its function: from
   * what Lambda counts, the lane's metric lines and the dead letters.
   */
  async alarmsOf(
    lane: Lane,
    { incidentId, sinceMs, crashes }: { incidentId: string; sinceMs: number; crashes: number },
  ): Promise<string[]> {
    const counts = {
      ...(await this.ownMetrics(lane, sinceMs)),
      "AWS/Lambda Errors FunctionName": crashes,
      "AWS/SQS ApproximateNumberOfMessagesVisible QueueName": await this.deadLettersOf(incidentId),
    };
    return this.alarms
      .filter(({ Namespace, MetricName, Dimensions = [], Threshold = 0 }) => {
        const [dimension] = Dimensions;
        const isOfStack = [this.stack.functionName, this.stack.deadLettersUrl.split("/").pop()];
        const key = `${Namespace} ${MetricName} ${dimension?.Name}`;
        const count = counts[key as keyof typeof counts] ?? 0;
        return isOfStack.includes(dimension?.Value) && count >= Threshold;
      })
      .map(({ AlarmName = "" }) => AlarmName.replace(/^.*-alarms-(.*)-\w+$/, "$1"))
      .sort();
  }

  /** Counts in the lane's lines of the embedded metric format. */
  private async ownMetrics(lane: Lane, startTime: number): Promise<Record<string, number>> {
    const { logGroupName } = lane;
    const counts: Record<string, number> = {};
    let nextToken: string | undefined;
    do {
      const page = await this.logs
        .send(new FilterLogEventsCommand({ logGroupName, startTime, nextToken }))
        .catch(() => undefined);
      for (const { message = "" } of page?.events ?? []) {
        const line = message.startsWith('{"_aws"') ? JSON.parse(message) : undefined;
        if (!line || line.FunctionName !== lane.functionName) continue;
        const [{ Namespace, Dimensions, Metrics }] = line._aws.CloudWatchMetrics;
        const key = `${Namespace} ${Metrics[0].Name} ${Dimensions[0][0]}`;
        counts[key] = (counts[key] ?? 0) + line[Metrics[0].Name];
      }
      nextToken = page?.nextToken;
    } while (nextToken !== undefined);
    return counts;
  }

  private async deadLettersOf(incidentId: string): Promise<number> {
    // One lane after the other: who takes another's message must have noted it before that one looks.
    this.collecting = this.collecting.then(() => this.collectDeadLetters());
    await this.collecting;
    return this.deadLetters.filter((body) => JSON.parse(body).incidentId === incidentId).length;
  }

  private async collectDeadLetters(): Promise<void> {
    const QueueUrl = this.stack.deadLettersUrl;
    for (;;) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return;
      for (const { Body = "", ReceiptHandle } of Messages) {
        this.deadLetters.push(Body);
        await this.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }
}

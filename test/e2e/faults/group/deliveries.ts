import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { AwsTarget } from "../../../../sandbox/aws/provider/aws-target.ts";
import type { Worker } from "../workers.ts";
import type { GroupTable } from "./group-table.ts";

/** What a message of the check queue is for. */
export type MessageKind = "decision" | "shared cause" | "check";

/** How many minutes after it was queued a message arrives, with the default settings, rounded up. */
const pauseMinutes: Readonly<Record<MessageKind, number>> = {
  decision: 1,
  "shared cause": 1,
  check: 3,
};

/** A failed message arrives again after two minutes, five times in total; an alarm needs one more. */
const againMinutes = 2;
const deadLetterMinutes = 5 * againMinutes + 1;

/** Fewer than usual, so that a row takes seconds. */
const deliveriesOfMessage = 2;

/**
 * Delivers the messages of a worker's check queue as Lambda does, but those of one kind at a time: a row
 * decides alerts before they resolve, and checks the reboots after that. Instead of waiting it moves the
 * table's times into the past.
 */
export class Deliveries {
  /** Minutes that have passed since the first alert. */
  minutes = 0;
  /** How many messages moved to the dead-letter queue. */
  failedCount = 0;
  /** The incidents of all messages so far. */
  readonly incidentIds = new Set<string>();
  private readonly worker: Worker;
  private readonly table: GroupTable;
  private readonly deadLetterQueueUrl: string;
  private readonly observe: () => Promise<void>;
  private readonly sqs: SQSClient;
  private readonly lambda: LambdaClient;
  private received: Message[] = [];

  constructor(
    aws: AwsTarget,
    {
      worker,
      table,
      deadLetterQueueUrl,
      observe,
    }: {
      worker: Worker;
      table: GroupTable;
      deadLetterQueueUrl: string;
      /** Called after each invocation, and after a message has moved to the dead-letter queue. */
      observe: () => Promise<void>;
    },
  ) {
    this.worker = worker;
    this.table = table;
    this.deadLetterQueueUrl = deadLetterQueueUrl;
    this.observe = observe;
    this.sqs = new SQSClient(aws);
    this.lambda = new LambdaClient(aws);
  }

  /** Delivers messages of a kind until there are no more. */
  async deliverAll(kind: MessageKind): Promise<void> {
    while (await this.deliverOnce(kind));
  }

  /** Delivers the messages of a kind that there are now; false if there are none. */
  async deliverOnce(kind: MessageKind): Promise<boolean> {
    await this.receive();
    const due = this.received.filter((it) => kindOf(it) === kind);
    if (due.length === 0) return false;
    this.received = this.received.filter((it) => !due.includes(it));
    await this.pass(pauseMinutes[kind]);
    for (const it of due) await this.deliver(it);
    return true;
  }

  private async receive(): Promise<void> {
    const { queueUrl: QueueUrl } = this.worker;
    for (;;) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return;
      for (const it of Messages) {
        const { ReceiptHandle } = it;
        await this.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        this.incidentIds.add(bodyOf(it).incidentId);
        this.received.push(it);
      }
    }
  }

  private async deliver(message: Message): Promise<void> {
    for (let delivery = 1; !(await this.invoke(message)); delivery++) {
      if (delivery === deliveriesOfMessage) {
        await this.sqs.send(
          new SendMessageCommand({
            QueueUrl: this.deadLetterQueueUrl,
            MessageBody: message.Body,
          }),
        );
        this.failedCount++;
        this.minutes += deadLetterMinutes - againMinutes;
        return this.observe();
      }
      await this.pass(againMinutes);
    }
  }

  /** Returns whether the function accepted the message. */
  private async invoke({ MessageId: messageId, Body: body }: Message): Promise<boolean> {
    const { functionName: FunctionName, variables } = this.worker;
    const record = {
      messageId,
      body,
      eventSource: "aws:sqs",
      eventSourceARN: variables.QUEUE_ARN,
    };
    const { FunctionError, Payload } = await this.lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify({ Records: [record] }) }),
    );
    await this.observe();
    if (FunctionError !== undefined) return false;
    return JSON.parse(Payload?.transformToString() ?? "").batchItemFailures.length === 0;
  }

  /** Lets minutes pass, in which nothing is delivered. */
  async pass(minutes: number): Promise<void> {
    this.minutes += minutes;
    await this.table.passMinutes(minutes);
  }
}

function bodyOf({ Body = "" }: Message): { incidentId: string; task?: string } {
  return JSON.parse(Body);
}

function kindOf(message: Message): MessageKind {
  const { incidentId, task } = bodyOf(message);
  if (task === "decide") return "decision";
  return incidentId.startsWith("shared-") ? "shared cause" : "check";
}

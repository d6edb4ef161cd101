import type { SendMessageCommandInput } from "@aws-sdk/client-sqs";
import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";

/** As infra/check-queue.ts creates the queue. */
export const redeliveredAfterMs = 120_000;
const maxReceiveCount = 5;

/** How often the queue delivers a message again that was deleted: it delivers at least once. */
const twice = 0.01;

interface Message {
  readonly id: string;
  readonly body: string;
  receiveCount: number;
}

/** Invokes the function. Returns false if the message is to come again. */
type Deliver = (messageId: string, body: string) => Promise<boolean>;

/**
 * SQS and Lambda's poller: a message comes after its delay, again if the function did not handle it in the
 * visibility timeout, and in the end to the dead-letter queue.
 */
export class QueueModel {
  /** The bodies of the messages in the dead-letter queue. */
  readonly deadLetterQueue: string[] = [];
  private readonly timeline: Timeline;
  private readonly random: Random;
  private readonly deliver: Deliver;
  private sent = 0;

  constructor(timeline: Timeline, random: Random, deliver: Deliver) {
    this.timeline = timeline;
    this.random = random;
    this.deliver = deliver;
  }

  send({ MessageBody = "", DelaySeconds = 0 }: SendMessageCommandInput): void {
    const message = { id: `message-${++this.sent}`, body: MessageBody, receiveCount: 0 };
    const delayMs = DelaySeconds * 1_000 + this.random.between(0, this.random.pick([20, 500]));
    this.timeline.after(delayMs, () => this.receive(message));
    if (this.random.chance(twice)) {
      this.timeline.after(delayMs + this.random.between(0, 3_000), () => this.receive(message));
    }
  }

  private receive(message: Message): void {
    if (message.receiveCount === maxReceiveCount) {
      this.deadLetterQueue.push(message.body);
      return;
    }
    message.receiveCount++;
    const againAtMs = this.timeline.nowMs + redeliveredAfterMs;
    void this.deliver(message.id, message.body).then((isHandled) => {
      if (isHandled) return;
      this.timeline.after(againAtMs - this.timeline.nowMs, () => this.receive(message));
    });
  }
}

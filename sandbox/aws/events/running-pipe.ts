import type { Clock } from "../../clock.ts";
import type { EmulatorTarget } from "../emulator.ts";
import type { EventAccess } from "./access.ts";
import { DeliveryError } from "./attempt.ts";
import type { DeadLetter } from "./bus.ts";
import type { EventCall } from "./event-fault.ts";
import { type Pipe, PipeRunner, type PutEntry } from "./pipe.ts";
import { TableStream } from "./table-stream.ts";

/** What a running pipe needs. */
export interface RunningPipeTools {
  readonly emulator: EmulatorTarget;
  readonly clock: Clock;
  readonly access: EventAccess;
  put(busArn: string, entry: PutEntry): Promise<string | DeliveryError>;
  sendMessage(queueArn: string, letter: DeadLetter): Promise<void>;
  /** Makes a call, or lets it go wrong. */
  call<T>(call: EventCall, act: () => Promise<T>): Promise<T>;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html */
const readActions = [
  "dynamodb:DescribeStream",
  "dynamodb:GetRecords",
  "dynamodb:GetShardIterator",
] as const;

/** A pipe with its position in the table's stream. Whatever it does needs a right of its role. */
export class RunningPipe {
  private pipe: Pipe;
  private readonly tools: RunningPipeTools;
  private readonly stream: TableStream;
  private readonly runner: PipeRunner;

  constructor(pipe: Pipe, tools: RunningPipeTools) {
    this.pipe = pipe;
    this.tools = tools;
    const { DynamoDBStreamParameters } = pipe.SourceParameters;
    this.stream = new TableStream(tools, {
      StreamArn: pipe.Source,
      ShardIteratorType: DynamoDBStreamParameters.StartingPosition,
    });
    const { clock } = tools;
    this.runner = new PipeRunner(pipe, {
      clock,
      putEvents: (entries) => this.putEvents(entries),
      deadLetter: (queueArn, body) => this.deadLetter(queueArn, body),
    });
  }

  /** Goes on with other settings; source and position stay. */
  update(pipe: Pipe): void {
    this.pipe = pipe;
    this.runner.update(pipe);
  }

  /** Reads what is new, and does what is due, unless the pipe was stopped. Returns whether no record waits. */
  async run(): Promise<boolean> {
    if (this.pipe.DesiredState === "STOPPED") return true;
    const isRead = await this.read();
    await this.runner.run();
    return isRead && this.runner.waitingCount === 0;
  }

  /** Returns false if there are records that the pipe could not read: they stay in the stream. */
  private async read(): Promise<boolean> {
    const records = await this.stream.next();
    if (records.length === 0) {
      // An iterator is valid for 15 minutes only.
      this.stream.advance();
      return true;
    }
    const { Source: resource } = this.pipe;
    try {
      await this.tools.call({ action: "dynamodb:GetRecords", resource }, async () => {
        for (const action of readActions) await this.check(action, resource);
        // IAM knows no resource for it.
        await this.check("dynamodb:ListStreams", "*");
      });
    } catch (error) {
      if (error instanceof DeliveryError) return false;
      throw error;
    }
    this.stream.advance();
    this.runner.accept(records);
    return true;
  }

  private putEvents(entries: readonly PutEntry[]) {
    const { Target: resource } = this.pipe;
    return this.tools.call({ action: "events:PutEvents", resource }, async () => {
      await this.check("events:PutEvents", resource);
      const errors: (DeliveryError | undefined)[] = [];
      for (const entry of entries) {
        const result = await this.tools.put(resource, entry);
        errors.push(result instanceof DeliveryError ? result : undefined);
      }
      return errors;
    });
  }

  private deadLetter(resource: string, body: string) {
    return this.tools.call({ action: "sqs:SendMessage", resource }, async () => {
      await this.check("sqs:SendMessage", resource);
      await this.tools.sendMessage(resource, { body, attributes: {} });
    });
  }

  private check(action: string, resource: string): Promise<void> {
    const { Arn: sourceArn, RoleArn } = this.pipe;
    const service = "pipes.amazonaws.com";
    return this.tools.access.byRole(RoleArn, { service, sourceArn, action, resource });
  }
}

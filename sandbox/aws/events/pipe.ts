import type { Clock } from "../../clock.ts";
import { DeliveryError, nextAttempt } from "./attempt.ts";
import { valueAt } from "./json-path.ts";
import { anyOf, type Matches } from "./pattern.ts";
import { pipeInput } from "./template.ts";

/** A record of a table's stream, as the filter and the template of a pipe see it. */
export interface StreamRecord {
  readonly eventID: string;
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly NewImage?: Readonly<Record<string, unknown>>;
  };
}

/** A record and when it was written, by the sandbox's clock. */
export interface DatedRecord {
  readonly record: StreamRecord;
  readonly writtenAtMs: number;
}

/** A pipe from a table's stream to an event bus, with the names of the Pipes API. */
export interface Pipe {
  /** RUNNING if absent. */
  readonly DesiredState?: string;
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Source: string;
  readonly Target: string;
  readonly SourceParameters: {
    readonly FilterCriteria?: { readonly Filters?: readonly { readonly Pattern: string }[] };
    readonly DynamoDBStreamParameters: {
      readonly StartingPosition: string;
      readonly BatchSize?: number;
      readonly MaximumRecordAgeInSeconds?: number;
      readonly MaximumRetryAttempts?: number;
      readonly OnPartialBatchItemFailure?: string;
      readonly DeadLetterConfig?: { readonly Arn?: string };
    };
  };
  readonly TargetParameters: {
    readonly InputTemplate?: string;
    readonly EventBridgeEventBusParameters?: {
      readonly Source?: string;
      readonly DetailType?: string;
      readonly Time?: string;
    };
  };
}

/** What a pipe puts on a bus. */
export interface PutEntry {
  readonly Source: string;
  readonly DetailType: string;
  /** JSON. */
  readonly Detail: string;
  /** ISO 8601; the time of the call if absent. */
  readonly Time?: string;
}

/** What a pipe does with its role. Each rejects with a `DeliveryError`. */
export interface PipePorts {
  readonly clock: Clock;
  /** Puts one batch; the result has an error for each entry that was not accepted. */
  putEvents(entries: readonly PutEntry[]): Promise<readonly (DeliveryError | undefined)[]>;
  deadLetter(queueArn: string, body: string): Promise<void>;
}

/** Why a pipe gave up on a batch. */
type Condition = "RetryAttemptsExhausted" | "RecordAgeExceeded";

/** PutEvents accepts at most this many entries. */
const largestBatch = 10;

/**
 * Processes the records of one shard, in order, as EventBridge Pipes does: it drops those that the filter does
 * not match, sends the others in batches, and repeats a batch from the first record that failed until it is
 * accepted, too old, or has been tried too often. Then it goes to the dead-letter queue, which gets its
 * position in the stream and not its content. Meanwhile the records behind it wait.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
 */
export class PipeRunner {
  private readonly ports: PipePorts;
  private pipe: Pipe;
  private matches: Matches;
  private waiting: DatedRecord[] = [];
  private failedAttempts = 0;
  private nextAttemptAtMs = 0;

  constructor(pipe: Pipe, ports: PipePorts) {
    this.ports = ports;
    this.pipe = pipe;
    this.matches = filterOf(pipe);
  }

  /** Goes on with other settings. */
  update(pipe: Pipe): void {
    this.pipe = pipe;
    this.matches = filterOf(pipe);
  }

  /** How many records wait. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  accept(records: readonly DatedRecord[]): void {
    this.waiting.push(...records.filter(({ record }) => this.matches(record)));
  }

  /** Does what is due now. */
  async run(): Promise<void> {
    while (this.waiting.length > 0 && this.ports.clock.now() >= this.nextAttemptAtMs) {
      await this.runBatch();
    }
  }

  private async runBatch(): Promise<void> {
    const { BatchSize = 100, MaximumRecordAgeInSeconds = -1 } = this.parameters;
    const batch = this.waiting.slice(0, Math.min(BatchSize, largestBatch));
    const nowMs = this.ports.clock.now();
    const maximumAgeMs = unlimited(MaximumRecordAgeInSeconds) * 1_000;
    const tooOld = batch.filter(({ writtenAtMs }) => nowMs - writtenAtMs > maximumAgeMs);
    if (tooOld.length > 0) return this.giveUp(tooOld, "RecordAgeExceeded");
    const failed = await this.attempt(batch);
    if (failed === undefined) return this.proceed(batch.length);
    // A batch is repeated from the first record that failed.
    if (failed > 0) this.proceed(failed);
    this.failedAttempts++;
    await this.retryOrGiveUp(batch.slice(failed), maximumAgeMs);
  }

  /** Sends a batch; the index of the first record that failed. */
  private async attempt(batch: readonly DatedRecord[]): Promise<number | undefined> {
    try {
      const entries = batch.map(({ record }) => this.entryOf(record));
      const errors = await this.ports.putEvents(entries);
      const failed = errors.findIndex((it) => it !== undefined);
      return failed < 0 ? undefined : failed;
    } catch {
      return 0;
    }
  }

  private async retryOrGiveUp(batch: readonly DatedRecord[], maximumAgeMs: number): Promise<void> {
    const { MaximumRetryAttempts = -1 } = this.parameters;
    const nowMs = this.ports.clock.now();
    const next = nextAttempt(
      {
        maximumAgeSeconds: Number.POSITIVE_INFINITY,
        maximumRetryAttempts: unlimited(MaximumRetryAttempts),
      },
      { failedAttempts: this.failedAttempts, sinceMs: nowMs, nowMs },
    );
    if ("exhausted" in next) return this.giveUp(batch, "RetryAttemptsExhausted");
    const [{ writtenAtMs } = { writtenAtMs: nowMs }] = batch;
    // A record that gets too old is given up then, not at the attempt after it.
    this.nextAttemptAtMs = Math.min(next.atMs, writtenAtMs + maximumAgeMs + 1);
  }

  private async giveUp(batch: readonly DatedRecord[], condition: Condition): Promise<void> {
    const queueArn = this.parameters.DeadLetterConfig?.Arn;
    if (queueArn !== undefined) {
      const body = deadLetterOf(this.pipe, batch, { condition, nowMs: this.ports.clock.now() });
      // AWS drops what it cannot write to the queue.
      await this.ports.deadLetter(queueArn, body).catch(() => {});
    }
    this.proceed(batch.length);
  }

  private proceed(count: number): void {
    this.waiting.splice(0, count);
    this.failedAttempts = 0;
    this.nextAttemptAtMs = 0;
  }

  /** Throws if a path of the pipe has no value in the record. */
  private entryOf(record: StreamRecord): PutEntry {
    const { InputTemplate, EventBridgeEventBusParameters = {} } = this.pipe.TargetParameters;
    const { Source, DetailType, Time } = EventBridgeEventBusParameters;
    const value = (given: string) => (given.startsWith("$") ? textAt(given, record) : given);
    return {
      Source: value(Source ?? `Pipe ${this.pipe.Arn.split("/").pop()}`),
      DetailType: value(DetailType ?? "Event from aws:dynamodb"),
      Detail: InputTemplate ? pipeInput(InputTemplate, record) : JSON.stringify(record),
      ...(Time && { Time: value(Time) }),
    };
  }

  private get parameters() {
    return this.pipe.SourceParameters.DynamoDBStreamParameters;
  }
}

function filterOf({ SourceParameters }: Pipe): Matches {
  const { Filters = [] } = SourceParameters.FilterCriteria ?? {};
  return anyOf(Filters.map(({ Pattern }) => Pattern));
}

/** -1 is the API's word for unlimited. */
function unlimited(value: number): number {
  return value < 0 ? Number.POSITIVE_INFINITY : value;
}

function textAt(path: string, record: StreamRecord): string {
  const value = valueAt(path, record);
  if (typeof value !== "string") {
    const message = `no string at ${path} of the record ${record.eventID}`;
    throw new DeliveryError("INVALID_PARAMETER", message, { isRetriable: false });
  }
  return value;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html */
function deadLetterOf(
  { Arn, Source }: Pipe,
  batch: readonly DatedRecord[],
  { condition, nowMs }: { condition: Condition; nowMs: number },
): string {
  const [first, last] = [batch.at(0), batch.at(-1)];
  const time = (ms: number | undefined) => new Date(ms ?? nowMs).toISOString();
  return JSON.stringify({
    context: { partnerResourceArn: Arn, condition },
    version: "1.0",
    timestamp: time(nowMs),
    DDBStreamBatchInfo: {
      shardId: shardId,
      startSequenceNumber: first?.record.dynamodb.SequenceNumber,
      endSequenceNumber: last?.record.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: time(first?.writtenAtMs),
      approximateArrivalOfLastRecord: time(last?.writtenAtMs),
      batchSize: batch.length,
      streamArn: Source,
    },
  });
}

/** The emulator's streams have this shard only. */
export const shardId = "shardId-00000000000000000000-00000000";

import type { Clock } from "../../clock.ts";
import { send } from "../../http.ts";
import type { EmulatorTarget } from "../emulator.ts";
import { type DatedRecord, type StreamRecord, shardId } from "./pipe.ts";

/** Reads the stream of a table, as root, with the DynamoDB Streams API of the emulator. */
export class TableStream {
  private readonly emulator: EmulatorTarget;
  private readonly clock: Clock;
  private readonly position: { readonly StreamArn: string; readonly ShardIteratorType: string };
  /** When the records that `next` returned were written, by sequence number. */
  private readonly dates = new Map<string, number>();
  private iterator: string | undefined;
  private nextIterator: string | undefined;

  constructor(
    { emulator, clock }: { emulator: EmulatorTarget; clock: Clock },
    position: { readonly StreamArn: string; readonly ShardIteratorType: string },
  ) {
    this.emulator = emulator;
    this.clock = clock;
    this.position = position;
  }

  /** The next records, in order; the same again until `advance` is called. */
  async next(): Promise<DatedRecord[]> {
    this.iterator ??= await this.iteratorAt(this.position);
    const { Records, NextShardIterator } = await this.call("GetRecords", {
      ShardIterator: this.iterator,
    });
    this.nextIterator = NextShardIterator;
    return (Records as (StreamRecord & Written)[]).map((record) => ({
      record,
      writtenAtMs: this.dateOf(record),
    }));
  }

  /** Moves behind the records that `next` returned. */
  advance(): void {
    this.dates.clear();
    this.iterator = this.nextIterator;
  }

  private async iteratorAt(position: object): Promise<string> {
    const { ShardIterator } = await this.call("GetShardIterator", {
      ...position,
      ShardId: shardId,
    });
    return ShardIterator;
  }

  /**
   * The emulator has the machine's time, in full seconds. Once a record has been read, it gets older with the
   * sandbox's clock.
   */
  private dateOf({ dynamodb: { SequenceNumber, ApproximateCreationDateTime } }: Written): number {
    const ageMs = Math.max(0, Date.now() - ApproximateCreationDateTime * 1_000 - 1_000);
    const date = this.dates.get(SequenceNumber) ?? this.clock.now() - ageMs;
    this.dates.set(SequenceNumber, date);
    return date;
  }

  private async call(operation: string, input: object) {
    const { socketPath, region, credentials } = this.emulator;
    const scope = `${credentials.accessKeyId}/20260101/${region}/dynamodb/aws4_request`;
    const headers = {
      host: "aws",
      // The emulator does not check root's signature.
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${"0".repeat(64)}`,
      "x-amz-target": `DynamoDBStreams_20120810.${operation}`,
      "content-type": "application/x-amz-json-1.0",
    };
    const body = Buffer.from(JSON.stringify(input));
    const options = { method: "POST", path: "/", headers };
    const response = await send({ socketPath }, options, body);
    if (response.status !== 200) throw new Error(`${operation}: ${response.body}`);
    return JSON.parse(response.body.toString());
  }
}

interface Written {
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly ApproximateCreationDateTime: number;
  };
}

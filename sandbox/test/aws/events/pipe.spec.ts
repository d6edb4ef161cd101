import { expect } from "chai";
import { DeliveryError } from "../../../aws/events/attempt.ts";
import { type Pipe, PipeRunner, type PutEntry } from "../../../aws/events/pipe.ts";
import { VirtualClock } from "../../../clock.ts";

const startMs = Date.UTC(2026, 0, 31, 12);
const queue = "arn:aws:sqs:us-east-1:000000000000:lost";
const error = new DeliveryError("THROTTLING", "busy", { isRetriable: true });

describe("PipeRunner", () => {
  let clock: VirtualClock;
  let puts: PutEntry[][];
  let letters: { queueArn: string; body: string }[];
  /** The error of the entry with an id, at each attempt. */
  let failing: Map<string, number>;
  beforeEach(() => {
    clock = new VirtualClock(startMs);
    puts = [];
    letters = [];
    failing = new Map();
  });

  function runner(parameters: object = {}, target: object = {}) {
    const pipe: Pipe = {
      Arn: "arn:aws:pipes:us-east-1:000000000000:pipe/events",
      RoleArn: "arn:aws:iam::000000000000:role/pipe",
      Source: "arn:aws:dynamodb:us-east-1:000000000000:table/claims/stream/1",
      Target: "arn:aws:events:us-east-1:000000000000:event-bus/events",
      SourceParameters: {
        FilterCriteria: {
          Filters: [
            { Pattern: '{"dynamodb":{"NewImage":{"event":{"M":{"id":{"S":[{"exists":true}]}}}}}}' },
          ],
        },
        DynamoDBStreamParameters: {
          StartingPosition: "TRIM_HORIZON",
          BatchSize: 1,
          MaximumRetryAttempts: 2,
          MaximumRecordAgeInSeconds: 60,
          DeadLetterConfig: { Arn: queue },
          ...parameters,
        },
      },
      TargetParameters: {
        InputTemplate: '{"id":<$.dynamodb.NewImage.event.M.id.S>}',
        EventBridgeEventBusParameters: {
          Source: "reboot-automation",
          DetailType: "$.dynamodb.NewImage.event.M.type.S",
          Time: "$.dynamodb.NewImage.event.M.time.S",
        },
        ...target,
      },
    };
    return new PipeRunner(pipe, {
      clock,
      async putEvents(entries) {
        puts.push([...entries]);
        return entries.map(({ Detail }) => {
          const { id } = JSON.parse(Detail);
          const left = failing.get(id) ?? 0;
          failing.set(id, left - 1);
          return left > 0 ? error : undefined;
        });
      },
      async deadLetter(queueArn, body) {
        letters.push({ queueArn, body });
      },
    });
  }

  function record(id: string, fields: object = {}) {
    const M = {
      id: { S: id },
      type: { S: "Reboot Failed" },
      time: { S: "2026-01-31T12:00:00.000Z" },
    };
    return {
      record: {
        eventID: id,
        dynamodb: { SequenceNumber: `seq-${id}`, NewImage: { event: { M: { ...M, ...fields } } } },
      },
      writtenAtMs: clock.now(),
    };
  }

  const idsPut = () => puts.map((it) => it.map(({ Detail }) => JSON.parse(Detail).id).join());

  it("puts what the filter matches, in order", async () => {
    const pipe = runner();
    const other = { record: { eventID: "x", dynamodb: { SequenceNumber: "x" } }, writtenAtMs: 0 };
    pipe.accept([record("1"), other, record("2")]);

    await pipe.run();

    expect(puts).to.deep.equal([
      [
        {
          Source: "reboot-automation",
          DetailType: "Reboot Failed",
          Detail: '{"id":"1"}',
          Time: "2026-01-31T12:00:00.000Z",
        },
      ],
      [
        {
          Source: "reboot-automation",
          DetailType: "Reboot Failed",
          Detail: '{"id":"2"}',
          Time: "2026-01-31T12:00:00.000Z",
        },
      ],
    ]);
    expect(pipe.waitingCount).to.equal(0);
  });

  it("repeats a record that was not accepted; the records behind it wait", async () => {
    const pipe = runner();
    failing.set("1", 1);
    pipe.accept([record("1"), record("2")]);

    await pipe.run();
    expect(idsPut()).to.deep.equal(["1"]);
    clock.advance(1 / 60);
    await pipe.run();

    expect(idsPut()).to.deep.equal(["1", "1", "2"]);
    expect(letters).to.deep.equal([]);
  });

  it("gives up after the last attempt, and goes on with the next record", async () => {
    const pipe = runner();
    failing.set("1", 99);
    pipe.accept([record("1"), record("2")]);

    for (let second = 0; second < 10; second++) {
      await pipe.run();
      clock.advance(1 / 60);
    }

    expect(idsPut()).to.deep.equal(["1", "1", "1", "2"]);
    expect(letters.map(({ queueArn }) => queueArn)).to.deep.equal([queue]);
    expect(JSON.parse(letters[0]?.body ?? "")).to.deep.equal({
      context: {
        partnerResourceArn: "arn:aws:pipes:us-east-1:000000000000:pipe/events",
        condition: "RetryAttemptsExhausted",
      },
      version: "1.0",
      timestamp: "2026-01-31T12:00:03.000Z",
      DDBStreamBatchInfo: {
        shardId: "shardId-00000000000000000000-00000000",
        startSequenceNumber: "seq-1",
        endSequenceNumber: "seq-1",
        approximateArrivalOfFirstRecord: "2026-01-31T12:00:00.000Z",
        approximateArrivalOfLastRecord: "2026-01-31T12:00:00.000Z",
        batchSize: 1,
        streamArn: "arn:aws:dynamodb:us-east-1:000000000000:table/claims/stream/1",
      },
    });
  });

  for (const [seconds, puts_, condition] of [
    [60, ["1", "2"], undefined],
    [61, ["2"], "RecordAgeExceeded"],
  ] as const) {
    it(`${condition ? "does not put" : "puts"} a record of ${seconds} s`, async () => {
      const pipe = runner();
      pipe.accept([record("1")]);
      clock.advance(seconds / 60);
      pipe.accept([record("2")]);

      await pipe.run();

      expect(idsPut()).to.deep.equal(puts_);
      const conditions = letters.map(({ body }) => JSON.parse(body).context.condition);
      expect(conditions).to.deep.equal(condition ? [condition] : []);
    });
  }

  it("blocks the records behind a failing one no longer than the maximum age", async () => {
    const pipe = runner({ MaximumRetryAttempts: -1 });
    failing.set("1", 99);
    pipe.accept([record("1")]);

    for (let second = 0; second <= 62; second++) {
      if (second === 50) pipe.accept([record("2")]);
      await pipe.run();
      clock.advance(1 / 60);
    }

    expect(idsPut().at(-1)).to.equal("2");
    expect(pipe.waitingCount).to.equal(0);
    expect(JSON.parse(letters[0]?.body ?? "").context.condition).to.equal("RecordAgeExceeded");
  });

  it("repeats a batch from its first failing record, so later ones arrive again", async () => {
    const pipe = runner({ BatchSize: 3 });
    failing.set("2", 1);
    pipe.accept([record("1"), record("2"), record("3"), record("4")]);

    await pipe.run();
    clock.advance(1 / 60);
    await pipe.run();

    expect(idsPut()).to.deep.equal(["1,2,3", "2,3,4"]);
  });

  it("puts at most ten records at once", async () => {
    const pipe = runner({ BatchSize: 100 });
    pipe.accept(Array.from({ length: 12 }, (_, index) => record(String(index))));

    await pipe.run();

    expect(puts.map((it) => it.length)).to.deep.equal([10, 2]);
  });

  for (const [what, fields] of [
    ["the type", { type: {} }],
    ["the time", { time: { N: "1" } }],
    ["an element of the template", { id: { S: "1" }, type: undefined }],
  ] as const) {
    it(`treats a record without ${what} as a failure`, async () => {
      const pipe = runner();
      pipe.accept([record("1", fields), record("2")]);

      for (let second = 0; second < 10; second++) {
        await pipe.run();
        clock.advance(1 / 60);
      }

      expect(idsPut()).to.deep.equal(["2"]);
      expect(letters).to.have.length(1);
    });
  }

  it("drops a record that it gives up without a dead-letter queue", async () => {
    const pipe = runner({ DeadLetterConfig: undefined, MaximumRetryAttempts: 0 });
    failing.set("1", 1);
    pipe.accept([record("1")]);

    await pipe.run();

    expect(pipe.waitingCount).to.equal(0);
    expect(letters).to.deep.equal([]);
  });

  it("refuses a filter with an unknown operator", () => {
    const Filters = [{ Pattern: '{"eventName":[{"anything-but":"REMOVE"}]}' }];
    const pipe = { SourceParameters: { FilterCriteria: { Filters } } } as unknown as Pipe;

    expect(() => new PipeRunner(pipe, {} as never)).to.throw("invalid event pattern");
  });
});

import { expect } from "chai";
import { createPipes } from "../../../aws/services/pipes.ts";
import { apiCall, responseOf, startFakeEmulator } from "../../support.ts";

const stream = "arn:aws:dynamodb:us-east-1:000000000000:table/items/stream/2026-01-31T12:00:00.000";
const table = {
  Table: { LatestStreamArn: stream, StreamSpecification: { StreamEnabled: true } },
};
const pipe = {
  RoleArn: "arn:aws:iam::000000000000:role/pipe",
  Source: stream,
  SourceParameters: {
    DynamoDBStreamParameters: { StartingPosition: "TRIM_HORIZON", BatchSize: 1 },
    FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
  },
  Target: "arn:aws:events:us-east-1:000000000000:event-bus/events",
  TargetParameters: { InputTemplate: '{"id":<$.eventID>}' },
};
const withStream = (changes: object) => ({
  SourceParameters: {
    ...pipe.SourceParameters,
    DynamoDBStreamParameters: {
      ...pipe.SourceParameters.DynamoDBStreamParameters,
      ...changes,
    },
  },
});

describe("pipes", () => {
  let emulator: Awaited<ReturnType<typeof startFakeEmulator>>;
  before(async () => {
    emulator = await startFakeEmulator(() => ({
      headers: { "content-type": "application/x-amz-json-1.0" },
      body: JSON.stringify(table),
    }));
  });
  after(() => emulator.stop());

  function service() {
    const { middleware } = createPipes(emulator.target, async () => {});
    return async (method: string, input: object = {}) => {
      const body = method === "GET" || method === "DELETE" ? "" : JSON.stringify(input);
      const call = apiCall({ service: "pipes", method, path: "/v1/pipes/changes", body });
      const response = await middleware(call, async () => responseOf("{}"));
      return { status: response.status, ...JSON.parse(response.body.toString()) };
    };
  }

  it("return all of their parameters, with AWS's defaults", async () => {
    const call = service();
    expect((await call("POST", pipe)).CurrentState).to.equal("CREATING");

    const found = await call("GET");

    expect(found).to.deep.include({
      CurrentState: "RUNNING",
      TargetParameters: pipe.TargetParameters,
    });
    expect(found.SourceParameters.DynamoDBStreamParameters).to.deep.equal({
      StartingPosition: "TRIM_HORIZON",
      BatchSize: 1,
      MaximumBatchingWindowInSeconds: 0,
      MaximumRecordAgeInSeconds: -1,
      MaximumRetryAttempts: -1,
      ParallelizationFactor: 1,
    });
  });

  it("keep their starting position, which an update cannot name", async () => {
    const call = service();
    await call("POST", pipe);
    const { RoleArn } = pipe;

    expect((await call("PUT", { RoleArn, ...withStream({}) })).message).to.match(
      /startingPosition' failed to satisfy constraint: no such member$/,
    );
    const change = { SourceParameters: { DynamoDBStreamParameters: { BatchSize: 2 } } };
    expect((await call("PUT", { RoleArn, ...change })).status).to.equal(200);
    expect((await call("GET")).SourceParameters.DynamoDBStreamParameters).to.deep.include({
      StartingPosition: "TRIM_HORIZON",
      BatchSize: 2,
    });
  });

  it("are gone after they were deleted", async () => {
    const call = service();
    await call("POST", pipe);
    expect((await call("POST", pipe)).status).to.equal(409);
    await call("DELETE");

    expect(await call("GET")).to.deep.equal({
      status: 404,
      __type: "NotFoundException",
      message: "Pipe changes does not exist.",
    });
  });

  for (const [what, change, message] of [
    ["without a role", { RoleArn: undefined }, /'roleArn' .* must not be null$/],
    ["from a stream that is not enabled", { Source: `${stream}1` }, /not an enabled stream/],
    ["to a queue", { Target: "arn:aws:sqs:us-east-1:000000000000:q" }, /have a target like/],
    [
      "with records of at most 59 seconds",
      withStream({ MaximumRecordAgeInSeconds: 59 }),
      /must be -1 or from 60 to 604800: got 59$/,
    ],
    ["with too large batches", withStream({ BatchSize: 10_001 }), /less than or equal to 10000$/],
    [
      "with a filter that is no pattern",
      {
        SourceParameters: {
          ...pipe.SourceParameters,
          FilterCriteria: { Filters: [{ Pattern: '{"a":1}' }] },
        },
      },
      /^Event pattern is not valid/,
    ],
  ] as const) {
    it(`are refused ${what}`, async () => {
      const found = await service()("POST", { ...pipe, ...change });

      expect(found.__type).to.equal("ValidationException");
      expect(found.message).to.match(message);
    });
  }
});

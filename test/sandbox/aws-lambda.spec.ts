import { expect } from "chai";
import { strFromU8, unzipSync } from "fflate";
import { lambdaResources, zipOf } from "../../sandbox/providers/aws-lambda.ts";
import { archive, errorOf, type FakeAnswer, startFakeServer, stopAfterEach } from "./support.ts";

describe("zipOf", () => {
  const code = archive("h1", { "__index.js": "exports.handler = 1;" });

  it("packs the files of the archive", () => {
    const files = Object.entries(unzipSync(zipOf(code)));

    expect(files.map(([name, content]) => [name, strFromU8(content)])).to.deep.equal([
      ["__index.js", "exports.handler = 1;"],
    ]);
  });

  it("makes the same bytes of the same files, whenever it runs", () => {
    const { now } = Date;
    Date.now = () => Date.parse("2030-01-01T00:00:00Z");
    try {
      expect(Buffer.from(zipOf(code)).toString("hex", 10, 14)).to.equal("00602100");
    } finally {
      Date.now = now;
    }
  });
});

describe("lambdaResources", () => {
  const stoppedLater = stopAfterEach();

  /** The type of this name before an emulator that always gives this answer, with what it saw. */
  async function start(token: string, answer: FakeAnswer) {
    const emulator = stoppedLater(await startFakeServer(() => answer));
    const target = {
      endpoint: `http://127.0.0.1:${emulator.port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    };
    const type = lambdaResources(target, "arn:layer:1")[token];
    if (!type) throw new Error(`there is no type ${token}`);
    const routes = () => emulator.seen.map(({ method, path }) => `${method} ${path}`);
    const lastBody = () => JSON.parse(emulator.seen.at(-1)?.body ?? "");
    return { type, routes, lastBody };
  }

  const gone = {
    status: 404,
    headers: { "x-amzn-errortype": "ResourceNotFoundException" },
    body: '{"Message":"gone"}',
  };

  describe("EventSourceMapping", () => {
    const token = "aws:lambda/eventSourceMapping:EventSourceMapping";
    const inputs = {
      functionName: "reboot",
      eventSourceArn: "arn:checks",
      batchSize: 1,
      functionResponseTypes: ["ReportBatchItemFailures"],
    };

    it("is created as it is asked for, and known by its UUID", async () => {
      const body = '{"UUID":"u-1","EventSourceMappingArn":"arn:u-1"}';
      const { type, routes, lastBody } = await start(token, { body });

      expect(await type.create(inputs)).to.deep.equal({
        id: "u-1",
        outputs: { uuid: "u-1", arn: "arn:u-1" },
      });
      expect(routes()).to.deep.equal(["POST /2015-03-31/event-source-mappings"]);
      expect(lastBody()).to.deep.equal({
        FunctionName: "reboot",
        EventSourceArn: "arn:checks",
        BatchSize: 1,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      });
    });

    it("is read with the batch size that it has now", async () => {
      const body = '{"UUID":"u-1","EventSourceMappingArn":"arn:u-1","BatchSize":10}';
      const { type, routes } = await start(token, { body });

      expect(await type.read("u-1", inputs)).to.deep.equal({
        ...inputs,
        arn: "arn:u-1",
        batchSize: 10,
      });
      expect(routes()).to.deep.equal(["GET /2015-03-31/event-source-mappings/u-1"]);
    });

    it("is asked for its tags by its ARN", async () => {
      const { type, routes } = await start(token, { body: '{"Tags":{"Owner":"team"}}' });

      const tags = await type.tagger?.list("u-1", { arn: "arn:u-1" });

      expect(tags).to.deep.equal({ Owner: "team" });
      expect(routes()).to.deep.equal(["GET /2017-03-31/tags/arn%3Au-1"]);
    });

    it("is nothing where it is gone", async () => {
      const { type } = await start(token, gone);

      expect(await type.read("u-1", inputs)).to.equal(undefined);
    });

    it("cannot be changed in place, and says so", async () => {
      const { type } = await start(token, {});

      const changed = type.update?.("u-1", inputs, inputs) ?? Promise.resolve();

      expect(await errorOf(changed)).to.include("cannot change u-1 in place");
    });

    it("is deleted", async () => {
      const { type, routes } = await start(token, { body: "{}" });

      await type.delete("u-1", inputs);

      expect(routes()).to.deep.equal(["DELETE /2015-03-31/event-source-mappings/u-1"]);
    });
  });

  describe("FunctionEventInvokeConfig", () => {
    const token = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
    const inputs = {
      functionName: "reboot",
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
      destinationConfig: { onFailure: { destination: "arn:dead-letters" } },
    };
    const path = "/2019-09-25/functions/reboot/event-invoke-config";

    it("is created with what happens to failed calls", async () => {
      const { type, routes, lastBody } = await start(token, { body: "{}" });

      expect(await type.create(inputs)).to.deep.equal({ id: "reboot", outputs: {} });
      expect(routes()).to.deep.equal([`PUT ${path}`]);
      expect(lastBody()).to.deep.equal({
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 60,
        DestinationConfig: { OnFailure: { Destination: "arn:dead-letters" } },
      });
    });

    it("is created without a destination where none is asked for", async () => {
      const { type, lastBody } = await start(token, { body: "{}" });
      const { destinationConfig: _, ...others } = inputs;

      await type.create(others);

      expect(lastBody().DestinationConfig).to.deep.equal({ OnFailure: {} });
    });

    it("is read with what it has now", async () => {
      const body = JSON.stringify({
        MaximumRetryAttempts: 2,
        MaximumEventAgeInSeconds: 3_600,
        DestinationConfig: { OnFailure: { Destination: "arn:other" } },
      });
      const { type } = await start(token, { body });

      expect(await type.read("reboot", inputs)).to.deep.equal({
        functionName: "reboot",
        maximumRetryAttempts: 2,
        maximumEventAgeInSeconds: 3_600,
        destinationConfig: { onFailure: { destination: "arn:other" } },
      });
    });

    it("is read without a destination that was taken away", async () => {
      const { type } = await start(token, { body: '{"MaximumRetryAttempts":0}' });

      expect((await type.read("reboot", inputs))?.destinationConfig).to.deep.equal({
        onFailure: { destination: null },
      });
    });

    it("is nothing where it is gone", async () => {
      const { type } = await start(token, gone);

      expect(await type.read("reboot", inputs)).to.equal(undefined);
    });

    it("is deleted", async () => {
      const { type, routes } = await start(token, { status: 204 });

      await type.delete("reboot", inputs);

      expect(routes()).to.deep.equal([`DELETE ${path}`]);
    });
  });
});

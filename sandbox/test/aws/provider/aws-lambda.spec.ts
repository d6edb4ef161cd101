import { expect } from "chai";
import { strFromU8, unzipSync } from "fflate";
import { lambdaResources, zipOf } from "../../../aws/provider/aws-lambda.ts";
import { CreatedInPart } from "../../../aws/provider/resource-type.ts";
import { archive, type FakeResponse, startFakeServer, stopAfterEach } from "../../support.ts";

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

  /** The type of this name before an emulator with these responses, the last one from then on. */
  async function start(token: string, ...responses: [FakeResponse, ...FakeResponse[]]) {
    const [last] = responses.slice(-1);
    const emulator = stoppedLater(await startFakeServer(() => responses.shift() ?? last ?? {}));
    const target = {
      endpoint: `http://127.0.0.1:${emulator.port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    };
    const type = lambdaResources(target, "arn:layer:1")[token];
    if (!type) throw new Error(`there is no type ${token}`);
    const routes = () => emulator.requests.map(({ method, path }) => `${method} ${path}`);
    const bodies = () => emulator.requests.map(({ body }) => JSON.parse(body || "{}"));
    const lastBody = () => JSON.parse(emulator.requests.at(-1)?.body ?? "");
    return { type, routes, bodies, lastBody };
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
      const creating = {
        body: '{"UUID":"u-1","EventSourceMappingArn":"arn:u-1","State":"Creating"}',
      };
      const enabled = { body: '{"UUID":"u-1","State":"Enabled"}' };
      const { type, routes, bodies } = await start(token, creating, creating, enabled);

      expect(await type.create(inputs)).to.deep.equal({
        id: "u-1",
        outputs: { uuid: "u-1", arn: "arn:u-1" },
      });
      expect(routes()).to.deep.equal([
        "POST /2015-03-31/event-source-mappings",
        "GET /2015-03-31/event-source-mappings/u-1",
        "GET /2015-03-31/event-source-mappings/u-1",
      ]);
      expect(bodies()[0]).to.deep.equal({
        FunctionName: "reboot",
        EventSourceArn: "arn:checks",
        BatchSize: 1,
        Enabled: true,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      });
    });

    it("is read with the settings that it has now", async () => {
      const FunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:reboot";
      const body = JSON.stringify({
        UUID: "u-1",
        EventSourceMappingArn: "arn:u-1",
        FunctionArn,
        BatchSize: 10,
        State: "Disabled",
        FunctionResponseTypes: [],
      });
      const { type, routes } = await start(token, { body });

      expect(await type.read("u-1", inputs)).to.deep.equal({
        ...inputs,
        arn: "arn:u-1",
        batchSize: 10,
        enabled: false,
        functionResponseTypes: [],
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

    it("is changed in place, its function too, and awaited", async () => {
      const updating = { body: '{"UUID":"u-1","State":"Updating"}' };
      const enabled = { body: '{"UUID":"u-1","State":"Enabled"}' };
      const { type, routes, bodies } = await start(token, updating, updating, enabled);

      await type.update?.("u-1", { ...inputs, functionName: "other" }, inputs);

      expect(routes()).to.deep.equal([
        "PUT /2015-03-31/event-source-mappings/u-1",
        "GET /2015-03-31/event-source-mappings/u-1",
        "GET /2015-03-31/event-source-mappings/u-1",
      ]);
      expect(bodies()[0]).to.include({ FunctionName: "other", BatchSize: 1, Enabled: true });
    });

    it("is deleted, and read until it is gone", async () => {
      const deleting = { body: '{"UUID":"u-1","State":"Deleting"}' };
      const { type, routes } = await start(token, deleting, deleting, gone);

      await type.delete("u-1", inputs);

      expect(routes()).to.deep.equal([
        "DELETE /2015-03-31/event-source-mappings/u-1",
        "GET /2015-03-31/event-source-mappings/u-1",
        "GET /2015-03-31/event-source-mappings/u-1",
      ]);
    });
  });

  describe("FunctionUrl", () => {
    const token = "aws:lambda/functionUrl:FunctionUrl";
    const inputs = { functionName: "reboot", authorizationType: "NONE" };
    const url = { body: '{"FunctionUrl":"https://abc.test/"}' };
    const conflict = {
      status: 409,
      headers: { "x-amzn-errortype": "ResourceConflictException" },
      body: '{"Message":"a concurrent update operation"}',
    };

    it("adds two permissions by itself where it has no authorization", async () => {
      const { type, routes, bodies } = await start(token, url);

      const outputs = { functionUrl: "https://abc.test/" };
      expect(await type.create(inputs)).to.deep.equal({ id: "reboot", outputs });
      expect(routes()).to.deep.equal([
        "POST /2021-10-31/functions/reboot/url",
        "POST /2015-03-31/functions/reboot/policy",
        "POST /2015-03-31/functions/reboot/policy",
      ]);
      expect(bodies().map(({ StatementId }) => StatementId)).to.deep.equal([
        undefined,
        "FunctionURLAllowPublicAccess",
        "FunctionURLAllowInvokeAction",
      ]);
    });

    it("adds none where it has authorization", async () => {
      const { type, routes } = await start(token, url);

      await type.create({ ...inputs, authorizationType: "AWS_IAM" });

      expect(routes()).to.deep.equal(["POST /2021-10-31/functions/reboot/url"]);
    });

    it("is created in part where a permission is refused, which is not tried again", async () => {
      const { type, routes } = await start(token, url, conflict);

      const error = await type.create(inputs).catch((it) => it);

      expect(error).to.be.instanceOf(CreatedInPart);
      expect(error.message).to.equal("a concurrent update operation");
      expect(error.created).to.deep.equal({
        id: "reboot",
        outputs: { functionUrl: "https://abc.test/" },
      });
      expect(routes()).to.have.length(2);
    });

    it("is created where the function still has the permissions of an earlier URL", async () => {
      const exists = (id: string) => ({
        status: 409,
        headers: { "x-amzn-errortype": "ResourceConflictException" },
        body: JSON.stringify({ Message: `The statement id (${id}) provided already exists.` }),
      });
      const { type, routes } = await start(
        token,
        url,
        exists("FunctionURLAllowPublicAccess"),
        exists("FunctionURLAllowInvokeAction"),
      );

      expect((await type.create(inputs)).id).to.equal("reboot");
      expect(routes()).to.have.length(3);
    });

    it("is updated whatever has changed", async () => {
      const { type, routes } = await start(token, url);

      await type.update?.("reboot", inputs, inputs);

      expect(routes()).to.deep.equal(["PUT /2021-10-31/functions/reboot/url"]);
    });
  });

  describe("Permission", () => {
    const token = "aws:lambda/permission:Permission";

    it("is tried again while Lambda changes the function's permissions", async () => {
      const conflict = {
        status: 409,
        headers: { "x-amzn-errortype": "ResourceConflictException" },
        body: '{"Message":"a concurrent update operation"}',
      };
      const { type, routes } = await start(token, conflict, conflict, { body: "{}" });

      await type.create({
        statementId: "own",
        function: "reboot",
        action: "lambda:InvokeFunctionUrl",
        principal: "*",
      });

      expect(routes()).to.deep.equal(Array(3).fill("POST /2015-03-31/functions/reboot/policy"));
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

    it("is read without a destination that was removed", async () => {
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

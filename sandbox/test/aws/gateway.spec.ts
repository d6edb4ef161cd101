import { expect } from "chai";
import { startGateway } from "../../aws/gateway.ts";
import {
  call,
  createdFunction,
  type FakeAnswer,
  functionArn,
  keyOfFunction,
  type SeenRequest,
  send,
  signedHeaders,
  startFakeEmulator,
  stopAfterEach,
} from "../support.ts";

describe("startGateway", () => {
  const stoppedLater = stopAfterEach();

  async function start(answer: (request: SeenRequest) => FakeAnswer = () => ({ body: "done" })) {
    const emulator = stoppedLater(await startFakeEmulator(answer));
    const gateway = stoppedLater(await startGateway(emulator.target));
    return { emulator, gateway };
  }

  const reboot = "Action=RebootInstances&Version=2016-11-15&InstanceId.1=i-1";

  it("forwards method, path, host, headers and body unchanged", async () => {
    const { emulator, gateway } = await start();
    const put = { service: "ec2", method: "PUT", path: "/a%20b?c=d&e=", body: "länger" };
    const headers = await signedHeaders(gateway.port, put);

    await send(gateway.port, { ...put, headers });

    const [request] = emulator.seen;
    expect(request).to.include({ method: "PUT", path: "/a%20b?c=d&e=", body: "länger" });
    expect(request?.headers).to.include(headers);
  });

  it("gives the answer back with its status, headers and body", async () => {
    const { gateway } = await start(() => ({
      status: 201,
      headers: { "x-amzn-requestid": "r1" },
      body: "länger",
    }));

    const answer = await call(gateway.port, { service: "lambda" });

    expect(answer).to.include({ status: 201, body: "länger" });
    expect(answer.headers).to.include({ "x-amzn-requestid": "r1", "content-length": "7" });
  });

  it("records a call of EC2 with the instances that it names", async () => {
    const { gateway } = await start();

    await call(gateway.port, { service: "ec2", body: `${reboot}&InstanceId.2=i-2` });

    const [{ atMs, ...recorded } = { atMs: undefined }] = gateway.calls;
    expect(recorded).to.deep.equal({
      action: "ec2:RebootInstances",
      instanceIds: ["i-1", "i-2"],
      caller: "root",
      isDryRun: false,
      status: 200,
    });
    expect(atMs).to.be.within(0, performance.now());
  });

  it("records a call of SNS", async () => {
    const { gateway } = await start();

    await call(gateway.port, { service: "sns", body: "Action=Publish&Message=m" });

    expect(gateway.calls.map(({ action }) => action)).to.deep.equal(["sns:Publish"]);
  });

  for (const [target, expected] of [
    ["DynamoDB_20120810.GetItem", { action: "dynamodb:GetItem" }],
    ["AmazonSQS.SendMessage", { action: "sqs:SendMessage", delaySeconds: 180 }],
    ["AmazonSQS.ReceiveMessage", { action: "sqs:ReceiveMessage" }],
  ] as const) {
    it(`records the call ${expected.action}`, async () => {
      const { gateway } = await start();
      const [service = ""] = expected.action.split(":");

      await call(gateway.port, {
        service,
        headers: { "x-amz-target": target },
        body: '{"DelaySeconds":180}',
      });

      const [{ atMs: _, ...recorded } = { atMs: 0 }] = gateway.calls;
      expect(recorded).to.deep.equal({
        ...expected,
        instanceIds: [],
        caller: "root",
        isDryRun: false,
        status: 200,
      });
    });
  }

  for (const service of ["lambda", "iam", "logs", "ec2messages"]) {
    it(`does not record a call of ${service}`, async () => {
      const { gateway } = await start();

      await call(gateway.port, { service, body: "Action=RebootInstances" });

      expect(gateway.calls).to.deep.equal([]);
    });
  }

  it("tells the role of the function that called, once Lambda has named it", async () => {
    const { gateway } = await start(({ path }) => ({
      body: path === "/2015-03-31/functions" ? createdFunction : "done",
    }));
    await call(gateway.port, { service: "lambda", path: "/2015-03-31/functions" });

    await call(gateway.port, { service: "ec2", body: reboot }, keyOfFunction);

    expect(gateway.calls.map(({ caller }) => caller)).to.deep.equal(["reboot-role"]);
  });

  it("answers a permitted dry run of RebootInstances as AWS does, and records it as one", async () => {
    const { emulator, gateway } = await start();

    const { status, body } = await call(gateway.port, {
      service: "ec2",
      body: `${reboot}&DryRun=true`,
    });

    expect(status).to.equal(412);
    expect(body).to.include("<Code>DryRunOperation</Code>");
    expect(emulator.seen).to.have.length(1);
    expect(gateway.calls[0]).to.include({ isDryRun: true, status: 412, error: "DryRunOperation" });
  });

  it("forwards and answers DryRun=false as a real reboot", async () => {
    const { gateway } = await start();

    const { status } = await call(gateway.port, {
      service: "ec2",
      body: `${reboot}&DryRun=false`,
    });

    expect(status).to.equal(200);
    expect(gateway.calls[0]).to.include({ isDryRun: false, status: 200 });
  });

  for (const [what, body] of [
    ["a call", reboot],
    ["a dry run", `${reboot}&DryRun=true`],
  ] as const) {
    it(`passes on the error of ${what}, and records it`, async () => {
      const denied =
        "<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>";
      const { gateway } = await start(() => ({ status: 403, body: denied }));

      const answer = await call(gateway.port, { service: "ec2", body });

      expect(answer).to.include({ status: 403, body: denied });
      expect(gateway.calls[0]).to.include({ status: 403, error: "UnauthorizedOperation" });
    });
  }

  for (const type of [
    "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
    "TransactionCanceledException",
  ]) {
    it(`records the error of a call of DynamoDB that is answered as ${type}`, async () => {
      const { gateway } = await start(() => ({ status: 400, body: `{"__type":"${type}"}` }));

      await call(gateway.port, {
        service: "dynamodb",
        headers: { "x-amz-target": "DynamoDB_20120810.TransactWriteItems" },
        body: "{}",
      });

      expect(gateway.calls[0]).to.include({ status: 400, error: "TransactionCanceledException" });
    });
  }

  it("answers 502 with the reason when the emulator cannot be reached", async () => {
    const { emulator, gateway } = await start();
    emulator.stop();

    const { status, body } = await call(gateway.port, { service: "ec2", body: reboot });

    expect(status).to.equal(502);
    expect(body).to.match(/ECONNREFUSED|ENOENT/);
  });

  it("answers 502 when the emulator's answer breaks off", async () => {
    const { gateway } = await start(() => ({ body: "part", breaksOff: true }));

    const { status } = await call(gateway.port, { service: "ec2", body: reboot });

    expect(status).to.equal(502);
  });

  describe("before a function URL", () => {
    const host = "abc.lambda-url.us-east-1.on.aws";
    const permissions = {
      url: {
        Effect: "Allow",
        Principal: "*",
        Action: "lambda:InvokeFunctionUrl",
        Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } },
      },
      function: {
        Effect: "Allow",
        Principal: "*",
        Action: "lambda:InvokeFunction",
        Condition: { Bool: { "lambda:InvokedViaFunctionUrl": "true" } },
      },
    };

    /** An emulator with a function whose URL was made through the gateway. */
    async function startWithUrl(...statements: object[]) {
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
      const running = await start(({ path }) => {
        if (path.startsWith("/_aws/lambda-url/")) return { body: "the function's answer" };
        if (path.endsWith("/policy")) return { body: JSON.stringify({ Policy }) };
        const FunctionUrl = `http://${host}/`;
        return { body: JSON.stringify({ FunctionArn: functionArn, FunctionUrl }) };
      });
      const path = "/2021-10-31/functions/reboot/url";
      await call(running.gateway.port, { service: "lambda", path });
      const forwarded = () =>
        running.emulator.seen.filter((it) => it.path.startsWith("/_aws/lambda-url/"));
      return { ...running, forwarded };
    }

    it("forwards the call where both permissions are given", async () => {
      const { gateway, forwarded } = await startWithUrl(permissions.url, permissions.function);

      const answer = await send(gateway.port, { headers: { host }, body: "alert" });

      expect(answer).to.include({ status: 200, body: "the function's answer" });
      expect(forwarded().map(({ body }) => body)).to.deep.equal(["alert"]);
    });

    it("passes on a path that the emulator itself would answer under that host", async () => {
      const { gateway, emulator } = await startWithUrl(permissions.url, permissions.function);

      await send(gateway.port, { path: "/_ministack/reset?init=1", headers: { host } });

      const { path, headers } = emulator.seen.at(-1) ?? {};
      expect(path).to.equal("/_aws/lambda-url/abc/_ministack/reset?init=1");
      expect(headers?.host).to.equal("aws");
    });

    it("asks for the policy of the function that the URL belongs to", async () => {
      const { emulator, gateway } = await startWithUrl();

      await send(gateway.port, { headers: { host } });

      expect(decodeURIComponent(emulator.seen.at(-1)?.path ?? "")).to.equal(
        "/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:reboot/policy",
      );
    });

    for (const [what, statements] of [
      ["no permission", []],
      ["the URL's permission alone", [permissions.url]],
      ["the function's permission alone", [permissions.function]],
    ] as const) {
      it(`answers 403 and does not forward with ${what}`, async () => {
        const { gateway, forwarded } = await startWithUrl(...statements);

        const answer = await send(gateway.port, { headers: { host }, body: "alert" });

        expect(answer).to.include({ status: 403, body: '{"Message":"Forbidden"}' });
        expect(forwarded()).to.deep.equal([]);
      });
    }

    it("answers 403 for a URL that no function has", async () => {
      const { emulator, gateway } = await start();

      const { status } = await send(gateway.port, { headers: { host } });

      expect(status).to.equal(403);
      expect(emulator.seen).to.deep.equal([]);
    });
  });
});

import { expect } from "chai";
import { call, createdFunction, gatewayForEach, keyOfFunction } from "../../support.ts";

const reboot = "Action=RebootInstances&Version=2016-11-15&InstanceId.1=i-1";

describe("record", () => {
  const start = gatewayForEach();

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

  it("records the role of the function that called, once Lambda has named it", async () => {
    const { gateway } = await start(({ path }) => ({
      body: path === "/2015-03-31/functions" ? createdFunction : "done",
    }));
    await call(gateway.port, { service: "lambda", path: "/2015-03-31/functions" });

    await call(gateway.port, { service: "ec2", body: reboot }, keyOfFunction);

    expect(gateway.calls.map(({ caller }) => caller)).to.deep.equal(["reboot-role"]);
  });

  for (const [what, body] of [
    ["a call", reboot],
    ["a dry run", `${reboot}&DryRun=true`],
  ] as const) {
    it(`records the error of ${what}`, async () => {
      const denied =
        "<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>";
      const { gateway } = await start(() => ({ status: 403, body: denied }));

      const response = await call(gateway.port, { service: "ec2", body });

      expect(response).to.include({ status: 403, body: denied });
      expect(gateway.calls[0]).to.include({ status: 403, error: "UnauthorizedOperation" });
    });
  }

  for (const type of [
    "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
    "TransactionCanceledException",
  ]) {
    it(`records the error of a call of DynamoDB whose response says ${type}`, async () => {
      const { gateway } = await start(() => ({ status: 400, body: `{"__type":"${type}"}` }));

      await call(gateway.port, {
        service: "dynamodb",
        headers: { "x-amz-target": "DynamoDB_20120810.TransactWriteItems" },
        body: "{}",
      });

      expect(gateway.calls[0]).to.include({ status: 400, error: "TransactionCanceledException" });
    });
  }
});

import { expect } from "chai";
import type { FaultKind } from "../../../aws/faults.ts";
import { waitFor } from "../../../wait.ts";
import { call, createdFunction, errorOf, gatewayForEach, keyOfFunction } from "../../support.ts";

const learn = { service: "lambda", path: "/learn" };
const calls = {
  ec2: { service: "ec2", body: "Action=RebootInstances&InstanceId.1=i-1" },
  elasticloadbalancing: {
    service: "elasticloadbalancing",
    body: "Action=DescribeTargetHealth&TargetGroupArn=web",
  },
  sns: { service: "sns", body: "Action=Publish&Message=m" },
  dynamodb: {
    service: "dynamodb",
    headers: { "x-amz-target": "DynamoDB_20120810.UpdateItem" },
    body: "{}",
  },
  s3: { service: "s3", method: "PUT", path: "/bucket/key?x-id=PutObject", body: "text" },
  sqs: {
    service: "sqs",
    headers: { "x-amz-target": "AmazonSQS.SendMessage" },
    body: '{"MessageBody":"alert-1","DelaySeconds":180}',
  },
};

describe("the gateway's faults", () => {
  const startGateway = gatewayForEach();

  /** A gateway that knows the function `reboot`, and what the emulator behind it has seen since. */
  async function start() {
    const { emulator, gateway } = await startGateway(({ path }) => ({
      body: path === "/learn" ? createdFunction : "done",
    }));
    await call(gateway.port, learn);
    emulator.requests.splice(0);
    return { emulator, gateway };
  }

  for (const [service, action] of [
    ["ec2", "ec2:RebootInstances"],
    ["elasticloadbalancing", "elasticloadbalancing:DescribeTargetHealth"],
    ["sns", "sns:Publish"],
    ["dynamodb", "dynamodb:UpdateItem"],
    ["sqs", "sqs:SendMessage"],
  ] as const) {
    it(`know the call of ${service} by its action, its function and its body`, async () => {
      const { gateway } = await start();
      const asked: unknown[] = [];
      gateway.faults = (it) => {
        asked.push(it);
        return undefined;
      };

      await call(gateway.port, calls[service], keyOfFunction);

      expect(asked).to.deep.equal([{ action, functionName: "reboot", body: calls[service].body }]);
      expect(gateway.calls[0]).to.include({ action, functionName: "reboot", status: 200 });
    });
  }

  for (const [service, kind, status, code] of [
    ["ec2", "throttled", 503, "RequestLimitExceeded"],
    ["ec2", "5xx", 500, "InternalError"],
    ["ec2", "denied", 403, "UnauthorizedOperation"],
    ["elasticloadbalancing", "throttled", 400, "Throttling"],
    ["elasticloadbalancing", "5xx", 500, "InternalFailure"],
    ["elasticloadbalancing", "denied", 403, "AccessDenied"],
    ["sns", "throttled", 400, "Throttling"],
    ["sns", "5xx", 500, "InternalFailure"],
    ["sns", "denied", 403, "AuthorizationError"],
    ["s3", "throttled", 503, "SlowDown"],
    ["s3", "5xx", 500, "InternalError"],
    ["s3", "denied", 403, "AccessDenied"],
    ["dynamodb", "throttled", 400, "ThrottlingException"],
    ["dynamodb", "5xx", 500, "InternalServerError"],
    ["dynamodb", "denied", 400, "AccessDeniedException"],
    ["sqs", "throttled", 400, "ThrottlingException"],
    ["sqs", "5xx", 500, "InternalServerError"],
    ["sqs", "denied", 400, "AccessDeniedException"],
  ] as const) {
    for (const [when, reached] of [
      ["before", 0],
      ["after", 1],
    ] as const) {
      it(`respond with ${status} ${code} for ${service} ${kind} ${when} the call takes effect`, async () => {
        const { emulator, gateway } = await start();
        gateway.faults = () => ({ kind, when });

        const response = await call(gateway.port, calls[service], keyOfFunction);

        expect(response.status).to.equal(status);
        expect(response.body).to.include(code);
        expect(emulator.requests).to.have.length(reached);
        expect(gateway.calls[0]?.fault).to.deep.equal({ kind, when });
        expect(gateway.calls[0]?.status).to.equal(when === "before" ? 0 : 200);
      });
    }
  }

  for (const [when, reached] of [
    ["before", 0],
    ["after", 1],
  ] as const) {
    it(`break the connection ${when} the call takes effect`, async () => {
      const { emulator, gateway } = await start();
      gateway.faults = () => ({ kind: "reset", when });

      expect(await errorOf(call(gateway.port, calls.ec2, keyOfFunction))).to.match(
        /ECONNRESET|hang up/,
      );
      expect(emulator.requests).to.have.length(reached);
    });

    it(`end the function's process ${when} the call takes effect`, async () => {
      const { emulator, gateway } = await start();
      gateway.faults = () => ({ kind: "crash", when });

      const { headers } = await call(gateway.port, calls.dynamodb, keyOfFunction);

      expect(headers["x-sandbox-crash"]).to.equal("1");
      expect(emulator.requests).to.have.length(reached);
    });
  }

  for (const [when, reached] of [
    ["before", 0],
    ["after", 1],
  ] as const) {
    it(`never respond to a call that times out ${when} it takes effect`, async () => {
      const { emulator, gateway } = await start();
      gateway.faults = () => ({ kind: "time-out", when });

      const response = call(gateway.port, calls.dynamodb, keyOfFunction).then(
        () => "response",
        () => "ended",
      );
      await waitFor("the call", () => gateway.calls.length > 0, { intervalMs: 1 });

      expect(emulator.requests).to.have.length(reached);
      gateway.stop();
      expect(await response).to.equal("ended");
    });
  }

  it("let a slow call take effect at once, and respond late", async () => {
    const { emulator, gateway } = await start();
    gateway.faults = () => ({ kind: "slow", milliseconds: 50 });
    let isDone = false;

    const response = call(gateway.port, calls.dynamodb, keyOfFunction).finally(() => {
      isDone = true;
    });
    await waitFor("the call", () => gateway.calls.length > 0, { intervalMs: 1 });

    expect([emulator.requests.length, isDone]).to.deep.equal([1, false]);
    expect(await response).to.include({ status: 200, body: "done" });
    expect(gateway.calls[0]).to.deep.include({
      status: 200,
      fault: { kind: "slow", milliseconds: 50 },
    });
  });

  it("never hit a call of the sandbox itself", async () => {
    const { gateway } = await start();
    const kinds: FaultKind[] = [];
    gateway.faults = () => {
      kinds.push("denied");
      return { kind: "denied", when: "before" };
    };

    const { status } = await call(gateway.port, calls.ec2);

    expect([status, kinds]).to.deep.equal([200, []]);
    expect(gateway.calls[0]).not.to.have.property("functionName");
  });
});

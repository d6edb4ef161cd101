import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect } from "chai";
import type { Target } from "../../../aws/services/target-groups.ts";
import { call, gatewayForEach, rootKey } from "../../support.ts";

const arn = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/0123456789abcdef";
const error = (code: string) =>
  `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`;

describe("target groups", () => {
  const startGateway = gatewayForEach();

  /** A gateway with these targets; the emulator knows no target group, as here, or refuses the call. */
  async function start(targets: readonly Target[], refusal?: string) {
    const { emulator, gateway } = await startGateway(() => ({
      status: refusal ? 403 : 400,
      body: error(refusal ?? "TargetGroupNotFound"),
    }));
    gateway.services.targetGroups.all.set(arn, targets);
    const client = new ElasticLoadBalancingV2Client({
      endpoint: `http://127.0.0.1:${gateway.port}`,
      region: "us-east-1",
      credentials: rootKey,
    });
    const describeHealth = async (ids: readonly string[] = [], TargetGroupArn = arn) => {
      const Targets = ids.length > 0 ? ids.map((Id) => ({ Id })) : undefined;
      const input = { TargetGroupArn, Targets };
      const { TargetHealthDescriptions } = await client.send(
        new DescribeTargetHealthCommand(input),
      );
      return TargetHealthDescriptions?.map(({ Target: target, TargetHealth: health }) => [
        target?.Id,
        target?.Port,
        health?.State,
        health?.Reason,
      ]);
    };
    const failure = async (...input: Parameters<typeof describeHealth>) =>
      describeHealth(...input).then(
        () => expect.fail("the call did not fail"),
        ({ name, $metadata }) => [name, $metadata.httpStatusCode],
      );
    return { emulator, gateway, describeHealth, failure };
  }

  it("have each target's state with its reason", async () => {
    const { describeHealth } = await start([
      { id: "i-1", state: "healthy" },
      { id: "i-2", state: "unhealthy" },
      { id: "i-3", state: "initial", port: 8080 },
      { id: "i-4", state: "draining" },
      { id: "i-5", state: "unused" },
      { id: "i-6", state: "unavailable" },
    ]);

    expect(await describeHealth()).to.deep.equal([
      ["i-1", 80, "healthy", undefined],
      ["i-2", 80, "unhealthy", "Target.FailedHealthChecks"],
      ["i-3", 8080, "initial", "Elb.InitialHealthChecking"],
      ["i-4", 80, "draining", "Target.DeregistrationInProgress"],
      ["i-5", 80, "unused", "Target.NotInUse"],
      ["i-6", 80, "unavailable", "Target.HealthCheckDisabled"],
    ]);
  });

  it("can have an instance with several ports, or no target", async () => {
    const { gateway, describeHealth } = await start([
      { id: "i-1", state: "healthy" },
      { id: "i-1", state: "unhealthy", port: 81 },
    ]);
    const both = await describeHealth();
    gateway.services.targetGroups.all.set(arn, []);

    expect(both).to.deep.equal([
      ["i-1", 80, "healthy", undefined],
      ["i-1", 81, "unhealthy", "Target.FailedHealthChecks"],
    ]);
    expect(await describeHealth()).to.deep.equal([]);
  });

  it("have the health of named targets, which are unused if they are not registered", async () => {
    const { describeHealth } = await start([
      { id: "i-1", state: "healthy" },
      { id: "i-2", state: "healthy" },
    ]);

    expect(await describeHealth(["i-2", "i-3"])).to.deep.equal([
      ["i-2", 80, "healthy", undefined],
      ["i-3", 80, "unused", "Target.NotRegistered"],
    ]);
  });

  it("are not found by another ARN", async () => {
    const { failure } = await start([]);

    expect(await failure([], arn.replace("web", "other"))).to.deep.equal([
      "TargetGroupNotFoundException",
      400,
    ]);
    expect(await failure([], "web")).to.deep.equal(["ValidationError", 400]);
  });

  it("are authorized by the emulator without their ARN, since only the resource * allows it", async () => {
    const { emulator, failure } = await start([], "AccessDenied");

    expect(await failure()).to.deep.equal(["AccessDenied", 403]);
    const input = new URLSearchParams(emulator.requests[0]?.body);
    expect(input.get("Action")).to.equal("DescribeTargetHealth");
    expect(input.has("TargetGroupArn")).to.equal(false);
  });

  it("are recorded as they are read", async () => {
    const { gateway, describeHealth } = await start([]);

    await describeHealth();

    const calls = gateway.calls.map(({ action, status }) => [action, status]);
    expect(calls).to.deep.equal([["elasticloadbalancing:DescribeTargetHealth", 200]]);
  });

  it("have no other call in the sandbox", async () => {
    const { gateway, emulator } = await start([]);
    const body = "Action=CreateTargetGroup&Name=web";

    const response = await call(gateway.port, { service: "elasticloadbalancing", body });

    expect(response.status).to.equal(400);
    expect(response.body).to.include(
      "the sandbox does not have the call elasticloadbalancing:CreateTargetGroup",
    );
    expect(emulator.requests).to.deep.equal([]);
  });
});

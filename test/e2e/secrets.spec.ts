import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import type { Engine } from "../../sandbox/engine/engine.ts";
import { Probe, type StackOutputs, stackOutputs } from "../../sandbox/scenario/probe.ts";
import { startTestWorld, type TestWorld } from "../../sandbox/test-world.ts";

describe("secrets of a stack", () => {
  let world: TestWorld;
  let engine: Engine;
  let stack: StackOutputs;
  let secrets: string[];
  before(async () => {
    world = await startTestWorld();
    engine = await world.createEngine();
    await engine.up();
    stack = stackOutputs(await engine.stack.outputs());
    const sourceToken = stack.logSourceUrl.split("/").pop() ?? "";
    expect(sourceToken).to.have.length(32);
    const { SUMOLOGIC_ACCESSKEY: accessKey = "" } = world.environment;
    secrets = [world.webhookToken, accessKey, sourceToken];
  });
  after(() => world.stop());

  it("reach the places that need them, so that their absence elsewhere means something", async () => {
    const state = JSON.stringify(await engine.stack.exportStack());

    for (const secret of secrets) expect(state).to.include(secret);
  });

  it("are not in the state as it is kept", () => {
    const files = globSync("**/*.json", { cwd: join(world.folder, "backend", ".pulumi") });
    const state = files.map((file) => readFileSync(join(world.folder, "backend", ".pulumi", file)));

    expect(files).not.to.deep.equal([]);
    for (const secret of secrets) expect(state.join("\n")).not.to.include(secret);
  });

  it("are neither in a preview's output nor in its events", async () => {
    const events: EngineEvent[] = [];
    const output: string[] = [];

    await engine.stack.preview({
      diff: true,
      // Shown with --debug alone: there Pulumi's SDK prints every answer of the engine as it is.
      onEvent: (event) =>
        (event.diagnosticEvent?.severity as string) !== "debug" && events.push(event),
      onOutput: (text) => output.push(text),
    });

    const all = JSON.stringify(events) + output.join("");
    expect(all).to.include(stack.functionName);
    for (const secret of secrets) expect(all).not.to.include(secret);
  });

  it("are not in the function's package", async () => {
    const { Code } = await new LambdaClient(world.aws).send(
      new GetFunctionCommand({ FunctionName: stack.functionName }),
    );
    const zip = Buffer.from(await (await fetch(Code?.Location ?? "")).arrayBuffer());
    const { unzipSync } = await import("fflate");
    const files = unzipSync(zip);

    expect(Object.keys(files)).to.deep.equal(["__index.js"]);
    const text = Buffer.from(files["__index.js"] ?? []).toString();
    for (const secret of [...secrets, stack.instanceId]) expect(text).not.to.include(secret);
  });

  it("are not in the log after right and wrong calls", async () => {
    const probe = new Probe(world, stack);
    await probe.postAlert(world.webhookToken);
    await probe.postAlert(`${world.webhookToken.slice(1)}0`);
    await probe.postAlert(world.webhookToken, { schema: world.webhookToken });

    const { events = [] } = await new CloudWatchLogsClient(world.aws).send(
      new FilterLogEventsCommand({ logGroupName: stack.logGroupName }),
    );

    const log = events.map(({ message }) => message).join("\n");
    expect(log).to.include("rebooted");
    expect(log).to.include("no valid token");
    expect(log).not.to.include(world.environment.SUMOLOGIC_ACCESSKEY);
    expect(log).not.to.include(`Bearer`);
  });
});

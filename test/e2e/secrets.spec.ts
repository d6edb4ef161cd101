import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import type { Engine } from "../../sandbox/engine/engine.ts";
import {
  StackClient,
  type StackOutputs,
  stackOutputs,
} from "../../sandbox/scenario/stack-client.ts";
import { startTestEnvironment, type TestEnvironment } from "../../sandbox/test-environment.ts";

const routingKey = "R0123456789abcdefghijklmnopqrstu";

describe("secrets of a stack", () => {
  let environment: TestEnvironment;
  let engine: Engine;
  let stack: StackOutputs;
  let secrets: string[];
  before(async () => {
    environment = await startTestEnvironment();
    engine = await environment.createEngine({
      settings: { pagerDutyRoutingKey: { value: routingKey, secret: true } },
    });
    await engine.up();
    stack = stackOutputs(await engine.stack.outputs());
    const sourceToken = stack.logSourceUrl.split("/").pop() ?? "";
    expect(sourceToken).to.have.length(32);
    const { SUMOLOGIC_ACCESSKEY: accessKey = "" } = environment.variables;
    secrets = [environment.webhookToken, accessKey, sourceToken, routingKey];
  });
  after(() => environment.stop());

  it("reach the places that need them, so their absence elsewhere is meaningful", async () => {
    const state = JSON.stringify(await engine.stack.exportStack());

    for (const secret of secrets) expect(state).to.include(secret);
  });

  it("are not in the stored state", () => {
    const files = globSync("**/*.json", { cwd: join(environment.folder, "backend", ".pulumi") });
    const state = files.map((file) =>
      readFileSync(join(environment.folder, "backend", ".pulumi", file)),
    );

    expect(files).not.to.deep.equal([]);
    for (const secret of secrets) expect(state.join("\n")).not.to.include(secret);
  });

  it("are secret in the outputs, if they are there at all", async () => {
    const outputs = Object.values(await engine.stack.outputs()).filter(({ secret }) => !secret);

    expect(outputs).not.to.deep.equal([]);
    for (const secret of secrets) expect(JSON.stringify(outputs)).not.to.include(secret);
  });

  it("are still not in the stored state after a refresh, whose response of EventBridge lacks them", async () => {
    expect((await engine.stack.refresh()).summary.resourceChanges).to.not.have.property("update");

    const folder = join(environment.folder, "backend", ".pulumi");
    const states = globSync("**/*.json", { cwd: folder }).map((it) =>
      readFileSync(join(folder, it)),
    );
    for (const secret of secrets) expect(states.join("\n")).not.to.include(secret);
  });

  it("are neither in a preview's output nor in its events", async () => {
    const events: EngineEvent[] = [];
    const output: string[] = [];

    await engine.stack.preview({
      diff: true,
      // Only shown with --debug: Pulumi's SDK then prints every response of the engine unchanged.
      onEvent: (event) =>
        (event.diagnosticEvent?.severity as string) !== "debug" && events.push(event),
      onOutput: (text) => output.push(text),
    });

    const all = JSON.stringify(events) + output.join("");
    expect(all).to.include(stack.functionName);
    for (const secret of secrets) expect(all).not.to.include(secret);
  });

  it("are not in the function's package", async () => {
    const { Code } = await new LambdaClient(environment.aws).send(
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
    const client = new StackClient(environment, stack);
    await client.postAlert(environment.webhookToken);
    await client.postAlert(`${environment.webhookToken.slice(1)}0`);
    await client.postAlert(environment.webhookToken, { schema: environment.webhookToken });

    const { events = [] } = await new CloudWatchLogsClient(environment.aws).send(
      new FilterLogEventsCommand({ logGroupName: stack.logGroupName }),
    );

    const log = events.map(({ message }) => message).join("\n");
    expect(log).to.include("rebooted");
    expect(log).to.include("no valid token");
    expect(log).not.to.include(environment.variables.SUMOLOGIC_ACCESSKEY);
    expect(log).not.to.include(`Bearer`);
  });
});

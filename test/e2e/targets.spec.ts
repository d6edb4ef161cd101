import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  EventBridgeClient,
  ListEventBusesCommand,
  UpdateApiDestinationCommand,
} from "@aws-sdk/client-eventbridge";
import { PipesClient } from "@aws-sdk/client-pipes";
import { expect } from "chai";
import { pipeLink } from "../../operate/drill/pipe.ts";
import type { Ports } from "../../operate/drill/ports.ts";
import type { Engine } from "../../sandbox/engine/engine.ts";
import { allOptions, externalArns, targetSettings } from "../../sandbox/scenario/all-options.ts";
import {
  root,
  startTestEnvironment,
  type TestEnvironment,
  waived,
  writeConfig,
} from "../../sandbox/test-environment.ts";

const targetKeys = Object.keys(targetSettings).map((key) => `reboot-automation:${key}`);

describe("a stack with every target", () => {
  let environment: TestEnvironment;
  let engine: Engine;
  before(async () => {
    environment = await startTestEnvironment();
    const policyPackConfig = writeConfig(environment, {
      ...JSON.parse(readFileSync(join(root, "policy-config.json"), "utf8")),
      "foreign-arn": { external: externalArns },
    });
    engine = await environment.createEngine({ policyPackConfig });
  });
  after(() => environment.stop());

  /** Type and name of each resource that the stack has. */
  async function resources(): Promise<string[]> {
    const { deployment } = await engine.stack.exportStack();
    return deployment.resources
      .map(({ urn }: { urn: string }) => urn.split("$").at(-1)?.split("::").slice(-2).join(" "))
      .sort();
  }

  async function table() {
    const { tableName } = await engine.stack.outputs();
    const dynamodb = new DynamoDBClient(environment.aws);
    const command = new DescribeTableCommand({ TableName: tableName?.value });
    return (await dynamodb.send(command)).Table;
  }

  let earlier: string[];
  let tableId: string | undefined;

  it("gets them in a stack that exists: the table stays, and the policy pack finds nothing", async () => {
    await engine.up();
    earlier = await resources();
    const { TableId, LatestStreamArn } = (await table()) ?? {};
    tableId = TableId;
    expect(LatestStreamArn).to.equal(undefined);
    await engine.stack.setAllConfig(
      Object.fromEntries(
        Object.entries(targetSettings).map(([key, it]) => [`reboot-automation:${key}`, it]),
      ),
    );

    const preview = await engine.preview();
    const run = await engine.up();

    expect(preview.violations).to.deep.equal([]);
    expect(run.violations).to.deep.equal([]);
    // The table, and the component of the alarms, which names the new queue.
    expect(run.changes).to.deep.equal({ create: 43, same: 42, update: 2 });
    expect((await table())?.TableId).to.equal(tableId);
    expect((await table())?.StreamSpecification).to.deep.equal({
      StreamEnabled: true,
      StreamViewType: "NEW_IMAGE",
    });
  });

  it("has no change after it was deployed, before and after a refresh", async () => {
    expect((await engine.preview()).changes).to.deep.equal({ same: 87 });

    const { summary } = await engine.stack.refresh();

    expect(summary.resourceChanges).to.deep.equal({ same: 87 });
    expect((await engine.up()).changes).to.deep.equal({ same: 87 });
  });

  it("has a pipe that the drill finds running", async () => {
    const { eventPipeName } = await engine.stack.outputs();
    const ports = {
      stack: { eventPipeName: eventPipeName?.value },
      pipes: new PipesClient(environment.aws),
    };

    expect(await pipeLink.check(ports as unknown as Ports)).to.match(
      /^reboot-automation-sandbox-events-pipe-[0-9a-f]{7}$/,
    );
  });

  it("detects an external change, and the next `up` reverts it", async () => {
    const { deployment } = await engine.stack.exportStack();
    const { id: Name } = deployment.resources.find(({ type }: { type: string }) =>
      type.endsWith(":EventApiDestination"),
    );
    const InvocationEndpoint = "https://attacker.example/";
    await new EventBridgeClient(environment.aws).send(
      new UpdateApiDestinationCommand({ Name, InvocationEndpoint }),
    );

    expect((await engine.stack.refresh()).summary.resourceChanges).to.deep.include({ update: 1 });
    expect((await engine.up()).changes).to.deep.equal({ same: 86, update: 1 });
  });

  it("replaces a channel whose workspace changes, since Amazon Q cannot move it", async () => {
    await engine.stack.setConfig("reboot-automation:slackWorkspaceId", { value: "T99999999" });

    const { changes } = await engine.up();

    expect(changes).to.deep.include({ replace: 1 });
    expect((await engine.stack.refresh()).summary.resourceChanges).to.deep.equal({ same: 87 });
  });

  it("loses only what a target has when that is removed", async () => {
    await engine.stack.removeAllConfig(["reboot-automation:pagerDutyRoutingKey"]);

    const { changes } = await engine.up();

    expect(changes).to.deep.equal({ delete: 12, same: 74, update: 1 });
    expect((await resources()).filter((it) => it.includes("pager"))).to.deep.equal([]);
  });

  it("is as before when all are removed, with the same table and without its stream", async () => {
    await engine.stack.removeAllConfig(targetKeys);

    await engine.up();

    expect(await resources()).to.deep.equal(earlier);
    expect((await table())?.TableId).to.equal(tableId);
    expect((await table())?.StreamSpecification?.StreamEnabled ?? false).to.equal(false);
    const events = new EventBridgeClient(environment.aws);
    const { EventBuses = [] } = await events.send(new ListEventBusesCommand({}));
    expect(EventBuses.map(({ Name }) => Name)).to.deep.equal(["default"]);
    expect((await engine.stack.refresh()).summary.resourceChanges).to.deep.equal({ same: 44 });
    expect((await engine.up()).changes).to.deep.equal({ same: 44 });
  });
});

describe("a stack with every option", () => {
  let environment: TestEnvironment;
  before(async () => {
    environment = await startTestEnvironment();
  });
  after(() => environment.stop());

  it("grants exactly what the grants file of the options lists", async () => {
    const written = join(environment.folder, "written.lock.json");
    const policyPackConfig = writeConfig(environment, {
      ...waived,
      "grants-file": { file: written },
      "foreign-arn": { external: externalArns },
    });
    const engine = await environment.createEngine({
      settings: allOptions,
      policyPackConfig,
      // The pack never writes it in a pipeline, where this test may run.
      environment: { WRITE_GRANTS_FILE: "1", CI: "" },
    });

    await engine.up();

    const committed = readFileSync(join(root, "grants.options.lock.json"), "utf8");
    expect(readFileSync(written, "utf8")).to.equal(committed);
  });
});

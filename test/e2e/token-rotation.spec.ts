import { expect } from "chai";
import type { Engine } from "../../sandbox/engine/engine.ts";
import { Probe, stackOutputs } from "../../sandbox/scenario/probe.ts";
import { startTestWorld, type TestWorld } from "../../sandbox/test-world.ts";

const newToken = "f".repeat(64);

describe("a token rotation", () => {
  let world: TestWorld;
  let engine: Engine;
  let probe: Probe;
  before(async () => {
    world = await startTestWorld();
    engine = await world.createEngine({ policyPack: null });
    await engine.up();
    probe = new Probe(world, stackOutputs(await engine.stack.outputs()));
  });
  after(() => world.stop());

  it("replaces the connection, updates the function, and touches nothing else", async () => {
    await engine.stack.setAllConfig({
      "reboot-automation:webhookToken": { value: newToken, secret: true },
      "reboot-automation:webhookTokenPrevious": { value: world.webhookToken, secret: true },
    });

    const { changes } = await engine.up();

    // The monitor names the connection, so it is updated too.
    expect(changes).to.deep.equal({ replace: 1, update: 2, same: 41 });
  });

  it("accepts both tokens while it lasts", async () => {
    expect((await probe.postAlert(newToken)).status).to.equal(200);
    expect((await probe.postAlert(world.webhookToken)).status).to.equal(200);
  });

  it("sends the new token from the replaced connection", async () => {
    await probe.respond(6, "slow");

    const [notification] = await probe.pass(3);

    expect(notification).to.include({ kind: "webhook", status: 200 });
  });

  it("refuses the old token once it is removed, and still takes the alert", async () => {
    await engine.stack.removeConfig("reboot-automation:webhookTokenPrevious");

    await engine.up();

    expect((await probe.postAlert(world.webhookToken)).status).to.equal(401);
    expect((await probe.postAlert(newToken)).status).to.equal(200);
  });
});

import { expect } from "chai";
import { Probe, type StackOutputs, stackOutputs } from "../../sandbox/scenario/probe.ts";
import { startTestWorld, type TestWorld } from "../../sandbox/test-world.ts";

describe("a replacement of the log source, as docs/logs.md has it", () => {
  let world: TestWorld;
  let old: StackOutputs;
  let fresh: StackOutputs;
  before(async () => {
    world = await startTestWorld();
    const { stack, up } = await world.createEngine({ policyPack: null });
    await up();
    old = stackOutputs(await stack.outputs());
    const { deployment } = await stack.exportStack();
    const urns: string[] = deployment.resources.map((it: { urn: string }) => it.urn);
    const replace = urns.filter((urn) => /urn:.*HttpSource::access-log/.test(urn));
    await stack.up({ replace });
    fresh = stackOutputs(await stack.outputs());
  });
  after(() => world.stop());

  it("gives another address, and the old one takes no line any more", async () => {
    expect(fresh.logSourceUrl).not.to.equal(old.logSourceUrl);
    expect((await fetch(old.logSourceUrl, { method: "POST", body: "a line" })).status).to.equal(
      401,
    );
  });

  it("replaces the instance, which gets the new address only so", () => {
    expect(fresh.instanceId).not.to.equal(old.instanceId);
  });

  it("leaves a whole chain: slow responses of the new instance reboot it", async () => {
    const probe = new Probe(world, fresh);
    await probe.respond(6, "slow");

    const [notification] = await probe.pass(3);

    expect(notification).to.include({ kind: "webhook", status: 200 });
    expect(probe.takeReboots().map(({ instanceIds }) => instanceIds)).to.deep.equal([
      [fresh.instanceId],
    ]);
  });
});

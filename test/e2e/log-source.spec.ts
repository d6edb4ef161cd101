import { expect } from "chai";
import {
  StackClient,
  type StackOutputs,
  stackOutputs,
} from "../../sandbox/scenario/stack-client.ts";
import { startTestEnvironment, type TestEnvironment } from "../../sandbox/test-environment.ts";

describe("replacing the log source as in docs/logs.md", () => {
  let environment: TestEnvironment;
  let old: StackOutputs;
  let fresh: StackOutputs;
  before(async () => {
    environment = await startTestEnvironment();
    const { stack, up } = await environment.createEngine({ policyPack: null });
    await up();
    old = stackOutputs(await stack.outputs());
    const { deployment } = await stack.exportStack();
    const urns: string[] = deployment.resources.map((it: { urn: string }) => it.urn);
    const replace = urns.filter((urn) => /urn:.*HttpSource::access-log/.test(urn));
    await stack.up({ replace });
    fresh = stackOutputs(await stack.outputs());
  });
  after(() => environment.stop());

  it("creates a new URL, and the old one no longer accepts lines", async () => {
    expect(fresh.logSourceUrl).not.to.equal(old.logSourceUrl);
    expect((await fetch(old.logSourceUrl, { method: "POST", body: "a line" })).status).to.equal(
      401,
    );
  });

  it("replaces the instance, which otherwise would not get the new URL", () => {
    expect(fresh.instanceId).not.to.equal(old.instanceId);
  });

  it("leaves a whole chain: slow responses of the new instance reboot it", async () => {
    const client = new StackClient(environment, fresh);
    await client.logResponses(6, "slow");

    const [notification] = await client.advanceMinutes(3);

    expect(notification).to.include({ kind: "webhook", status: 200 });
    expect(client.newReboots().map(({ instanceIds }) => instanceIds)).to.deep.equal([
      [fresh.instanceId],
    ]);
  });
});

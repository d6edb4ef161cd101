import { expect } from "chai";
import type { Engine } from "../../sandbox/engine/engine.ts";
import { StackClient, stackOutputs } from "../../sandbox/scenario/stack-client.ts";
import { startTestEnvironment, type TestEnvironment } from "../../sandbox/test-environment.ts";

const newToken = "f".repeat(64);

describe("a token rotation", () => {
  let environment: TestEnvironment;
  let engine: Engine;
  let client: StackClient;
  before(async () => {
    environment = await startTestEnvironment();
    engine = await environment.createEngine({ policyPack: null });
    await engine.up();
    client = new StackClient(environment, stackOutputs(await engine.stack.outputs()));
  });
  after(() => environment.stop());

  it("replaces the connection, updates the function, and touches nothing else", async () => {
    await engine.stack.setAllConfig({
      "reboot-automation:webhookToken": { value: newToken, secret: true },
      "reboot-automation:webhookTokenPrevious": { value: environment.webhookToken, secret: true },
    });

    const { changes } = await engine.up();

    // The monitor names the connection, so it is updated too.
    expect(changes).to.deep.equal({ replace: 1, update: 2, same: 41 });
  });

  it("accepts both tokens during the rotation", async () => {
    expect((await client.postAlert(newToken)).status).to.equal(200);
    expect((await client.postAlert(environment.webhookToken)).status).to.equal(200);
  });

  it("sends the new token from the replaced connection", async () => {
    await client.logResponses(6, "slow");

    const [notification] = await client.advanceMinutes(3);

    expect(notification).to.include({ kind: "webhook", status: 200 });
  });

  it("refuses the old token once it is removed, and still accepts the alert", async () => {
    await engine.stack.removeConfig("reboot-automation:webhookTokenPrevious");

    await engine.up();

    expect((await client.postAlert(environment.webhookToken)).status).to.equal(401);
    expect((await client.postAlert(newToken)).status).to.equal(200);
  });
});

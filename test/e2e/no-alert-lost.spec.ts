import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import type { Engine } from "../../sandbox/engine/engine.ts";
import { loadProgram, reloadProgram } from "../../sandbox/engine/program.ts";
import { StackClient, stackOutputs } from "../../sandbox/scenario/stack-client.ts";
import type { Notification } from "../../sandbox/sumo-logic/notify.ts";
import {
  root,
  startTestEnvironment,
  type TestEnvironment,
} from "../../sandbox/test-environment.ts";

const payloadFile = "infra/alert-payload.ts";

/** The program with a different payload, which includes the monitor's name as in earlier versions. */
function loadWithOtherPayload(program: string): Record<string, unknown> {
  const { alertPayload } = reloadProgram(payloadFile) as { alertPayload: string };
  const module = createRequire(import.meta.url).cache[join(root, payloadFile)];
  if (!module) throw new Error(`${payloadFile} is not loaded`);
  module.exports.alertPayload = alertPayload.replace("{", '{"monitorName":"{{Name}}",');
  return loadProgram(program);
}

describe("alerts that are sent during a deployment", () => {
  let environment: TestEnvironment;
  let engine: Engine;
  let client: StackClient;
  let load = reloadProgram;
  before(async () => {
    environment = await startTestEnvironment();
    engine = await environment.createEngine({ policyPack: null, load: (program) => load(program) });
    await engine.up();
    client = new StackClient(environment, stackOutputs(await engine.stack.outputs()));
  });
  after(() => environment.stop());

  /**
   * Alternates slow and fast responses until the run ends, so that alerts fire and resolve. At
   * least one of each is sent; how many more depends on the machine's speed.
   */
  async function sentDuring(run: Promise<unknown>): Promise<Notification[]> {
    let isRunning = true;
    const ended = run.finally(() => {
      isRunning = false;
    });
    const sent: Notification[] = [];
    do {
      await client.logResponses(6, "slow");
      for (let minute = 0; minute < 28; minute += 4) {
        await client.logResponses(1, "fast");
        sent.push(...(await client.advanceMinutes(4)));
      }
    } while (isRunning);
    await ended;
    return sent;
  }

  async function expectNoneLost(run: Promise<unknown>): Promise<void> {
    const sent = await sentDuring(run);
    const types = new Set(sent.map(({ triggerType }) => triggerType));

    expect([...types]).to.have.members(["Critical", "ResolvedCritical"]);
    expect(sent.filter((it) => it.kind !== "webhook" || it.status !== 200)).to.deep.equal([]);
  }

  it("are all accepted while the payload changes, after a refresh read the masked header", async () => {
    await engine.stack.refresh();
    load = loadWithOtherPayload;

    await expectNoneLost(engine.up());

    const [last] = (await sentDuring(Promise.resolve())).slice(-1);
    expect(last).to.include({ kind: "webhook", status: 200 });
    expect(JSON.stringify(last)).to.include("Slow responses of api data");
  });

  it("are all accepted during both deployments of a token rotation", async () => {
    const newToken = "f".repeat(64);
    await engine.stack.refresh();
    await engine.stack.setAllConfig({
      "reboot-automation:webhookToken": { value: newToken, secret: true },
      "reboot-automation:webhookTokenPrevious": { value: environment.webhookToken, secret: true },
    });

    await expectNoneLost(engine.up());
    await engine.stack.removeConfig("reboot-automation:webhookTokenPrevious");
    await expectNoneLost(engine.up());

    expect((await client.postAlert(environment.webhookToken)).status).to.equal(401);
    expect((await client.postAlert(newToken)).status).to.equal(200);
  });
});

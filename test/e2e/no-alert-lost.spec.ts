import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import type { Engine } from "../../sandbox/engine/engine.ts";
import { loadProgram, loadProgramAnew } from "../../sandbox/engine/program.ts";
import { Probe, stackOutputs } from "../../sandbox/scenario/probe.ts";
import type { Notification } from "../../sandbox/sumo-logic/notify.ts";
import { root, startTestWorld, type TestWorld } from "../../sandbox/test-world.ts";

const payloadFile = "infra/alert-payload.ts";

/** The program with another payload: it also has the monitor's name, as in earlier versions. */
function loadWithOtherPayload(program: string): Record<string, unknown> {
  const { alertPayload } = loadProgramAnew(payloadFile) as { alertPayload: string };
  const module = createRequire(import.meta.url).cache[join(root, payloadFile)];
  if (!module) throw new Error(`${payloadFile} is not loaded`);
  module.exports.alertPayload = alertPayload.replace("{", '{"monitorName":"{{Name}}",');
  return loadProgram(program);
}

describe("alerts that are sent throughout a deployment", () => {
  let world: TestWorld;
  let engine: Engine;
  let probe: Probe;
  let load = loadProgramAnew;
  before(async () => {
    world = await startTestWorld();
    engine = await world.createEngine({ policyPack: null, load: (program) => load(program) });
    await engine.up();
    probe = new Probe(world, stackOutputs(await engine.stack.outputs()));
  });
  after(() => world.stop());

  /** Slow responses and fast ones in turn, so that alerts fire and resolve, until the run ends. */
  async function sentDuring(run: Promise<unknown>): Promise<Notification[]> {
    let isRunning = true;
    const ended = run.finally(() => {
      isRunning = false;
    });
    const sent: Notification[] = [];
    do {
      await probe.respond(6, "slow");
      for (let minute = 0; minute < 28; minute += 4) {
        await probe.respond(1, "fast");
        sent.push(...(await probe.pass(4)));
      }
    } while (isRunning);
    await ended;
    return sent;
  }

  async function expectNoneLost(run: Promise<unknown>): Promise<void> {
    const sent = await sentDuring(run);
    const types = new Set(sent.map(({ triggerType }) => triggerType));

    expect([...types]).to.have.members(["Critical", "ResolvedCritical"]);
    expect(sent.length).to.be.above(10);
    expect(sent.filter((it) => it.kind !== "webhook" || it.status !== 200)).to.deep.equal([]);
  }

  it("are all taken while the payload changes, after a refresh took the header's mask", async () => {
    await engine.stack.refresh();
    load = loadWithOtherPayload;

    await expectNoneLost(engine.up());

    const [last] = (await sentDuring(Promise.resolve())).slice(-1);
    expect(last).to.include({ kind: "webhook", status: 200 });
    expect(JSON.stringify(last)).to.include("Slow responses of api data");
  });

  it("are all taken while the token is rotated, in both of its deployments", async () => {
    const newToken = "f".repeat(64);
    await engine.stack.refresh();
    await engine.stack.setAllConfig({
      "reboot-automation:webhookToken": { value: newToken, secret: true },
      "reboot-automation:webhookTokenPrevious": { value: world.webhookToken, secret: true },
    });

    await expectNoneLost(engine.up());
    await engine.stack.removeConfig("reboot-automation:webhookTokenPrevious");
    await expectNoneLost(engine.up());

    expect((await probe.postAlert(world.webhookToken)).status).to.equal(401);
    expect((await probe.postAlert(newToken)).status).to.equal(200);
  });
});

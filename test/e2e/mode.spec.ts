import { type AttributeValue, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import type { Engine } from "../../sandbox/engine/engine.ts";
import { Probe, type StackOutputs, stackOutputs } from "../../sandbox/scenario/probe.ts";
import { runCommand, startTestWorld, type TestWorld } from "../../sandbox/test-world.ts";

describe("npm run mode and npm run history on a stack that is up", () => {
  let world: TestWorld;
  let engine: Engine;
  let stack: StackOutputs;
  let probe: Probe;
  before(async () => {
    world = await startTestWorld();
    engine = await world.createEngine({ policyPack: null });
    await engine.up();
    stack = stackOutputs(await engine.stack.outputs());
    probe = new Probe(world, stack);
  });
  after(() => world.stop());

  const mode = (...words: string[]) => run("mode", words);
  const history = (...words: string[]) => run("history", words);

  /** All that the command prints. */
  async function run(command: string, words: string[]): Promise<string> {
    const { output, error } = await runCommand(world, command, words);
    return output + error;
  }

  const reboots = () => probe.takeReboots().filter(({ isDryRun }) => !isDryRun);

  it("shows the mode of the selected stack", async () => {
    expect(await mode()).to.match(/^i-\w+: on \(never switched\)$/);
  });

  it("switches off: an alert and even force reboot nothing, and the answer says why", async () => {
    await mode("off", "--reason", "release 7", "--for", "2h");

    const { body } = await probe.postAlert(world.webhookToken);
    const { answer } = await probe.invoke({ force: true });

    expect(JSON.parse(body).reason).to.match(
      /^held back by the kill switch: the mode is off since \S+: release 7, until \S+$/,
    );
    expect(answer.reason).to.include("held back by the kill switch");
    expect(reboots()).to.deep.equal([]);
  });

  it("survives a deployment, which never writes items", async () => {
    await engine.up();

    expect(await mode("--stack", "sandbox")).to.match(/: off since \S+: release 7, until \S+$/);
  });

  it("switches to dryrun: EC2 is asked, and nothing is rebooted", async () => {
    await mode("dryrun", "--reason", "trial");

    const { answer } = await probe.invoke();

    expect(answer.outcome).to.equal("dry-run");
    expect(answer.reason).to.include("the mode is dryrun").and.include("trial");
    expect(reboots()).to.deep.equal([]);
  });

  it("switches on again", async () => {
    expect(await mode("on")).to.match(/: on since \S+$/);

    const { answer } = await probe.invoke();

    expect(answer.outcome).to.equal("rebooted");
    expect(reboots()).to.have.length(1);
  });

  it("lists the incidents: when, why, and what came of them", async () => {
    expect(await history()).to.match(/^\S+Z {2}by-hand: rebooted, still looked at$/);
    const [incident, ...others] = JSON.parse(await history("--json", "--stack", "sandbox"));
    expect(others).to.deep.equal([]);
    expect(incident).to.include({ source: "by-hand", why: "" });
    expect(incident.rebootRequestedAtMs).to.be.within(incident.claimedAtMs, Date.now());
  });

  it("print escapes of the table's items as text, so that the terminal does nothing", async () => {
    const escapes =
      "\u001b]0;owned\u0007\u001b[2J\u001b]8;;http://evil.example\u001b\\x\u009b1m\u202e";
    const hostile = { S: `${escapes}\n2026-01-01T00:00:00.000Z  forged` };
    const db = new DynamoDBClient(world.aws);
    const put = (Item: Record<string, AttributeValue>) =>
      db.send(new PutItemCommand({ TableName: stack.tableName, Item }));
    await put({
      id: { S: "incident#hostile" },
      source: hostile,
      why: hostile,
      count: hostile,
      failure: hostile,
      outcome: hostile,
    });
    await put({
      id: { S: `instance#${stack.instanceId}` },
      mode: { S: "off" },
      modeReason: hostile,
    });

    const lists = await history();
    const json = await history("--json");

    const outputs = [
      lists,
      json,
      await mode(),
      await mode("off", "--reason", escapes),
      await mode(),
    ];
    for (const output of outputs) {
      for (const line of output.split("\n")) {
        expect(line).not.to.match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(line).not.to.match(/^2026-01-01T00:00:00/);
      }
      expect(output).to.include("\\u001b]0;owned\\u0007");
    }
    expect(JSON.parse(json)).to.deep.include.members([
      {
        id: "hostile",
        source: hostile.S,
        why: hostile.S,
        claimedAtMs: null,
        count: hostile.S,
        failure: hostile.S,
        outcome: hostile.S,
      },
    ]);
  });

  it("says in a line what is wrong", async () => {
    expect(await mode("off")).to.match(/^off needs a reason; expected: npm run mode .*$/);
  });
});

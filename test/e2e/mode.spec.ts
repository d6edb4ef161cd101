import { type AttributeValue, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import type { Engine } from "../../sandbox/engine/engine.ts";
import {
  StackClient,
  type StackOutputs,
  stackOutputs,
} from "../../sandbox/scenario/stack-client.ts";
import {
  runCommand,
  startTestEnvironment,
  type TestEnvironment,
} from "../../sandbox/test-environment.ts";

describe("npm run mode and npm run history on a deployed stack", () => {
  let environment: TestEnvironment;
  let engine: Engine;
  let stack: StackOutputs;
  let client: StackClient;
  before(async () => {
    environment = await startTestEnvironment();
    engine = await environment.createEngine({ policyPack: null });
    await engine.up();
    stack = stackOutputs(await engine.stack.outputs());
    client = new StackClient(environment, stack);
  });
  after(() => environment.stop());

  const mode = (...words: string[]) => run("mode", words);
  const history = (...words: string[]) => run("history", words);

  /** The complete output of the command. */
  async function run(command: string, words: string[]): Promise<string> {
    const { output, error } = await runCommand(environment, command, words);
    return output + error;
  }

  const reboots = () => client.newReboots().filter(({ isDryRun }) => !isDryRun);

  it("shows the mode of the selected stack", async () => {
    expect(await mode()).to.match(/^i-\w+: on \(never switched\)$/);
  });

  it("switches off: neither an alert nor force reboots, and the response says why", async () => {
    await mode("off", "--reason", "release 7", "--for", "2h");

    const { body } = await client.postAlert(environment.webhookToken);
    const { response } = await client.invoke({ force: true });

    expect(JSON.parse(body).reason).to.match(
      /^suppressed by the kill switch: the mode is off since \S+: release 7, until \S+$/,
    );
    expect(response.reason).to.include("suppressed by the kill switch");
    expect(reboots()).to.deep.equal([]);
  });

  it("survives a deployment, because deployments never write items", async () => {
    await engine.up();

    expect(await mode("--stack", "sandbox")).to.match(/: off since \S+: release 7, until \S+$/);
  });

  it("switches to dryrun: EC2 receives only dry runs", async () => {
    await mode("dryrun", "--reason", "trial");

    const { response } = await client.invoke();

    expect(response.outcome).to.equal("dry-run");
    expect(response.reason).to.include("the mode is dryrun").and.include("trial");
    expect(reboots()).to.deep.equal([]);
  });

  it("switches on again", async () => {
    expect(await mode("on")).to.match(/: on since \S+$/);

    const { response } = await client.invoke();

    expect(response.outcome).to.equal("rebooted");
    expect(reboots()).to.have.length(1);
  });

  it("lists the incidents with time, reason and result", async () => {
    expect(await history()).to.match(/^\S+Z {2}\S+ {2}manual: rebooted, checks continue$/);
    const [incident, ...others] = JSON.parse(await history("--json", "--stack", "sandbox"));
    expect(others).to.deep.equal([]);
    expect(incident).to.deep.include({ cause: { kind: "manual" }, why: "" });
    expect(incident.rebootRequestedAtMs).to.be.within(incident.claimedAtMs, Date.now());
  });

  it("print escape sequences in the table's items as visible text", async () => {
    const escapes =
      "\u001b]0;owned\u0007\u001b[2J\u001b]8;;http://evil.example\u001b\\x\u009b1m\u202e";
    const hostile = { S: `${escapes}\n2026-01-01T00:00:00.000Z  forged` };
    const db = new DynamoDBClient(environment.aws);
    const put = (Item: Record<string, AttributeValue>) =>
      db.send(new PutItemCommand({ TableName: stack.tableName, Item }));
    await put({
      id: { S: "incident#hostile" },
      source: hostile,
      why: hostile,
      count: hostile,
      failure: hostile,
      outcome: hostile,
      emails: { L: [{ M: { at: { N: "1" }, subject: hostile, text: hostile } }] },
      emailFailure: hostile,
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
        // Neither the source nor the count is one that the function writes.
        cause: { kind: "alert", windowStartMs: null, windowEndMs: null },
        why: hostile.S,
        arrivedAtMs: null,
        claimedAtMs: null,
        failure: hostile.S,
        checkCount: 0,
        upCount: 0,
        outcome: hostile.S,
        mails: [{ atMs: 1, subject: hostile.S, text: hostile.S }],
        mailFailure: hostile.S,
      },
    ]);
  });

  it("report a problem on one line", async () => {
    expect(await mode("off")).to.match(/^off needs a reason; expected: npm run mode .*$/);
  });
});

import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SNSClient } from "@aws-sdk/client-sns";
import { expect } from "chai";
import { drill } from "../../operate/drill/drill.ts";
import type { Ports } from "../../operate/drill/ports.ts";
import { drilledStack } from "../../operate/drill/stack.ts";
import { SumoLogicApi } from "../../operate/drill/sumo-logic.ts";
import type { Engine } from "../../sandbox/engine/engine.ts";
import { Probe, stackOutputs } from "../../sandbox/scenario/probe.ts";
import { runCommand, startTestWorld, type TestWorld } from "../../sandbox/test-world.ts";

const minute = 60_000;

describe("the drill on a stack that is up", () => {
  let world: TestWorld;
  let engine: Engine;
  let probe: Probe;
  let ports: Ports;
  before(async () => {
    // The function's log has this machine's time, which the drill must not overtake.
    world = await startTestWorld({ minutesAgo: 8 });
    engine = await world.createEngine({ policyPack: null });
    await engine.up();
    const outputs = await engine.stack.outputs();
    probe = new Probe(world, stackOutputs(outputs));
    const { clock, aws } = world;
    const stack = drilledStack("reboot-automation", outputs, await engine.stack.getAllConfig());
    ports = {
      stack,
      sumoLogic: new SumoLogicApi(stack.sumoLogic),
      lambda: new LambdaClient(aws),
      sns: new SNSClient(aws),
      ec2: new EC2Client(aws),
      logs: new CloudWatchLogsClient(aws),
      post: (url, request) =>
        url === stack.functionUrl
          ? world.callUrl(url, request)
          : fetch(url, { method: "POST", ...request }).then(async (answer) => ({
              status: answer.status,
              body: await answer.text(),
            })),
      now: () => clock.now(),
      /** The server stays in service, and Sumo Logic looks at its monitors each minute. */
      async sleep(milliseconds) {
        const before = Math.floor(clock.now() / minute);
        clock.advance(milliseconds / minute);
        for (let it = before; it < Math.floor(clock.now() / minute); it++) {
          await probe.respond(1, "fast");
          await world.sumoLogic.evaluateMonitors();
        }
      },
    };
    await probe.respond(20, "fast");
  });
  after(() => world.stop());

  async function run({ reboot = false, typed = "" } = {}) {
    const lines: string[] = [];
    const questions: string[] = [];
    const code = await drill(ports, {
      reboot,
      ask: async (question) => {
        questions.push(question);
        return typed;
      },
      say: (line) => lines.push(line),
    });
    return { code, lines, questions };
  }

  /** What a drill says must be broken, by name, and nothing else. */
  async function expectBroken(name: string, detail: string) {
    const { code, lines } = await run({ reboot: true, typed: ports.stack.instanceId });
    const broken = lines.filter((line) => line.startsWith("✗"));

    expect(broken).to.have.length(1);
    expect(broken[0]).to.include(name).and.include(detail);
    expect(code).to.equal(1);
    expect(probe.takeReboots().filter(({ isDryRun }) => !isDryRun)).to.deep.equal([]);
  }

  it("finds every link whole, reboots nothing and fires no alert", async () => {
    const { code, lines, questions } = await run();

    expect(lines.filter((line) => !line.startsWith("✓"))).to.deep.equal([
      "7 ok, 0 broken, 0 not checked",
    ]);
    expect(code).to.equal(0);
    expect(questions).to.deep.equal([]);
    const [dryRun, ...others] = probe.takeReboots();
    expect(dryRun).to.include({ isDryRun: true, error: "DryRunOperation" });
    expect(others).to.deep.equal([]);
    expect((await probe.pass(5)).map((it) => it.kind)).to.deep.equal([]);
  });

  it("runs as people run it; here only the function's URL cannot be reached", async () => {
    const { output, error } = await runCommand(world, "drill", ["--stack", "sandbox"]);

    expect(error).to.equal("");
    expect(output).to.include("6 ok, 1 broken, 0 not checked");
    expect(output).to.include("✗ the webhook takes this stack's token: fetch failed");
    const { SUMOLOGIC_ACCESSKEY: accessKey = "" } = world.environment;
    for (const secret of [world.webhookToken, ports.stack.logSourceUrl, accessKey]) {
      expect(output).not.to.include(secret);
    }
    probe.takeReboots();
  });

  for (const [what, words, environment, expected] of [
    ["there is no such stack", ["--stack", "other"], {}, "no stack named 'other' found"],
    [
      "there is no Pulumi CLI",
      ["--stack", "dev"],
      { PATH: "/nowhere" },
      "the Pulumi CLI is not on PATH: https://www.pulumi.com/docs/install/",
    ],
  ] as const) {
    it(`says in a line that ${what}`, async () => {
      const { output, error } = await runCommand(world, "drill", words, environment);

      expect(output).to.equal("");
      expect(error).to.include(expected);
      expect(error.split("\n")).to.have.length(1);
    });
  }

  it("says that the source's address is wrong", async () => {
    const { stack } = ports;
    ports = { ...ports, stack: { ...stack, logSourceUrl: `${stack.logSourceUrl}x` } };

    await expectBroken("the HTTP source takes a line", "the HTTP source answered 401");
    ports = { ...ports, stack };
  });

  it("says that the token is wrong", async () => {
    const { stack } = ports;
    ports = { ...ports, stack: { ...stack, webhookToken: "0".repeat(64) } };

    await expectBroken("the webhook takes this stack's token", "it answered 401");
    ports = { ...ports, stack };
  });

  it("says that another function is called", async () => {
    const { stack } = ports;
    ports = { ...ports, stack: { ...stack, functionUrl: "https://other.example/" } };
    const { code, lines } = await run();

    expect(lines.join("\n")).to.include("expected https://other.example/");
    expect(code).to.equal(1);
    ports = { ...ports, stack };
  });

  it("reboots nothing unless the instance's id is typed", async () => {
    for (const typed of ["", "yes", "i-0"]) {
      const { code, lines, questions } = await run({ reboot: true, typed });

      expect(questions, lines.join("\n")).to.have.length(1);
      expect(lines.at(-1)).to.include("Nothing was rebooted");
      expect(code).to.equal(1);
    }
    expect(probe.takeReboots().filter(({ isDryRun }) => !isDryRun)).to.deep.equal([]);
  });

  it("with the id does the real thing, from the slow responses to the alert's end", async () => {
    const { code, lines } = await run({ reboot: true, typed: ports.stack.instanceId });

    expect(code, lines.join("\n")).to.equal(0);
    const events = lines.slice(lines.indexOf("7 ok, 0 broken, 0 not checked") + 1);
    expect(events.map((line) => line.replace(/^ *\d+ s {2}/, ""))).to.deep.equal([
      "Sumo Logic took 6 responses of 4 s",
      `the function rebooted ${ports.stack.instanceId}, e-mail sent`,
      "both status checks of the instance are ok",
      "Sumo Logic resolved the alert",
    ]);
    const [reboot, ...others] = probe.takeReboots().filter(({ isDryRun }) => !isDryRun);
    expect(reboot?.instanceIds).to.deep.equal([ports.stack.instanceId]);
    expect(others).to.deep.equal([]);
  });
});

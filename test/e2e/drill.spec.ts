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
import { StackClient, stackOutputs } from "../../sandbox/scenario/stack-client.ts";
import {
  runCommand,
  startTestEnvironment,
  type TestEnvironment,
} from "../../sandbox/test-environment.ts";

const minute = 60_000;

describe("the drill on a deployed stack", () => {
  let environment: TestEnvironment;
  let engine: Engine;
  let client: StackClient;
  let ports: Ports;
  before(async () => {
    // The function's log has this machine's time, and the drill's clock must not be ahead of it.
    environment = await startTestEnvironment({ minutesAgo: 8 });
    engine = await environment.createEngine({ policyPack: null });
    await engine.up();
    const outputs = await engine.stack.outputs();
    client = new StackClient(environment, stackOutputs(outputs));
    const { clock, aws } = environment;
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
          ? environment.callUrl(url, request)
          : fetch(url, { method: "POST", ...request }).then(async (response) => ({
              status: response.status,
              body: await response.text(),
            })),
      now: () => clock.now(),
      /** The server stays in service, and Sumo Logic evaluates its monitors each minute. */
      async sleep(milliseconds) {
        const before = Math.floor(clock.now() / minute);
        clock.advance(milliseconds / minute);
        for (let it = before; it < Math.floor(clock.now() / minute); it++) {
          await client.logResponses(1, "fast");
          await environment.sumoLogic.evaluateMonitors();
        }
      },
    };
    await client.logResponses(20, "fast");
  });
  after(() => environment.stop());

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

  /** Expects the drill to report exactly the named link as broken. */
  async function expectBroken(name: string, detail: string) {
    const { code, lines } = await run({ reboot: true, typed: ports.stack.instanceId });
    const broken = lines.filter((line) => line.startsWith("✗"));

    expect(broken).to.have.length(1);
    expect(broken[0]).to.include(name).and.include(detail);
    expect(code).to.equal(1);
    expect(client.newReboots().filter(({ isDryRun }) => !isDryRun)).to.deep.equal([]);
  }

  it("finds every link working, reboots nothing and fires no alert", async () => {
    const { code, lines, questions } = await run();

    expect(lines.filter((line) => !line.startsWith("✓"))).to.deep.equal([
      "7 ok, 0 broken, 0 not checked",
    ]);
    expect(code).to.equal(0);
    expect(questions).to.deep.equal([]);
    const [dryRun, ...others] = client.newReboots();
    expect(dryRun).to.include({ isDryRun: true, error: "DryRunOperation" });
    expect(others).to.deep.equal([]);
    expect((await client.advanceMinutes(5)).map((it) => it.kind)).to.deep.equal([]);
  });

  it("runs as an npm script; only the function's URL is unreachable here", async () => {
    const { output, error } = await runCommand(environment, "drill", ["--stack", "sandbox"]);

    expect(error).to.equal("");
    expect(output).to.include("6 ok, 1 broken, 0 not checked");
    expect(output).to.include("✗ the webhook accepts this stack's token: fetch failed");
    const { SUMOLOGIC_ACCESSKEY: accessKey = "" } = environment.variables;
    for (const secret of [environment.webhookToken, ports.stack.logSourceUrl, accessKey]) {
      expect(output).not.to.include(secret);
    }
    client.newReboots();
  });

  for (const [what, words, variables, expected] of [
    ["there is no such stack", ["--stack", "other"], {}, "no stack named 'other' found"],
    [
      "there is no Pulumi CLI",
      ["--stack", "dev"],
      { PATH: "/nowhere" },
      "the Pulumi CLI is not on PATH: https://www.pulumi.com/docs/install/",
    ],
  ] as const) {
    it(`reports on one line that ${what}`, async () => {
      const { output, error } = await runCommand(environment, "drill", words, variables);

      expect(output).to.equal("");
      expect(error).to.include(expected);
      expect(error.split("\n")).to.have.length(1);
    });
  }

  it("reports a wrong source URL", async () => {
    const { stack } = ports;
    ports = { ...ports, stack: { ...stack, logSourceUrl: `${stack.logSourceUrl}x` } };

    await expectBroken("the HTTP source accepts a line", "the HTTP source responded 401");
    ports = { ...ports, stack };
  });

  it("reports a wrong token", async () => {
    const { stack } = ports;
    ports = { ...ports, stack: { ...stack, webhookToken: "0".repeat(64) } };

    await expectBroken("the webhook accepts this stack's token", "it responded 401");
    ports = { ...ports, stack };
  });

  it("reports that the webhook calls a different function", async () => {
    const { stack } = ports;
    ports = { ...ports, stack: { ...stack, functionUrl: "https://other.example/" } };
    const { code, lines } = await run();

    expect(lines.join("\n")).to.include("expected https://other.example/");
    expect(code).to.equal(1);
    ports = { ...ports, stack };
  });

  it("reboots nothing unless you type the instance's id", async () => {
    for (const typed of ["", "yes", "i-0"]) {
      const { code, lines, questions } = await run({ reboot: true, typed });

      expect(questions, lines.join("\n")).to.have.length(1);
      expect(lines.at(-1)).to.include("Nothing was rebooted");
      expect(code).to.equal(1);
    }
    expect(client.newReboots().filter(({ isDryRun }) => !isDryRun)).to.deep.equal([]);
  });

  it("runs the whole loop with the id, from slow responses to the resolved alert", async () => {
    const { code, lines } = await run({ reboot: true, typed: ports.stack.instanceId });

    expect(code, lines.join("\n")).to.equal(0);
    const events = lines.slice(lines.indexOf("7 ok, 0 broken, 0 not checked") + 1);
    expect(events.map((line) => line.replace(/^ *\d+ s {2}/, ""))).to.deep.equal([
      "Sumo Logic accepted 6 responses of 4 s",
      `the function rebooted ${ports.stack.instanceId}, e-mail sent`,
      "both status checks of the instance are ok",
      "Sumo Logic resolved the alert",
    ]);
    const [reboot, ...others] = client.newReboots().filter(({ isDryRun }) => !isDryRun);
    expect(reboot?.instanceIds).to.deep.equal([ports.stack.instanceId]);
    expect(others).to.deep.equal([]);
  });
});

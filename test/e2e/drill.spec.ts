import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateEventBusCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { PipesClient } from "@aws-sdk/client-pipes";
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

// biome-ignore lint/suspicious/noExplicitAny: bodies of the API
type Item = Record<string, any>;

const minute = 60_000;

describe("the drill on a deployed stack", () => {
  let environment: TestEnvironment;
  let engine: Engine;
  let client: StackClient;
  let ports: Ports;
  let instanceId: string;
  let silenceMonitorId: string;
  before(async () => {
    // The function's log has this machine's time, and the drill's clock must not be ahead of it.
    environment = await startTestEnvironment({ minutesAgo: 8 });
    engine = await environment.createEngine({ policyPack: null });
    await engine.up();
    const outputs = await engine.stack.outputs();
    client = new StackClient(environment, stackOutputs(outputs));
    const { clock, aws } = environment;
    const stack = drilledStack("reboot-automation", outputs, await engine.stack.getAllConfig());
    [instanceId] = stack.instanceIds;
    silenceMonitorId = String(stack.silenceMonitorIds[instanceId]);
    ports = {
      stack,
      sumoLogic: new SumoLogicApi(stack.sumoLogic),
      lambda: new LambdaClient(aws),
      sns: new SNSClient(aws),
      ec2: new EC2Client(aws),
      logs: new CloudWatchLogsClient(aws),
      events: new EventBridgeClient(aws),
      pipes: new PipesClient(aws),
      loadBalancers: new ElasticLoadBalancingV2Client(aws),
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

  async function run({ notify = false, reboot = false, typed = "" } = {}) {
    const lines: string[] = [];
    const questions: string[] = [];
    const code = await drill(ports, {
      notify,
      reboot: reboot ? instanceId : undefined,
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
    const { code, lines } = await run({ reboot: true, typed: instanceId });
    const broken = lines.filter((line) => line.startsWith("✗"));

    expect(broken).to.have.length(1);
    expect(broken[0]).to.include(name).and.include(detail);
    expect(code).to.equal(1);
    expect(client.newReboots().filter(({ isDryRun }) => !isDryRun)).to.deep.equal([]);
  }

  it("finds every link working, reboots nothing and fires no alert", async () => {
    const { code, lines, questions } = await run();

    expect(lines.filter((line) => !line.startsWith("✓"))).to.deep.equal([
      "10 ok, 0 broken, 0 not checked",
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
    expect(output).to.include("9 ok, 1 broken, 0 not checked");
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

  it("says that a stack without targets has none", async () => {
    const { code, lines } = await run({ notify: true });

    expect(lines).to.include(
      "✓ a test event for each target: the stack has no target: set slackWorkspaceId, teamsTenantId, pagerDutyRoutingKey or eventBusArn",
    );
    expect(code).to.equal(0);
  });

  it("sends a test event to the stack's bus and resolves it", async () => {
    const { stack } = ports;
    await ports.events.send(new CreateEventBusCommand({ Name: "drilled" }));
    ports = { ...ports, stack: { ...stack, eventBusName: "drilled" } };
    const { code, lines } = await run({ notify: true });
    expect(code, lines.join("\n")).to.equal(0);
    expect(lines.at(-2)).to.match(
      /^✓ a test event for each target: EventBridge accepted both events of drill-\d+: check that each target shows them$/,
    );

    ports = { ...ports, stack };
  });

  describe("on a monitor that does not call anybody", () => {
    const sumoLogic = async (method: string, path: string, body?: object): Promise<Item> => {
      const { baseUrl, accessId, accessKey } = ports.stack.sumoLogic;
      const authorization = `Basic ${Buffer.from(`${accessId}:${accessKey}`).toString("base64")}`;
      const init = {
        method,
        headers: { authorization },
        ...(body && { body: JSON.stringify(body) }),
      };
      const response = await fetch(new URL(path, baseUrl), init);
      expect(response.status, await response.clone().text()).to.be.below(300);
      return response.status === 204 ? {} : ((await response.json()) as Item);
    };
    const schedule = {
      type: "MutingSchedulesLibraryMutingSchedule",
      name: "Maintenance",
      schedule: {
        timezone: "Europe/Berlin",
        startDate: "2026-01-03",
        startTime: "02:00",
        duration: 120,
        rrule: "FREQ=WEEKLY;BYDAY=SA",
      },
    };
    const root = "0000000000000002";

    it("reports a muting schedule of its folder", async () => {
      const { parentId } = await sumoLogic("GET", `v1/monitors/${ports.stack.monitorId}`);
      const { id } = await sumoLogic("POST", `v1/mutingSchedules?parentId=${root}`, {
        ...schedule,
        monitor: { ids: [parentId] },
      });

      await expectBroken(
        "no muting schedule covers a monitor",
        '"Maintenance" mutes "Slow responses of api data", "Maintenance" mutes "No access log"',
      );
      await sumoLogic("DELETE", `v1/mutingSchedules/${id}`);
    });

    it("reports one that Sumo Logic disabled", async () => {
      environment.sumoLogic.disableBySystem(silenceMonitorId);

      await expectBroken(
        "Sumo Logic has not disabled a monitor",
        `\`_index=sumologic_system_events MonitorSystemDisabled ${silenceMonitorId}\` shows why`,
      );
      environment.sumoLogic.enableBySystem(silenceMonitorId);
    });

    it("reports that its owner was deleted, last of all", async () => {
      const { createdBy } = await sumoLogic("GET", `v1/monitors/${ports.stack.monitorId}`);
      const user = await sumoLogic("GET", `v1/users/${createdBy}`);
      await sumoLogic("DELETE", `v1/users/${createdBy}`);

      await expectBroken(
        "the monitors belong to an existing user",
        `"Slow responses of api data" belongs to ${createdBy}, which is neither a user nor a service account any more`,
      );
      expect(user.email).to.equal("sandbox@example.com");
      environment.sumoLogic.restoreOwner();
    });
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
    const { code, lines } = await run({ reboot: true, typed: instanceId });

    expect(code, lines.join("\n")).to.equal(0);
    const events = lines.slice(lines.indexOf("10 ok, 0 broken, 0 not checked") + 1);
    expect(events.map((line) => line.replace(/^ *\d+ s {2}/, ""))).to.deep.equal([
      "Sumo Logic accepted 6 responses of 4 s",
      `the function rebooted ${instanceId}, e-mail sent`,
      "both status checks of the instance are ok",
      "Sumo Logic resolved the alert",
    ]);
    const [reboot, ...others] = client.newReboots().filter(({ isDryRun }) => !isDryRun);
    expect(reboot?.instanceIds).to.deep.equal([instanceId]);
    expect(others).to.deep.equal([]);
  });
});

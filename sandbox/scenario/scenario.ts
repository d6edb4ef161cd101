import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { sumoLogicAccess } from "../../operate/drill/stack.ts";
import { SumoLogicApi } from "../../operate/drill/sumo-logic.ts";
import { readIncidents } from "../../operate/history/history.ts";
import { readCode } from "../../operate/history/report/deployed-code.ts";
import { writeReport } from "../../operate/history/report/read.ts";
import { reportedStack } from "../../operate/history/report/reported-stack.ts";
import { setMode, showMode } from "../../operate/mode/mode.ts";
import type { RecordedCall } from "../aws/gateway.ts";
import { type Mailbox, openMailbox } from "../aws/mail.ts";
import type { Engine, EngineRun } from "../engine/engine.ts";
import { type Environment, startEnvironment } from "../environment.ts";
import type { Notification } from "../sumo-logic/notify.ts";
import { StackClient, type StackOutputs, stackOutputs } from "./stack-client.ts";
import { expect, type Step } from "./steps.ts";
import { createTargetSteps } from "./target-steps.ts";

/** The steps from the first log line to the last e-mail; `--keep` waits between `main` and `end`. */
export interface Scenario {
  readonly main: readonly Step[];
  readonly end: readonly Step[];
  /** The running environment and the stack's outputs, once there are any. */
  readonly state: Partial<Running>;
  stop(): Promise<void>;
}

interface Running {
  environment: Environment;
  engine: Engine;
  stack: StackOutputs;
  client: StackClient;
  mailbox: Mailbox;
  /** The body of the webhook call that rebooted the instance. */
  alert: string;
}

/** The steps. Each fails unless it observes exactly what its name says. */
export function createScenario(tools: {
  pulumi: string;
  python: string;
  folder: string;
  /** Whether the stack sends its events to every target, and steps show what arrives. */
  withTargets?: boolean;
}): Scenario {
  const state: Partial<Running> = {};
  const running = () => state as Running;
  const targets = tools.withTargets ? createTargetSteps(running) : undefined;

  const main: Step[] = [
    {
      name: "the AWS emulator with IAM enforced, Sumo Logic and the providers start",
      async run() {
        state.environment = await startEnvironment({ ...tools, minutesAgo });
        const options = targets?.engineOptions(tools.folder);
        state.engine = await state.environment.createEngine(options);
        return [
          `AWS at ${state.environment.aws.endpoint}, Sumo Logic at ${state.environment.sumoLogic.apiUrl}`,
          `the sandbox's clock starts ${minutesAgo} minutes ago, so that it can be advanced`,
        ];
      },
    },
    {
      name: "pulumi preview with the policy pack has no findings",
      async run() {
        const preview = await running().engine.preview();
        expect(preview.violations.length === 0, preview.violations.join("\n"));
        return [summary(preview)];
      },
    },
    {
      name: "pulumi up creates the stack",
      async run() {
        const { engine, environment } = running();
        const up = await engine.up();
        // The function requests three minutes between two health checks: too long to wait for here.
        environment.gateway.longestDelaySeconds = 2;
        state.stack = stackOutputs(await engine.stack.outputs());
        state.mailbox = await openMailbox(environment.aws, state.stack.topicArn);
        state.client = new StackClient(environment, state.stack);
        const { instanceId, functionName, functionUrl } = state.stack;
        return [summary(up), `${instanceId}, ${functionName}, ${functionUrl}`];
      },
    },
    ...(targets?.deployed ?? []),
    {
      name: "five slow responses in ten minutes: no alert, no reboot",
      async run() {
        const { client } = running();
        await client.logResponses(5, "slow");
        await client.logResponses(20, "fast");
        const notifications = await client.advanceMinutes(3);
        expect(notifications.length === 0, "an alert fired");
        expectReboots(client.newReboots(), 0);
        return [
          "log lines of a real nginx: 5 responses of /api/data over 3 s, 20 under 3 s, and other paths",
          passed(3),
        ];
      },
    },
    {
      name: "a sixth: the monitor fires, its webhook calls the function, EC2 reboots the instance",
      async run() {
        const { client, stack } = running();
        await client.logResponses(1, "slow");
        const [notification, ...others] = await client.advanceMinutes(2);
        expect(notification?.kind === "webhook", "no webhook was called");
        expect(notification.status === 200, `the webhook responded with ${notification.status}`);
        expect(others.length === 0, "the alert notified more than once");
        expectOutcome(notification.response, { outcome: "rebooted", notified: true });
        state.alert = notification.payload;
        const [reboot] = expectReboots(client.newReboots(), 1);
        expect(reboot?.status === 200, `EC2 responded with ${reboot?.error}`);
        expect(reboot?.instanceIds.join() === stack.instanceId, "another instance was rebooted");
        expect(reboot?.caller !== "root", "the call came from root, not from the function's role");
        return [
          passed(2),
          `webhook: ${notification.triggerType}, response ${notification.status}`,
          describe(reboot),
        ];
      },
    },
    {
      name: "the action is in CloudWatch Logs",
      async run() {
        const records = await running().client.logRecords();
        const rebooted = records.filter(({ outcome }) => outcome === "rebooted");
        expect(rebooted.length === 1, `${rebooted.length} log records say "rebooted"`);
        return [running().stack.logGroupName, ...records.map((record) => JSON.stringify(record))];
      },
    },
    {
      name: "your team gets the e-mail",
      async run() {
        const { mailbox, stack } = running();
        const mail = await mailbox.next();
        expect(mail.subject === `Rebooted EC2 instance ${stack.instanceId}`, mail.subject);
        return [`To: ${mail.to.join(", ")}`, `Subject: ${mail.subject}`, ...mail.body.split("\n")];
      },
    },
    ...(targets?.rebooted ?? []),
    {
      name: "the same alert is delivered again: it is handled once, nothing is rebooted",
      async run() {
        const { client, environment, alert } = running();
        const { body } = await client.postWebhook(environment.webhookToken, alert);
        expectOutcome(body, { outcome: "skipped" });
        expect(body.includes("suppressed as a duplicate"), body);
        expectReboots(client.newReboots(), 0);
        return [body];
      },
    },
    {
      name: "two more alerts within the cool-down: suppressed, one e-mail",
      async run() {
        const { client, mailbox, environment } = running();
        for (const [alertUrl, notified] of [
          ["https://service.sumologic.com/ui/#/alert/2", true],
          ["https://service.sumologic.com/ui/#/alert/3", false],
        ] as const) {
          const { body } = await client.postAlert(environment.webhookToken, { alertUrl });
          expectOutcome(body, { outcome: "skipped", notified });
        }
        expectReboots(client.newReboots(), 0);
        const mail = await mailbox.next();
        expect(mailbox.waiting() === 0, "a second e-mail was sent");
        return [`Subject: ${mail.subject}`, ...mail.body.split("\n").slice(2, 3)];
      },
    },
    {
      name: "fast responses again, instance up: the last e-mail says that it recovered",
      async run() {
        const { client, mailbox, environment } = running();
        const sent: Notification[] = [];
        let minutes = 0;
        for (; minutes < 30 && sent.length === 0; minutes++) {
          await client.logResponses(5, "fast");
          sent.push(...(await client.advanceMinutes(1)));
        }
        expect(sent.length === 1 && sent[0]?.triggerType === "ResolvedCritical", "not resolved");
        const mail = await mailbox.next();
        expect(mail.subject.startsWith("Recovered: EC2 instance "), mail.subject);
        const [, resolved] =
          /the alert resolved (\d+)m\d\ds after the reboot/.exec(mail.body) ?? [];
        // The time that this machine needs is added.
        expect(Number(resolved) - minutes <= 1, `resolved after ${minutes} minutes: ${mail.body}`);
        expectReboots(client.newReboots(), 0);
        const asked = environment.gateway.calls.flatMap((it) => it.delaySeconds ?? []);
        expect(
          asked.length >= 2 && asked.every((it) => it === 180),
          `requested delays of ${asked.join()} s`,
        );
        return [
          passed(minutes),
          `${asked.length} health checks, each requested in 180 s`,
          `Subject: ${mail.subject}`,
          ...mail.body.split("\n").slice(0, 4),
        ];
      },
    },
    ...(targets?.recovered ?? []),
    {
      name: "npm run history -- --html: the report of the incident, one file",
      async run() {
        const { environment, engine } = running();
        const file = join(tools.folder, "incident-report.html");
        const page = await incidentReport(environment, engine);
        for (const text of [
          "<h1>Recovered: EC2 instance ",
          '<svg class="chart"',
          "2 requests suppressed by the cool-down",
          "1 request suppressed as a duplicate",
          "Sent the e-mail &quot;Recovered: ",
          "before this incident",
        ]) {
          expect(page.includes(text), `the report in ${file} lacks: ${text}`);
        }
        writeFileSync(file, page);
        return [
          file,
          `${Math.ceil(page.length / 1_000)} kB, without scripts: open it in a browser`,
        ];
      },
    },
    {
      name: "a manual invocation right after it: suppressed by the cool-down, no reboot",
      async run() {
        const { client, mailbox } = running();
        const { response } = await client.invoke();
        expectOutcome(JSON.stringify(response), { outcome: "skipped" });
        expect(String(response.reason).includes("cool-down"), JSON.stringify(response));
        expectReboots(client.newReboots(), 0);
        expect(mailbox.waiting() === 0, "an e-mail was sent");
        return [JSON.stringify(response)];
      },
    },
    {
      name: "manual invocation with force, which skips the cool-down: a reboot and an e-mail",
      async run() {
        const { client, mailbox } = running();
        const { error, response } = await client.invoke({ force: true });
        expect(error === undefined, JSON.stringify(response));
        expectOutcome(JSON.stringify(response), { outcome: "rebooted", notified: true });
        const [reboot] = expectReboots(client.newReboots(), 1);
        const mail = await mailbox.next();
        expect(mail.subject.startsWith("Rebooted AGAIN, find the cause: "), mail.subject);
        return [JSON.stringify(response), describe(reboot), `Subject: ${mail.subject}`];
      },
    },
    {
      name: "the instance stops: Sumo Logic itself sends an e-mail that no lines arrive",
      async run() {
        const { client } = running();
        await client.stopInstance();
        const [email, ...others] = await client.advanceMinutes(20);
        expect(email?.kind === "email" && others.length === 0, "not exactly one e-mail");
        expectReboots(client.newReboots(), 0);
        return [passed(20), `To: ${email.recipients.join(", ")}`, `Subject: ${email.subject}`];
      },
    },
    {
      name: "it does not recover: nine health checks, then an e-mail, and no further action",
      async run() {
        const { client, mailbox, environment } = running();
        await client.advanceMinutes(7);
        environment.gateway.longestDelaySeconds = 0;
        const mail = await mailbox.next();
        expect(mail.subject.startsWith("NOT recovered after the reboot: "), mail.subject);
        expect(mail.body.includes("after 9 checks"), mail.body);
        expectReboots(client.newReboots(), 0);
        await client.startInstance();
        await environment.events.idle();
        environment.clock.catchUp();
        return [
          passed(7),
          `Subject: ${mail.subject}`,
          ...mail.body.split("\n").slice(2, 4),
          "the sandbox's clock has this machine's time again",
        ];
      },
    },
    ...(targets?.notRecovered ?? []),
    {
      name: "the kill switch is off: even a manual invocation with force reboots nothing",
      async run() {
        const { client, environment, stack } = running();
        const { tableName, instanceId } = stack;
        const target = { db: new DynamoDBClient(environment.aws), tableName, instanceId };
        const change = { nowMs: environment.clock.now(), forMs: undefined };
        await setMode(target, { ...change, mode: "off", reason: "release" });
        const { response } = await client.invoke({ force: true });
        expect(String(response.reason).includes("the mode is off"), JSON.stringify(response));
        expectReboots(client.newReboots(), 0);
        await setMode(target, { ...change, mode: "on", reason: "" });
        return [JSON.stringify(response), ...(await showMode(target, environment.clock.now()))];
      },
    },
    {
      name: "manual invocation with dryRun: EC2 permits it, nothing is rebooted",
      async run() {
        const { client, mailbox } = running();
        const { response } = await client.invoke({ dryRun: true });
        expectOutcome(JSON.stringify(response), { outcome: "dry-run", notified: false });
        const [asked] = expectReboots(client.newReboots(), 1);
        expect(asked?.isDryRun === true && asked.error === "DryRunOperation", "not a dry run");
        expect(mailbox.waiting() === 0, "an e-mail was sent");
        return [JSON.stringify(response), describe(asked)];
      },
    },
    {
      name: "a webhook call with a wrong token: 401, no reboot",
      async run() {
        const { client } = running();
        const { status, body } = await client.postAlert("0".repeat(64));
        expect(status === 401 && body === "", `the response was ${status} ${body}`);
        expectReboots(client.newReboots(), 0);
        return [`response ${status} with an empty body`];
      },
    },
    {
      name: "a webhook call while the function URL lacks either permission: 403, no reboot",
      async run() {
        const { client, environment } = running();
        const evidence: string[] = [];
        await client.withoutEachPermission(async (lacking) => {
          const { status } = await client.postAlert(environment.webhookToken);
          expect(status === 403, `without ${lacking} the response was ${status}`);
          evidence.push(`without ${lacking}: ${status}`);
        });
        expect(evidence.length === 2, `the URL has ${evidence.length} permissions`);
        expectReboots(client.newReboots(), 0);
        return evidence;
      },
    },
    {
      name: "another instance with the function's role: IAM denies it",
      async run() {
        const { client } = running();
        const { instanceId, error } = await client.rebootAnotherInstance();
        expect(error === "UnauthorizedOperation", `EC2 responded with ${error || "success"}`);
        const [denied] = expectReboots(client.newReboots(), 1);
        expect(denied?.instanceIds.join() === instanceId, "the call was for another instance");
        return [describe(denied)];
      },
    },
    {
      name: "pulumi preview, refresh and up again, with the policy pack: no findings, no changes",
      async run() {
        const { engine } = running();
        const evidence: string[] = [];
        for (const command of ["preview", "refresh", "preview", "up"] as const) {
          const done = await engine[command]();
          expect(done.violations.length === 0, done.violations.join("\n"));
          expect(Object.keys(done.changes).join() === "same", `${command}: ${summary(done)}`);
          evidence.push(`${command}: ${summary(done)}`);
        }
        return evidence;
      },
    },
  ];

  const end: Step[] = [
    {
      name: "pulumi destroy leaves nothing",
      async run() {
        const { engine, client } = running();
        const destroyed = await engine.destroy();
        const left = await client.leftovers();
        expect(left.length === 0, `left: ${left.join(", ")}`);
        return [summary(destroyed)];
      },
    },
  ];

  return {
    main,
    end,
    state,
    async stop() {
      state.mailbox?.stop();
      targets?.stop();
      await state.environment?.stop();
    },
  };
}

/** The report of the incident of the alert, with the sandbox's times. */
async function incidentReport(environment: Environment, engine: Engine): Promise<string> {
  const { aws, clock, variables } = environment;
  const outputs = await engine.stack.outputs();
  const config = await engine.stack.getAllConfig();
  const stack = { name: engine.stack.name, project: "reboot-automation", outputs, config, aws };
  const incidents = await readIncidents(new DynamoDBClient(aws), outputs.tableName?.value);
  const incident = incidents.find(({ cause }) => cause.kind === "alert");
  expect(incident !== undefined, "the table has no incident of an alert");
  return writeReport(incident, {
    stack: reportedStack(stack, aws.region),
    async readCode() {
      const code = await readCode(new LambdaClient(aws), outputs.functionName?.value);
      // Lambda has this machine's time: the deployment was before the clock was advanced.
      return { ...code, modifiedMs: code.modifiedMs - minutesAgo * 60_000 };
    },
    logs: new CloudWatchLogsClient(aws),
    sumoLogic: new SumoLogicApi(sumoLogicAccess(config, variables)),
    now: () => clock.now(),
    sleep: async () => {},
  });
}

/** How far behind the sandbox's clock starts: the scenario advances it by less than that. */
const minutesAgo = 70;

function passed(minutes: number): string {
  return `${minutes} minutes pass on the sandbox's clock`;
}

function expectReboots(calls: RecordedCall[], count: number): RecordedCall[] {
  const observed = calls.map(describe).join("; ") || "none";
  expect(
    calls.length === count,
    `expected ${count} calls of RebootInstances, observed ${observed}`,
  );
  return calls;
}

function expectOutcome(text: string | undefined, expected: Record<string, unknown>): void {
  const outcome = JSON.parse(text ?? "{}");
  for (const [key, value] of Object.entries(expected)) {
    expect(outcome[key] === value, `${key} is ${outcome[key]} in ${text}; expected ${value}`);
  }
}

function describe(call: RecordedCall | undefined): string {
  if (!call) return "no call";
  const { action, instanceIds, caller, status, error, isDryRun } = call;
  const outcome = error ? `${status} ${error}` : String(status);
  return `${action} ${instanceIds.join()}${isDryRun ? " (dry run)" : ""} by role ${caller}: ${outcome}`;
}

function summary({ changes }: EngineRun): string {
  return Object.entries(changes)
    .map(([operation, count]) => `${count} ${operation}`)
    .join(", ");
}

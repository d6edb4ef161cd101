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
import type { Engine } from "../engine/engine.ts";
import type { Environment } from "../environment.ts";
import type { Notification } from "../sumo-logic/notify.ts";
import { describe, expectOutcome, expectReboots, passed } from "./evidence.ts";
import { createStackSteps, type Scenario, type Tools } from "./stack-steps.ts";
import { expect, type Step } from "./steps.ts";
import { createTargetSteps } from "./target-steps.ts";

/**
 * The steps of one instance that the stack creates. Each fails unless it observes exactly what its name says.
 * `withTargets`: whether the stack sends its events to every target, and steps show what arrives.
 */
export function createScenario({
  withTargets,
  ...tools
}: Tools & { withTargets?: boolean }): Scenario {
  const targets = withTargets ? createTargetSteps(() => running()) : undefined;
  const { state, running, start, deploy, anotherInstance, unchanged, destroy, stop } =
    createStackSteps({
      tools,
      minutesAgo,
      longestDelaySeconds: 2,
      ...(targets && { engineOptions: () => targets.engineOptions(tools.folder) }),
    });
  /** The body of the webhook call that rebooted the instance. */
  let alert: string;

  const main: Step[] = [
    start,
    ...deploy,
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
        alert = notification.payload;
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
        const { client, environment } = running();
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
    anotherInstance,
    unchanged,
  ];

  return {
    main,
    end: [destroy],
    state,
    async stop() {
      targets?.stop();
      await stop();
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

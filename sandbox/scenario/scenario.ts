import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { setMode, showMode } from "../../operate/mode/mode.ts";
import type { RecordedCall } from "../aws/gateway.ts";
import { type Mailbox, openMailbox } from "../aws/mail.ts";
import type { Engine, EngineRun } from "../engine/engine.ts";
import type { Notification } from "../sumo-logic/notify.ts";
import { startWorld, type World } from "../world.ts";
import { Probe, type StackOutputs, stackOutputs } from "./probe.ts";
import type { Step } from "./steps.ts";

/** The loop from one end to the other, as steps; `--keep` waits between its two parts. */
export interface Story {
  readonly main: readonly Step[];
  readonly end: readonly Step[];
  /** The running world and the stack's outputs, once there are any. */
  readonly state: Partial<Running>;
  stop(): Promise<void>;
}

interface Running {
  world: World;
  engine: Engine;
  stack: StackOutputs;
  probe: Probe;
  mailbox: Mailbox;
  /** The body of the webhook's call that rebooted the instance. */
  alert: string;
}

/** The steps. Each throws unless it sees exactly what its name says. */
export function tellStory(tools: { pulumi: string; python: string; folder: string }): Story {
  const state: Partial<Running> = {};
  const running = () => state as Running;

  const main: Step[] = [
    {
      name: "AWS emulator with IAM enforced, Sumo Logic and the providers start",
      async run() {
        state.world = await startWorld({ ...tools, minutesAgo });
        state.engine = await state.world.createEngine();
        return [
          `AWS at ${state.world.aws.endpoint}, Sumo Logic at ${state.world.sumoLogic.apiUrl}`,
          `the sandbox's clock starts ${minutesAgo} minutes ago, so that it can be put forward`,
        ];
      },
    },
    {
      name: "pulumi preview with the policy pack finds nothing to complain about",
      async run() {
        const preview = await running().engine.preview();
        expect(preview.violations.length === 0, preview.violations.join("\n"));
        return [summary(preview)];
      },
    },
    {
      name: "pulumi up creates the stack",
      async run() {
        const { engine, world } = running();
        const up = await engine.up();
        // The function asks for three minutes between two checks, which nobody wants to wait for.
        world.gateway.longestDelaySeconds = 2;
        state.stack = stackOutputs(await engine.stack.outputs());
        state.mailbox = await openMailbox(world.aws, state.stack.topicArn);
        state.probe = new Probe(world, state.stack);
        const { instanceId, functionName, functionUrl } = state.stack;
        return [summary(up), `${instanceId}, ${functionName}, ${functionUrl}`];
      },
    },
    {
      name: "five slow responses in ten minutes: no alert, no reboot",
      async run() {
        const { probe } = running();
        await probe.respond(5, "slow");
        await probe.respond(20, "fast");
        const notifications = await probe.pass(3);
        expect(notifications.length === 0, "an alert fired");
        expectReboots(probe.takeReboots(), 0);
        return [
          "lines that a real nginx wrote: 5 of /api/data over 3 s, 20 below, and other paths",
          passed(3),
        ];
      },
    },
    {
      name: "a sixth: the monitor fires, its webhook calls the function, EC2 reboots the instance",
      async run() {
        const { probe, stack } = running();
        await probe.respond(1, "slow");
        const [notification, ...others] = await probe.pass(2);
        expect(notification?.kind === "webhook", "no webhook was called");
        expect(notification.status === 200, `the webhook answered ${notification.status}`);
        expect(others.length === 0, "the alert notified more than once");
        expectAnswer(notification.answer, { outcome: "rebooted", notified: true });
        state.alert = notification.payload;
        const [reboot] = expectReboots(probe.takeReboots(), 1);
        expect(reboot?.status === 200, `EC2 answered ${reboot?.error}`);
        expect(reboot?.instanceIds.join() === stack.instanceId, "another instance was rebooted");
        expect(reboot?.caller !== "root", "the call came from root, not from the function's role");
        return [
          passed(2),
          `webhook: ${notification.triggerType}, answered ${notification.status}`,
          describe(reboot),
        ];
      },
    },
    {
      name: "the action is in CloudWatch Logs",
      async run() {
        const records = await running().probe.logRecords();
        const rebooted = records.filter(({ outcome }) => outcome === "rebooted");
        expect(rebooted.length === 1, `${rebooted.length} log records say "rebooted"`);
        return [running().stack.logGroupName, ...records.map((record) => JSON.stringify(record))];
      },
    },
    {
      name: "people get the e-mail",
      async run() {
        const { mailbox, stack } = running();
        const mail = await mailbox.next();
        expect(mail.subject === `Rebooted EC2 instance ${stack.instanceId}`, mail.subject);
        return [`To: ${mail.to.join(", ")}`, `Subject: ${mail.subject}`, ...mail.body.split("\n")];
      },
    },
    {
      name: "the same alert is delivered again: it is taken once, nothing is rebooted",
      async run() {
        const { probe, world, alert } = running();
        const { body } = await probe.postWebhook(world.webhookToken, alert);
        expectAnswer(body, { outcome: "skipped" });
        expect(body.includes("held back as a duplicate"), body);
        expectReboots(probe.takeReboots(), 0);
        return [body];
      },
    },
    {
      name: "other alerts within the cool-down: held back, and people are told once",
      async run() {
        const { probe, mailbox, world } = running();
        for (const [alertUrl, notified] of [
          ["https://service.sumologic.com/ui/#/alert/2", true],
          ["https://service.sumologic.com/ui/#/alert/3", false],
        ] as const) {
          const { body } = await probe.postAlert(world.webhookToken, { alertUrl });
          expectAnswer(body, { outcome: "skipped", notified });
        }
        expectReboots(probe.takeReboots(), 0);
        const mail = await mailbox.next();
        expect(mailbox.waiting() === 0, "a second e-mail was sent");
        return [`Subject: ${mail.subject}`, ...mail.body.split("\n").slice(2, 3)];
      },
    },
    {
      name: "fast responses again, and the instance is up: people hear that it recovered, and when",
      async run() {
        const { probe, mailbox, world } = running();
        const sent: Notification[] = [];
        let minutes = 0;
        for (; minutes < 30 && sent.length === 0; minutes++) {
          await probe.respond(5, "fast");
          sent.push(...(await probe.pass(1)));
        }
        expect(sent.length === 1 && sent[0]?.triggerType === "ResolvedCritical", "not resolved");
        const mail = await mailbox.next();
        expect(mail.subject.startsWith("Recovered: EC2 instance "), mail.subject);
        const [, resolved] =
          /the alert resolved (\d+)m\d\ds after the reboot/.exec(mail.body) ?? [];
        // What this machine needs for it comes on top.
        expect(Number(resolved) - minutes <= 1, `resolved after ${minutes} minutes: ${mail.body}`);
        expectReboots(probe.takeReboots(), 0);
        const asked = world.gateway.calls.flatMap((it) => it.delaySeconds ?? []);
        expect(
          asked.length >= 2 && asked.every((it) => it === 180),
          `asked for delays of ${asked.join()} s`,
        );
        return [
          passed(minutes),
          `${asked.length} checks, each asked to come in 180 s`,
          `Subject: ${mail.subject}`,
          ...mail.body.split("\n").slice(0, 4),
        ];
      },
    },
    {
      name: "called by hand right after it: held back by the cool-down, nothing is rebooted",
      async run() {
        const { probe, mailbox } = running();
        const { answer } = await probe.invoke();
        expectAnswer(JSON.stringify(answer), { outcome: "skipped" });
        expect(String(answer.reason).includes("cool-down"), JSON.stringify(answer));
        expectReboots(probe.takeReboots(), 0);
        expect(mailbox.waiting() === 0, "an e-mail was sent");
        return [JSON.stringify(answer)];
      },
    },
    {
      name: "called by hand with force, which passes the cool-down: a reboot and an e-mail",
      async run() {
        const { probe, mailbox } = running();
        const { error, answer } = await probe.invoke({ force: true });
        expect(error === undefined, JSON.stringify(answer));
        expectAnswer(JSON.stringify(answer), { outcome: "rebooted", notified: true });
        const [reboot] = expectReboots(probe.takeReboots(), 1);
        const mail = await mailbox.next();
        expect(mail.subject.startsWith("Rebooted AGAIN, find the cause: "), mail.subject);
        return [JSON.stringify(answer), describe(reboot), `Subject: ${mail.subject}`];
      },
    },
    {
      name: "the instance stops: Sumo Logic itself sends an e-mail that no lines come",
      async run() {
        const { probe } = running();
        await probe.stopInstance();
        const [email, ...others] = await probe.pass(20);
        expect(email?.kind === "email" && others.length === 0, "not exactly one e-mail");
        expectReboots(probe.takeReboots(), 0);
        return [passed(20), `To: ${email.recipients.join(", ")}`, `Subject: ${email.subject}`];
      },
    },
    {
      name: "it does not come back: nine health checks, then an e-mail, and no further action",
      async run() {
        const { probe, mailbox, world } = running();
        await probe.pass(7);
        world.gateway.longestDelaySeconds = 0;
        const mail = await mailbox.next();
        expect(mail.subject.startsWith("NOT recovered after the reboot: "), mail.subject);
        expect(mail.body.includes("after 9 checks"), mail.body);
        expectReboots(probe.takeReboots(), 0);
        await probe.startInstance();
        world.clock.catchUp();
        return [
          passed(7),
          `Subject: ${mail.subject}`,
          ...mail.body.split("\n").slice(2, 4),
          "the sandbox's clock shows this machine's time again",
        ];
      },
    },
    {
      name: "the kill switch is off: even force reboots nothing, until it is on again",
      async run() {
        const { probe, world, stack } = running();
        const { tableName, instanceId } = stack;
        const target = { db: new DynamoDBClient(world.aws), tableName, instanceId };
        const change = { nowMs: world.clock.now(), forMs: undefined };
        await setMode(target, { ...change, mode: "off", reason: "release" });
        const { answer } = await probe.invoke({ force: true });
        expect(String(answer.reason).includes("the mode is off"), JSON.stringify(answer));
        expectReboots(probe.takeReboots(), 0);
        await setMode(target, { ...change, mode: "on", reason: "" });
        return [JSON.stringify(answer), ...(await showMode(target, world.clock.now()))];
      },
    },
    {
      name: "called by hand with dryRun: EC2 permits it, nothing is rebooted",
      async run() {
        const { probe, mailbox } = running();
        const { answer } = await probe.invoke({ dryRun: true });
        expectAnswer(JSON.stringify(answer), { outcome: "dry-run", notified: false });
        const [asked] = expectReboots(probe.takeReboots(), 1);
        expect(asked?.isDryRun === true && asked.error === "DryRunOperation", "not a dry run");
        expect(mailbox.waiting() === 0, "an e-mail was sent");
        return [JSON.stringify(answer), describe(asked)];
      },
    },
    {
      name: "a wrong token: 401, no reboot",
      async run() {
        const { probe } = running();
        const { status, body } = await probe.postAlert("0".repeat(64));
        expect(status === 401 && body === "", `answered ${status} ${body}`);
        expectReboots(probe.takeReboots(), 0);
        return [`answered ${status} with an empty body`];
      },
    },
    {
      name: "without either permission of the function URL: 403, no reboot",
      async run() {
        const { probe, world } = running();
        const evidence: string[] = [];
        await probe.withoutEachPermission(async (lacking) => {
          const { status } = await probe.postAlert(world.webhookToken);
          expect(status === 403, `without ${lacking} the URL answered ${status}`);
          evidence.push(`without ${lacking}: ${status}`);
        });
        expect(evidence.length === 2, `the URL has ${evidence.length} permissions`);
        expectReboots(probe.takeReboots(), 0);
        return evidence;
      },
    },
    {
      name: "another instance with the function's role: IAM denies it",
      async run() {
        const { probe } = running();
        const { instanceId, error } = await probe.rebootAnotherInstance();
        expect(error === "UnauthorizedOperation", `EC2 answered ${error || "yes"}`);
        const [denied] = expectReboots(probe.takeReboots(), 1);
        expect(denied?.instanceIds.join() === instanceId, "the call was for another instance");
        return [describe(denied)];
      },
    },
    {
      name: "another pulumi preview, a refresh and another up, all with the policy pack, find nothing",
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
        const { engine, probe } = running();
        const destroyed = await engine.destroy();
        const left = await probe.leftovers();
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
      await state.world?.stop();
    },
  };
}

/** How far the sandbox's clock starts behind: the scenario puts it forward by less than that. */
const minutesAgo = 70;

function passed(minutes: number): string {
  return `${minutes} minutes pass on the sandbox's clock`;
}

function expect(isTrue: boolean, otherwise: string): asserts isTrue {
  if (!isTrue) throw new Error(otherwise);
}

function expectReboots(calls: RecordedCall[], count: number): RecordedCall[] {
  const seen = calls.map(describe).join("; ") || "none";
  expect(calls.length === count, `expected ${count} calls of RebootInstances, saw ${seen}`);
  return calls;
}

function expectAnswer(text: string | undefined, expected: Record<string, unknown>): void {
  const answer = JSON.parse(text ?? "{}");
  for (const [key, value] of Object.entries(expected)) {
    expect(answer[key] === value, `${key} is ${answer[key]} in ${text}; expected ${value}`);
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

import { accountId, region } from "../aws/emulator.ts";
import type { Notification } from "../sumo-logic/notify.ts";
import { waitFor } from "../wait.ts";
import { describe, expectOutcome, expectReboots, passed } from "./evidence.ts";
import { runInstances } from "./existing-instances.ts";
import { writePackConfig } from "./pack-config.ts";
import { createStackSteps, type Scenario, type Tools } from "./stack-steps.ts";
import { expect, type Step } from "./steps.ts";

/** The steps of `npm start -- --fleet`: one stack for six instances that were there before it. */
export function createFleetScenario(tools: Tools): Scenario {
  let ids: readonly string[] = [];
  const { state, running, start, deploy, anotherInstance, unchanged, destroy, stop } =
    createStackSteps({
      tools,
      minutesAgo: 120,
      // A reboot is verified for nine checks, and the alert of the second instance must wait meanwhile.
      longestDelaySeconds: 4,
      engineOptions: () => ({
        settings: { instanceIds: { value: ids.join(", ") } },
        policyPackConfig: writePackConfig(tools.folder, {
          "foreign-arn": {
            external: ids.map((id) => `arn:aws:ec2:${region}:${accountId}:instance/${id}`),
          },
          // The grants file lists the instance that a stack creates; these have other ids in each run.
          "grants-file": undefined,
        }),
      }),
      existingInstances: () => ids,
    });

  /** A minute in which these instances respond slowly and all others fast; returns what Sumo Logic sent. */
  async function minute(...slow: readonly string[]): Promise<Notification[]> {
    const { client } = running();
    for (const id of ids) await client.logResponses(6, slow.includes(id) ? "slow" : "fast", id);
    return client.advanceMinutes(1);
  }

  /** Minutes until Sumo Logic has sent `count` notifications, which must be calls of the webhook. */
  async function minutesUntil(triggerType: string, count: number, ...slow: readonly string[]) {
    const sent: Notification[] = [];
    let minutes = 0;
    for (; minutes < 30 && sent.length < count; minutes++) sent.push(...(await minute(...slow)));
    expect(
      sent.length === count && sent.every((it) => it.triggerType === triggerType),
      `after ${minutes} minutes Sumo Logic had sent ${sent.map((it) => it.triggerType).join() || "nothing"}`,
    );
    const responses = sent.map((it) => (it.kind === "webhook" ? it.response : it.subject));
    return { minutes, responses };
  }

  /** Minutes until these instances, which respond slowly, have an alert each: all are stored and wait. */
  async function alertsOf(...slow: readonly string[]) {
    const alerts = await minutesUntil("Critical", slow.length, ...slow);
    for (const it of alerts.responses) expectOutcome(it, { outcome: "waiting" });
    return alerts;
  }

  async function expectMail(subject: string) {
    const mail = await running().mailbox.next();
    expect(mail.subject === subject, `the e-mail is "${mail.subject}"; expected "${subject}"`);
    return mail;
  }

  function expectReboot(id: string | undefined): string {
    const [reboot] = expectReboots(running().client.newReboots(), 1);
    expect(reboot?.status === 200, `EC2 responded with ${reboot?.error}`);
    expect(reboot.instanceIds.join() === id, "another instance was rebooted");
    expect(reboot.caller !== "root", "the call came from root, not from the function's role");
    return describe(reboot);
  }

  /** The function's log records of its decisions with this outcome, once there is one. */
  const decided = (outcome: string) =>
    waitFor(`a log record that says "${outcome}"`, async () => {
      const records = (await running().client.logRecords()).filter(
        (it) => it.source === "queue" && it.outcome === outcome,
      );
      return records.length > 0 && records.map((it) => JSON.stringify(it));
    });

  const main: Step[] = [
    start,
    {
      name: "six instances run: the stack will not create them",
      async run() {
        ids = await runInstances(running().environment.aws, 6);
        return ids;
      },
    },
    ...deploy,
    {
      name: "one instance responds slowly: its alert is stored, and ten seconds later decided: a reboot",
      async run() {
        const [first = ""] = ids;
        const { minutes, responses } = await alertsOf(first);
        const mail = await expectMail(`Rebooted EC2 instance ${first}`);
        return [passed(minutes), ...responses, expectReboot(first), `Subject: ${mail.subject}`];
      },
    },
    {
      name: "a second one while the first is verified: it waits",
      async run() {
        const { client, mailbox } = running();
        const [first = "", second = ""] = ids;
        const { minutes, responses } = await alertsOf(second);
        const [waiting = ""] = await decided("waiting");
        expect(waiting.includes(second) && waiting.includes(first), waiting);
        expectReboots(client.newReboots(), 0);
        expect(mailbox.waiting() === 0, "an e-mail was sent");
        return [passed(minutes), ...responses, waiting];
      },
    },
    {
      name: "the first recovers: the second, whose alert is still open, is rebooted",
      async run() {
        const [first = "", second = ""] = ids;
        const { minutes } = await minutesUntil("ResolvedCritical", 1, second);
        const recovered = await expectMail(`Recovered: EC2 instance ${first}`);
        const rebooted = await expectMail(`Rebooted EC2 instance ${second}`);
        return [
          passed(minutes),
          `Subject: ${recovered.subject}`,
          expectReboot(second),
          `Subject: ${rebooted.subject}`,
        ];
      },
    },
    {
      name: "the second recovers too",
      async run() {
        const { minutes } = await minutesUntil("ResolvedCritical", 1);
        const mail = await expectMail(`Recovered: EC2 instance ${ids[1]}`);
        return [passed(minutes), `Subject: ${mail.subject}`];
      },
    },
    {
      name: "three respond slowly at once: none is rebooted, and one e-mail says why",
      async run() {
        const { client, mailbox } = running();
        const slow = ids.slice(3);
        const { minutes, responses } = await alertsOf(...slow);
        const mail = await mailbox.next();
        expect(
          /^NOT rebooting, shared cause suspected: EC2 instance i-\w+ and 2 others$/.test(
            mail.subject,
          ),
          mail.subject,
        );
        for (const id of slow) expect(mail.body.includes(id), `the e-mail does not name ${id}`);
        expectReboots(client.newReboots(), 0);
        return [
          passed(minutes),
          ...responses,
          `Subject: ${mail.subject}`,
          ...mail.body.split("\n"),
          ...(await decided("shared cause")),
        ];
      },
    },
    {
      name: "they respond fast again: the shared cause is over, without another e-mail or a reboot",
      async run() {
        const { client, mailbox } = running();
        const { minutes } = await minutesUntil("ResolvedCritical", 3);
        const others = 5;
        for (let more = 0; more < others; more++) await minute();
        const over = await decided("shared cause over");
        expectReboots(client.newReboots(), 0);
        expect(mailbox.waiting() === 0, "an e-mail was sent");
        return [passed(minutes + others), ...over];
      },
    },
    anotherInstance,
    unchanged,
  ];

  return { main, end: [destroy], state, stop };
}

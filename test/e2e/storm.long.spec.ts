import { setTimeout as sleep } from "node:timers/promises";
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { type Mailbox, openMailbox } from "../../sandbox/aws/mail.ts";
import { alertBody, Probe, type StackOutputs, stackOutputs } from "../../sandbox/scenario/probe.ts";
import { startTestWorld, type TestWorld } from "../../sandbox/test-world.ts";

const side = 50;

describe("a storm of alerts", () => {
  let world: TestWorld;
  let stack: StackOutputs;
  let probe: Probe;
  let mailbox: Mailbox;
  before(async () => {
    world = await startTestWorld();
    const engine = await world.createEngine({ policyPack: null });
    await engine.up();
    stack = stackOutputs(await engine.stack.outputs());
    mailbox = await openMailbox(world.aws, stack.topicArn);
    probe = new Probe(world, stack);
    await startFunctions();
  });
  after(async () => {
    mailbox.stop();
    await world.stop();
  });

  /**
   * Has as many functions started as the storms need, while the kill switch is off: two processors
   * take many seconds for fifty cold starts, in which calls would run into their limits.
   */
  async function startFunctions(): Promise<void> {
    const db = new DynamoDBClient(world.aws);
    const key = { id: { S: `instance#${stack.instanceId}` } };
    const Item = { ...key, mode: { S: "off" } };
    await db.send(new PutItemCommand({ TableName: stack.tableName, Item }));
    world.gateway.faults = () => ({ kind: "slow", milliseconds: 1_500 });
    await storm(Array.from({ length: side }, (_, it) => 20_000 + it));
    world.gateway.faults = undefined;
    // Its e-mails are no part of the storms, and come by themselves. So do claims that the function gave up,
    // which would count if the kill switch were on again.
    do {
      while (mailbox.waiting() > 0) await mailbox.next();
      await sleep(3_000);
    } while (mailbox.waiting() > 0);
    await db.send(new DeleteItemCommand({ TableName: stack.tableName, Key: key }));
  }

  /** Posts alerts of these pages, 50 at a time, and returns their outcomes; all are answered 200. */
  async function storm(pages: readonly number[]): Promise<string[]> {
    const answers: { status: number; body: string }[] = [];
    const queue = [...pages];
    await Promise.all(
      Array.from({ length: side }, async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
          const alertUrl = `https://service.sumologic.com/ui/#/alert/${next}`;
          answers.push(await probe.postAlert(world.webhookToken, { alertUrl }));
        }
      }),
    );
    expect(answers.map(({ status }) => status)).to.deep.equal(Array(pages.length).fill(200));
    return answers.map(({ body }) => JSON.parse(body).outcome);
  }

  /** The subjects of the two e-mails of a storm, and no others. */
  async function subjects(): Promise<string[]> {
    const mails = [await mailbox.next(), await mailbox.next()];
    await sleep(200);
    expect(mailbox.waiting()).to.equal(0);
    return mails.map(({ subject }) => subject.replace(/ i-\w+$/, ""));
  }

  it("of 2,000 posts, 50 at a time, every third the same: one reboot, told once, all answered", async () => {
    const outcomes = await storm(Array.from({ length: 2_000 }, (_, it) => (it % 3 === 0 ? 0 : it)));

    expect(outcomes.filter((it) => it === "rebooted")).to.have.length(1);
    expect(outcomes.filter((it) => it === "skipped")).to.have.length(1_999);
    expect(probe.takeReboots()).to.have.length(1);
    expect(await subjects()).to.have.members([
      "Rebooted EC2 instance",
      "NOT rebooted: held back for EC2 instance",
    ]);
  });

  it("of 30 replays each of an old and of a fresh resolution: one e-mail, all answered", async () => {
    const nowMs = world.clock.now();
    const bodies = [nowMs - 3_600_000, nowMs - 120_000].flatMap((windowEndMs) =>
      Array<string>(30).fill(
        alertBody(stack.instanceId, windowEndMs, {
          triggerType: "ResolvedCritical",
          alertUrl: "https://service.sumologic.com/ui/#/alert/replayed",
        }),
      ),
    );

    const answers = await Promise.all(
      bodies.map((body) => probe.postWebhook(world.webhookToken, body)),
    );

    expect(answers.map(({ status }) => status)).to.deep.equal(Array(60).fill(200));
    const { subject } = await mailbox.next();
    expect(subject).to.equal(`Alert resolved for EC2 instance ${stack.instanceId}`);
    await sleep(200);
    expect(mailbox.waiting()).to.equal(0);
  });

  it("of 200 posts while the claim's answer comes 2 s late: one reboot, told once, all answered", async () => {
    await new DynamoDBClient(world.aws).send(
      new DeleteItemCommand({
        TableName: stack.tableName,
        Key: { id: { S: `instance#${stack.instanceId}` } },
      }),
    );
    world.gateway.faults = ({ action }) =>
      action === "dynamodb:TransactWriteItems" ? { kind: "slow", milliseconds: 2_000 } : undefined;

    const outcomes = await storm(Array.from({ length: 200 }, (_, it) => 10_000 + it));

    expect(outcomes.filter((it) => it === "rebooted")).to.have.length(1);
    expect(probe.takeReboots()).to.have.length(1);
    expect(await subjects()).to.have.members([
      "Rebooted EC2 instance",
      "NOT rebooted: held back for EC2 instance",
    ]);
  });
});

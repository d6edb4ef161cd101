import { setTimeout as sleep } from "node:timers/promises";
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { type Mailbox, openMailbox } from "../../sandbox/aws/mail.ts";
import {
  alertBody,
  StackClient,
  type StackOutputs,
  stackOutputs,
} from "../../sandbox/scenario/stack-client.ts";
import { startTestEnvironment, type TestEnvironment } from "../../sandbox/test-environment.ts";

const side = 50;

describe("a storm of alerts", () => {
  let environment: TestEnvironment;
  let stack: StackOutputs;
  let client: StackClient;
  let mailbox: Mailbox;
  before(async () => {
    environment = await startTestEnvironment();
    const engine = await environment.createEngine({ policyPack: null });
    await engine.up();
    stack = stackOutputs(await engine.stack.outputs());
    mailbox = await openMailbox(environment.aws, stack.topicArn);
    client = new StackClient(environment, stack);
    await startFunctions();
  });
  after(async () => {
    mailbox.stop();
    await environment.stop();
  });

  /**
   * Starts as many functions as the storms need, while the kill switch is off: fifty cold starts
   * take many seconds on two processors, and calls would run into their time limits.
   */
  async function startFunctions(): Promise<void> {
    const db = new DynamoDBClient(environment.aws);
    const key = { id: { S: `instance#${stack.instanceId}` } };
    const Item = { ...key, mode: { S: "off" } };
    await db.send(new PutItemCommand({ TableName: stack.tableName, Item }));
    environment.gateway.faults = () => ({ kind: "slow", milliseconds: 1_500 });
    await storm(Array.from({ length: side }, (_, it) => 20_000 + it));
    environment.gateway.faults = undefined;
    // Its e-mails are not part of the storms, and arrive asynchronously. So do claims that the function gave up,
    // which would count if the kill switch were on again.
    do {
      while (mailbox.waiting() > 0) await mailbox.next();
      await sleep(3_000);
    } while (mailbox.waiting() > 0);
    await db.send(new DeleteItemCommand({ TableName: stack.tableName, Key: key }));
  }

  /** Posts alerts with these URLs, 50 at a time, and returns their outcomes. All get the response 200. */
  async function storm(pages: readonly number[]): Promise<string[]> {
    const responses: { status: number; body: string }[] = [];
    const queue = [...pages];
    await Promise.all(
      Array.from({ length: side }, async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
          const alertUrl = `https://service.sumologic.com/ui/#/alert/${next}`;
          responses.push(await client.postAlert(environment.webhookToken, { alertUrl }));
        }
      }),
    );
    expect(responses.map(({ status }) => status)).to.deep.equal(Array(pages.length).fill(200));
    return responses.map(({ body }) => JSON.parse(body).outcome);
  }

  /** The subjects of a storm's two e-mails; there are no others. */
  async function subjects(): Promise<string[]> {
    const mails = [await mailbox.next(), await mailbox.next()];
    await sleep(200);
    expect(mailbox.waiting()).to.equal(0);
    return mails.map(({ subject }) => subject.replace(/ i-\w+$/, ""));
  }

  it("of 2,000 posts, 50 at a time, every third one identical, causes one reboot and one notification, and all get responses", async () => {
    const outcomes = await storm(Array.from({ length: 2_000 }, (_, it) => (it % 3 === 0 ? 0 : it)));

    expect(outcomes.filter((it) => it === "rebooted")).to.have.length(1);
    expect(outcomes.filter((it) => it === "skipped")).to.have.length(1_999);
    expect(client.newReboots()).to.have.length(1);
    expect(await subjects()).to.have.members([
      "Rebooted EC2 instance",
      "NOT rebooted: suppressed for EC2 instance",
    ]);
  });

  it("of 30 replays each of an old and of a fresh resolution causes one e-mail, and all get responses", async () => {
    const nowMs = environment.clock.now();
    const bodies = [nowMs - 3_600_000, nowMs - 120_000].flatMap((windowEndMs) =>
      Array<string>(30).fill(
        alertBody(stack.instanceId, windowEndMs, {
          triggerType: "ResolvedCritical",
          alertUrl: "https://service.sumologic.com/ui/#/alert/replayed",
        }),
      ),
    );

    const responses = await Promise.all(
      bodies.map((body) => client.postWebhook(environment.webhookToken, body)),
    );

    expect(responses.map(({ status }) => status)).to.deep.equal(Array(60).fill(200));
    const { subject } = await mailbox.next();
    expect(subject).to.equal(`Alert resolved for EC2 instance ${stack.instanceId}`);
    await sleep(200);
    expect(mailbox.waiting()).to.equal(0);
  });

  it("of 200 posts while the claim's response is 2 s late causes one reboot and one notification, and all get responses", async () => {
    await new DynamoDBClient(environment.aws).send(
      new DeleteItemCommand({
        TableName: stack.tableName,
        Key: { id: { S: `instance#${stack.instanceId}` } },
      }),
    );
    environment.gateway.faults = ({ action }) =>
      action === "dynamodb:TransactWriteItems" ? { kind: "slow", milliseconds: 2_000 } : undefined;

    const outcomes = await storm(Array.from({ length: 200 }, (_, it) => 10_000 + it));

    expect(outcomes.filter((it) => it === "rebooted")).to.have.length(1);
    expect(client.newReboots()).to.have.length(1);
    expect(await subjects()).to.have.members([
      "Rebooted EC2 instance",
      "NOT rebooted: suppressed for EC2 instance",
    ]);
  });
});

import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { type Mailbox, openMailbox } from "../../sandbox/mail.ts";
import { Probe, stackOutputs } from "../../sandbox/probe.ts";
import { startTestWorld, type TestWorld } from "./support.ts";

const posts = 2_000;
const side = 50;

describe("a storm of alerts", () => {
  let world: TestWorld;
  let probe: Probe;
  let mailbox: Mailbox;
  before(async () => {
    world = await startTestWorld();
    const { stack, up } = await world.createEngine();
    await up();
    const outputs = stackOutputs(await stack.outputs());
    mailbox = await openMailbox(world.aws, outputs.topicArn);
    probe = new Probe(world, outputs);
  });
  after(async () => {
    mailbox.stop();
    await world.stop();
  });

  it("of 2,000 posts, 50 at a time, every third the same: one reboot, told once, all answered", async () => {
    const answers: { status: number; body: string }[] = [];
    const queue = Array.from({ length: posts }, (_, index) => (index % 3 === 0 ? 0 : index));
    await Promise.all(
      Array.from({ length: side }, async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
          const alertUrl = `https://service.sumologic.com/ui/#/alert/${next}`;
          answers.push(await probe.postAlert(world.webhookToken, { alertUrl }));
        }
      }),
    );

    expect(answers.map(({ status }) => status)).to.deep.equal(Array(posts).fill(200));
    const outcomes = answers.map(({ body }) => JSON.parse(body).outcome);
    expect(outcomes.filter((it) => it === "rebooted")).to.have.length(1);
    expect(outcomes.filter((it) => it === "skipped")).to.have.length(posts - 1);
    expect(probe.takeReboots()).to.have.length(1);
    const subjects = [(await mailbox.next()).subject, (await mailbox.next()).subject];
    expect(subjects.map((it) => it.replace(/ i-\w+$/, ""))).to.have.members([
      "Rebooted EC2 instance",
      "NOT rebooted: held back for EC2 instance",
    ]);
    await sleep(200);
    expect(mailbox.waiting()).to.equal(0);
  });
});

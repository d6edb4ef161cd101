import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { type Mailbox, openMailbox } from "../../sandbox/aws/mail.ts";
import { StackClient, stackOutputs } from "../../sandbox/scenario/stack-client.ts";
import {
  incidentIdOf,
  runCommand,
  startTestEnvironment,
  type TestEnvironment,
} from "../../sandbox/test-environment.ts";

const minute = 60_000;

/** A window in India, from a minute before this time until `minutes` after it. */
function windowAround(nowMs: number, minutes: number): string {
  const [from = "", to = ""] = [-1, minutes].map((it) => {
    const local = new Date(nowMs + (it + 330) * minute);
    const day = local.toLocaleDateString("en-GB", { weekday: "short", timeZone: "UTC" });
    return `${day} ${local.toISOString().slice(11, 16)}`;
  });
  return `${from}-${to} Asia/Kolkata`;
}

describe("quiet hours on a deployed stack", () => {
  let environment: TestEnvironment;
  let client: StackClient;
  let mailbox: Mailbox;
  let quietHours: string;
  before(async () => {
    environment = await startTestEnvironment({ minutesAgo: 120 });
    // The queue delivers each check after a second, however long its delay is.
    environment.gateway.longestDelaySeconds = 1;
    quietHours = windowAround(environment.clock.now(), 60);
    const engine = await environment.createEngine({
      policyPack: null,
      settings: { quietHours: { value: quietHours } },
    });
    await engine.up();
    const stack = stackOutputs(await engine.stack.outputs());
    mailbox = await openMailbox(environment.aws, stack.topicArn);
    client = new StackClient(environment, stack);
  });
  after(async () => {
    mailbox?.stop();
    await environment.stop();
  });

  const page = (name: string) => `https://service.sumologic.com/ui/#/alert/${name}`;
  const incident = (name: string) => incidentIdOf(page(name));

  async function post(name: string, triggerType = "Critical") {
    const fields = { alertUrl: page(name), triggerType };
    const { status, body } = await client.postAlert(environment.webhookToken, fields);
    expect(status).to.equal(200);
    return JSON.parse(body) as { outcome: string; reason: string };
  }

  async function nextSubject(): Promise<string> {
    const { subject } = await mailbox.next();
    return subject.replace(/ i-\w+$/, "");
  }

  it("suppress an alert with one e-mail, which says until when", async () => {
    const { outcome, reason } = await post("one");

    expect(outcome).to.equal("skipped");
    expect(reason).to.match(
      /^suppressed by quiet hours: the alert waits for their end, until \d{4}-\S+Z$/,
    );
    const { subject, body } = await mailbox.next();
    expect(subject).to.match(/^NOT rebooted: suppressed for EC2 instance i-/);
    expect(body).to.include(`Why:      ${reason}`);
  });

  it("suppress more alerts without an e-mail, and record that one resolved", async () => {
    environment.clock.advance(5);
    const second = await post("two");
    const repeated = await post("one");
    environment.clock.advance(5);
    const resolved = await post("one", "ResolvedCritical");

    expect(second.reason).to.include("the alert waits for their end");
    expect(repeated.reason).to.match(/^suppressed as a duplicate: /);
    expect(resolved.reason).to.equal("the alert resolved");
    expect(await nextSubject()).to.equal("Alert resolved for EC2 instance");
  });

  it("are in the output of npm run mode", async () => {
    const { output, error } = await runCommand(environment, "mode", []);

    expect(error).to.equal("");
    expect(output.split("\n")[1]).to.match(/^quiet hours \(.* Asia\/Kolkata\): (now|next from )/);
    expect(output).to.include(quietHours);
  });

  it("send nothing while they last, however often they are checked", async () => {
    const checks = async () =>
      (await client.logRecords()).filter(({ reason }) => reason === "quiet hours have not ended");
    for (let attempt = 0; attempt < 60 && (await checks()).length < 2; attempt++) await sleep(500);

    expect((await checks()).length).to.be.at.least(2);
    expect(mailbox.waiting()).to.equal(0);
  });

  it("end with one e-mail, which lists what is still slow", async () => {
    environment.clock.advance(51);

    const { subject, body } = await mailbox.next();

    expect(subject).to.match(/^Still slow after quiet hours: EC2 instance i-/);
    expect(body).to.include("Why:      1 of 2 alerts in quiet hours has not resolved");
    const alerts = body.split("\n").filter((line) => line.startsWith("Alert: "));
    expect(alerts).to.have.length(1);
    expect(alerts[0]).to.include(`${page("two")}, ${incident("two")}`);
    await sleep(3_000);
    expect(mailbox.waiting()).to.equal(0);
  });

  it("have rebooted nothing, also when an alert of theirs is delivered again after them", async () => {
    const { reason } = await post("two");

    expect(reason).to.match(
      /^suppressed as a duplicate: this alert was already suppressed by quiet hours at /,
    );
    expect(client.newReboots()).to.deep.equal([]);
  });

  it("are in the history with their alerts", async () => {
    const { output } = await runCommand(environment, "history", []);

    const lines = output.split("\n").map((line) =>
      line
        .replace(/\S+Z/g, "TIME")
        .replace(/(alert|quiet)-\w+/, "ID")
        .replace(/10m\d\ds/, "10m"),
    );
    expect(lines).to.have.members([
      "TIME  ID  quiet hours: 2 alerts until TIME, still slow",
      "TIME  ID  alert (Slow responses of api data, count 6): not rebooted: quiet hours until TIME, not resolved",
      "TIME  ID  alert (Slow responses of api data, count 6): not rebooted: quiet hours until TIME, resolved after 10m",
    ]);
  });

  it("do not affect a new alert after them", async () => {
    const { outcome } = await post("three");

    expect(outcome).to.equal("rebooted");
    expect(client.newReboots()).to.have.length(1);
  });
});

import { expect } from "chai";
import type { Clients } from "../../../handler/aws-clients.ts";
import { awsError, failing, nowMs, number, queueEvent } from "../support.ts";
import { instancesOf, makeGroup, minute } from "./support.ts";

const [a, b = "", c = ""] = instancesOf(6);

/** The incident of the alert with this number. */
const incidentOf = (group: ReturnType<typeof makeGroup>, instanceId: string) =>
  [...group.table.items.values()].find(
    (it) => it.instanceId?.S === instanceId && it.source?.S === "webhook",
  );

describe("the alert of a group", () => {
  it("is stored and decided ten seconds later", async () => {
    const group = makeGroup({ count: 6 });

    const { response } = await group.fire(a, 1);

    expect(response.outcome).to.equal("waiting");
    expect(response.reason).to.include("decided in 10 seconds, with the group's other alerts");
    expect(group.calls).to.deep.equal(["sendMessage", "transactWrite", "updateItem"]);
    expect(group.mails).to.deep.equal([]);
    const [message] = group.messages;
    const { nonce, ...rest } = JSON.parse(message?.MessageBody ?? "");
    expect(message?.DelaySeconds).to.equal(10);
    expect(rest).to.deep.equal({ incidentId: response.incidentId, instanceId: a, task: "decide" });
    expect(incidentOf(group, a)).to.deep.include({
      alertNonce: { S: nonce },
      waitsSince: number(nowMs),
      claimedAt: number(nowMs),
    });
    expect(incidentOf(group, a)).not.to.have.any.keys("nonce", "event");
    expect(group.group()).to.deep.equal({
      id: { S: "group" },
      version: { N: "1" },
      [`alert#${a}`]: { S: response.incidentId },
      [`firedAt#${a}`]: number(nowMs),
      [`windowEnd#${a}`]: number(nowMs - 2 * minute),
    });
  });

  it("reboots its instance, and holds a lease and counts toward the group's limit", async () => {
    const group = makeGroup({ count: 6 });
    const { response } = await group.fire(a, 1);

    expect(await group.decide()).to.deep.equal([]);

    expect(group.reboots).to.deep.equal([{ InstanceIds: [a], DryRun: false }]);
    expect(group.mails.map(({ Subject }) => Subject)).to.deep.equal([`Rebooted EC2 instance ${a}`]);
    expect(group.group()).to.deep.include({
      version: { N: "2" },
      [`lease#${a}`]: { S: response.incidentId },
      [`leaseUntil#${a}`]: number(nowMs + 10_000 + 29 * minute),
      reboots: { L: [number(nowMs + 10_000)] },
    });
    expect(incidentOf(group, a)).to.include.keys("nonce", "alertNonce", "rebootRequestedAt");
    expect(incidentOf(group, a)).to.deep.include({
      arrivedAt: number(nowMs),
      claimedAt: number(nowMs + 10_000),
    });
    expect(incidentOf(group, a)).not.to.have.any.keys("waitsSince", "decisionUntil");
  });

  it("waits while another instance is rebooted, and is rebooted after it recovered", async () => {
    const group = makeGroup({ count: 6 });
    await group.fire(a, 1);
    await group.decide();
    const [health] = group.takeMessages();
    await group.fire(b, 2);
    await group.decide();

    expect(group.reboots).to.have.length(1);
    expect(group.records.at(-1)).to.deep.include({
      outcome: "waiting",
      instanceId: b,
      reason: `${a} is being rebooted and verified; the limit is 1 at once`,
    });
    const waiting = group.takeMessages();
    expect(waiting.map(({ DelaySeconds }) => DelaySeconds)).to.deep.equal([60]);

    group.clock.nowMs += 12 * minute;
    await group.resolve(a, 1);
    await group.decide([...(health ? [health, health] : []), ...waiting]);

    expect(group.outcomes().slice(-3)).to.deep.equal([
      "pending",
      "recovery unconfirmed",
      "rebooted",
    ]);
    expect(group.reboots.at(-1)).to.deep.equal({ InstanceIds: [b], DryRun: false });
  });

  it("is closed as waited too long after a lease has had its time", async () => {
    const group = makeGroup({ count: 6 });
    await group.fire(a, 1);
    await group.decide();
    group.takeMessages();
    // The other instance is rebooted again by a person meanwhile.
    await group.fire(b, 2);
    const decision = group.takeMessages();
    group.table.items.set("group", {
      ...group.group(),
      [`leaseUntil#${a}`]: number(nowMs + 99 * minute),
    });
    group.clock.nowMs += 28 * minute - 10_000;
    await group.decide(decision);
    expect(group.outcomes().at(-1)).to.equal("waiting");

    group.clock.nowMs += 50_000;
    await group.decide();

    expect(group.outcomes().at(-1)).to.equal("waited too long");
    expect(group.mails.at(-1)?.Subject).to.equal(
      `NOT rebooted, waited too long: EC2 instance ${b}`,
    );
    expect(incidentOf(group, b)?.outcome).to.deep.equal({ S: "waited too long" });
    expect(group.messages).to.deep.equal([]);
  });

  it("that resolves while it waits is not rebooted, and one e-mail says so", async () => {
    const group = makeGroup({ count: 6 });
    await group.fire(a, 1);
    group.clock.nowMs += 3 * minute;
    const { response } = await group.resolve(a, 1);
    expect(response.reason).to.include("no e-mail: the decision about the alert will report it");

    await group.decide();

    expect(group.reboots).to.deep.equal([]);
    expect(group.mails.map(({ Subject }) => Subject)).to.deep.equal([
      `Alert resolved for EC2 instance ${a}`,
    ]);
    expect(incidentOf(group, a)?.outcome).to.deep.equal({ S: "resolved" });
    expect(group.group()[`resolvedAt#${a}`]).to.deep.equal(number(nowMs + 3 * minute));
  });

  it("of an instance that a deployment removed is closed with an e-mail", async () => {
    const group = makeGroup({ count: 6 });
    await group.fire(a, 1);
    const after = makeGroup({
      count: 6,
      options: { instanceIds: [b, c] },
      clients: group.table.clients,
    });
    const [message] = group.messages;

    await after.decide(message ? [message] : []);

    expect(after.outcomes()).to.deep.equal(["removed"]);
    expect(after.reboots).to.deep.equal([]);
    expect(after.mails.map(({ Subject }) => Subject)).to.deep.equal([
      `No longer in the group: EC2 instance ${a}`,
    ]);
  });

  it("that is delivered twice is decided once", async () => {
    const group = makeGroup({ count: 6 });
    await group.fire(a, 1);
    const { response } = await group.fire(a, 1);
    expect(response.outcome).to.equal("skipped");

    expect(await group.decide()).to.deep.equal([]);

    expect(group.outcomes()).to.deep.equal(["waiting", "skipped", "rebooted", "duplicate"]);
    expect(group.reboots).to.have.length(1);
  });

  it("whose message comes again while it is decided goes back to the queue", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const group = makeGroup({
      count: 6,
      clients: {
        rebootInstances: () => held,
      },
    });
    await group.fire(a, 1);
    const messages = group.takeMessages();
    const first = group.decide(messages);
    await new Promise((resolve) => setImmediate(resolve));

    expect(await group.decide(messages)).to.deep.equal(["message-1"]);
    expect(group.records.at(-1)?.reason).to.equal(
      "ClaimInProgress: the claimed reboot can still be in progress",
    );
    release();
    expect(await first).to.deep.equal([]);
    expect(group.reboots).to.have.length(1);
  });

  it("whose decision has begun is not decided by another delivery for 55 seconds", async () => {
    let isDown = true;
    const group = makeGroup({ count: 6 });
    await group.fire(a, 1);
    const messages = group.takeMessages();
    const { clients } = group.table;
    const getItem: Clients["getItem"] = async (input, limitMs) => {
      if (isDown) throw awsError("TimeoutError");
      return clients.getItem(input, limitMs);
    };
    const again = makeGroup({ count: 6, clients: { ...clients, getItem } });

    expect(await again.decide(messages)).to.deep.equal(["message-1"]);
    isDown = false;
    again.clock.nowMs += 44_999;
    expect(await again.decide(messages)).to.deep.equal(["message-1"]);
    expect(again.records.at(-1)?.reason).to.equal(
      "DecisionInProgress: another message is deciding the alert",
    );
    again.clock.nowMs -= 9_999;
    expect(await again.decide(messages)).to.deep.equal([]);
    expect(again.outcomes().at(-1)).to.equal("rebooted");
  });

  it("whose function ended after the claim is reported as unconfirmed two minutes later", async () => {
    const group = makeGroup({
      count: 6,
      clients: { rebootInstances: () => new Promise(() => {}) },
    });
    await group.fire(a, 1);
    const messages = group.takeMessages();
    void group.decide(messages);
    await new Promise((resolve) => setImmediate(resolve));

    group.clock.nowMs += 2 * minute - 10_000;
    expect(await group.decide(messages)).to.deep.equal([]);

    expect(group.outcomes().at(-1)).to.equal("unconfirmed");
    expect(group.mails.at(-1)?.Subject).to.equal(
      `Reboot claimed but never confirmed: EC2 instance ${a}`,
    );
    expect(group.group()).not.to.have.any.keys(`lease#${a}`, `leaseUntil#${a}`);
  });

  it("that was stored by nobody goes to the dead-letter queue", async () => {
    const group = makeGroup();
    const body = { incidentId: "alert-1", nonce: "0".repeat(36), instanceId: a, task: "decide" };

    expect(await group.check(queueEvent(JSON.stringify(body)))).to.deep.equal(["message-1"]);
    expect(group.records[0]?.reason).to.equal("UnknownIncident: no alert has this id");
  });

  it("that came in quiet hours and comes again after them is a duplicate", async () => {
    const group = makeGroup();
    group.table.items.set("incident#alert-1", { id: { S: "incident#alert-1" }, nonce: { S: "x" } });
    const body = { incidentId: "alert-1", nonce: "0".repeat(36), instanceId: a, task: "decide" };

    expect(await group.check(queueEvent(JSON.stringify(body)))).to.deep.equal([]);
    expect(group.outcomes()).to.deep.equal(["duplicate"]);
  });

  it("that cannot be queued is reported at once and not stored", async () => {
    const group = makeGroup({ clients: { sendMessage: failing(awsError("Throttled", 400)) } });

    const { response } = await group.fire(a, 1);

    expect(response.outcome).to.equal("failed");
    expect(response.reason).to.include("the alert could not be queued for its decision: Throttled");
    expect(group.mails).to.have.length(1);
    expect([...group.table.items.keys()]).to.deep.equal(["group"]);
  });

  it("that EC2 refuses to reboot ends its lease at once, and the next instance is rebooted", async () => {
    let refusals = 1;
    const group = makeGroup({
      count: 6,
      clients: {
        rebootInstances: async () => {
          if (refusals-- > 0) throw awsError("IncorrectInstanceState", 400);
        },
      },
    });
    await group.fire(a, 1);
    await group.fire(b, 2);

    await group.decide();

    expect(group.outcomes().slice(-2)).to.deep.equal(["failed", "rebooted"]);
    expect(group.group()).not.to.have.any.keys(`lease#${a}`);
    expect(group.group()).to.include.keys(`lease#${b}`);
  });

  it("is rebooted in a group whose resolution had no line of any instance", async () => {
    const group = makeGroup({ count: 6 });
    await group.fire(a, 1);
    await group.decide();
    group.clock.nowMs += 12 * minute;

    const { response } = await group.resolve("", 1);

    expect(response.reason).to.include("the alert resolved");
    expect(incidentOf(group, a)?.resolvedAt).to.deep.equal(number(nowMs + 10_000 + 12 * minute));
    expect(group.group()[`resolvedAt#${a}`]).to.deep.equal(number(nowMs + 10_000 + 12 * minute));
  });

  it("that nobody knows resolves without an effect", async () => {
    const group = makeGroup();

    const { response } = await group.resolve("", 9);

    expect(response.outcome).to.equal("skipped");
    expect(group.mails).to.deep.equal([]);
    expect(group.table.items.size).to.equal(0);
  });
});

describe("the limits of a group", () => {
  it("suppress an alert above the group's daily limit, with one e-mail", async () => {
    const group = makeGroup({
      count: 6,
      limits: { maxRebootsPerDayInGroup: 1, maxRebootingAtOnce: 5 },
    });
    await group.fire(a, 1);
    await group.fire(b, 2);

    await group.decide();

    expect(group.reboots).to.have.length(1);
    expect(group.records.at(-1)).to.deep.include({
      outcome: "skipped",
      limit: "group daily limit",
    });
    expect(group.mails.at(-1)?.Subject).to.equal(`NOT rebooted: suppressed for EC2 instance ${b}`);
    expect(incidentOf(group, b)?.outcome).to.deep.equal({ S: "suppressed" });
  });

  it("let an alert wait if the other targets are not healthy enough", async () => {
    const describe = async () => ({
      $metadata: {},
      TargetHealthDescriptions: [a, b].map((Id) => ({
        Target: { Id },
        TargetHealth: { State: "unhealthy" as const },
      })),
    });
    const targets = { targetGroupArn: "arn:targets", minHealthyPercent: 75, describe };
    const group = makeGroup({ count: 6, targets });
    await group.fire(a, 1);

    await group.decide();

    expect(group.reboots).to.deep.equal([]);
    expect(group.records.at(-1)).to.deep.include({
      outcome: "waiting",
      reason: "0 of 1 other targets are healthy; at least 75 % must be",
    });
  });

  for (const [name, attribute] of [
    ["a lease", { [`lease#${b}`]: { S: "alert-1" }, [`leaseUntil#${b}`]: { S: "soon" } }],
    ["a version", { version: { S: "one" } }],
  ] as const) {
    it(`let an alert wait if ${name} cannot be read`, async () => {
      const group = makeGroup({ count: 6 });
      await group.fire(a, 1);
      group.table.items.set("group", { ...group.group(), ...attribute });

      await group.decide();

      expect(group.reboots).to.deep.equal([]);
      expect(group.outcomes().at(-1)).to.equal("waiting");
    });
  }

  it("suppress an alert if the list of reboots cannot be read", async () => {
    const group = makeGroup({ count: 6 });
    await group.fire(a, 1);
    group.table.items.set("group", { ...group.group(), reboots: { S: "none" } });

    await group.decide();

    expect(group.reboots).to.deep.equal([]);
    expect(group.records.at(-1)?.limit).to.equal("group daily limit");
  });
});

describe("a manual invocation in a group", () => {
  for (const payload of [
    {},
    undefined,
    { instanceId: "i-00000000000000099" },
    { instanceId: [a] },
  ]) {
    it(`with ${JSON.stringify(payload)} is refused: it must name an instance of the group`, async () => {
      const group = makeGroup();

      const name = await group.invoke(payload).then(
        () => "none",
        (error: Error) => `${error.name}: ${error.message}`,
      );

      expect(name).to.match(/^RefusedCall: instanceId must be an instance of the group: got /);
      expect(group.calls).to.deep.equal([]);
    });
  }

  it("gets a lease and counts toward the group's daily limit", async () => {
    const group = makeGroup();

    const { outcome } = await group.invoke({ instanceId: b });

    expect(outcome).to.equal("rebooted");
    expect(group.reboots).to.deep.equal([{ InstanceIds: [b], DryRun: false }]);
    expect(group.group()).to.deep.equal({
      id: { S: "group" },
      version: { N: "1" },
      [`lease#${b}`]: { S: "manual-request-1" },
      [`leaseUntil#${b}`]: number(nowMs + 29 * minute),
      reboots: { L: [number(nowMs)] },
    });
  });

  it("is suppressed while another instance is rebooted, also with force", async () => {
    const group = makeGroup();
    await group.invoke({ instanceId: b });
    group.context.awsRequestId = "request-2";

    const { outcome, reason } = await group.invoke({ instanceId: a, force: true });

    expect(outcome).to.equal("skipped");
    expect(reason).to.equal(
      `suppressed by the group's limit: ${b} is being rebooted and verified; the limit is 1 at once, until 2026-11-18T11:48:40.000Z`,
    );
    expect(group.reboots).to.have.length(1);
  });

  it("with force skips the cool-down, but neither daily limit", async () => {
    const group = makeGroup({ limits: { maxRebootsPerDayInGroup: 2 } });
    const outcomes: string[] = [];
    for (const [index, force] of [false, false, true, true].entries()) {
      group.context.awsRequestId = `request-${index}`;
      outcomes.push((await group.invoke({ instanceId: b, force })).outcome);
    }

    expect(outcomes).to.deep.equal(["rebooted", "skipped", "rebooted", "skipped"]);
    expect(group.records.map(({ limit }) => limit)).to.deep.equal([
      undefined,
      "cool-down",
      undefined,
      "group daily limit",
    ]);
  });
});

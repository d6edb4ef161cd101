import { expect } from "chai";
import { awsError, eventOf, makeHandler, metricsOf, queueEvent } from "../support.ts";
import { groupOf, instancesOf, limits, makeGroup, minute } from "./support.ts";

const groupOptions = groupOf({ windowMinutes: 10, limits });

const [a, b = "", c = "", d = ""] = instancesOf(6);

type TestGroup = ReturnType<typeof makeGroup>;

/** A group that delivers what it queues when that is due; a message that it returns comes again after two minutes. */
function makeQueuedGroup(settings: Parameters<typeof makeGroup>[0] = { count: 6 }) {
  const group = makeGroup(settings);
  let queue: { atMs: number; body: string | undefined }[] = [];
  const enqueue = () => {
    for (const { MessageBody: body, DelaySeconds = 0 } of group.takeMessages())
      queue.push({ atMs: group.clock.nowMs + DelaySeconds * 1_000, body });
  };
  return {
    ...group,
    /** Lets minutes pass. */
    async pass(minutes: number) {
      const untilMs = group.clock.nowMs + minutes * minute;
      for (;;) {
        enqueue();
        const [next] = queue.toSorted((x, y) => x.atMs - y.atMs);
        if (!next || next.atMs > untilMs) break;
        queue = queue.filter((it) => it !== next);
        group.clock.nowMs = Math.max(group.clock.nowMs, next.atMs);
        const returned = await group.check(queueEvent(next.body));
        if (returned.length > 0)
          queue.push({ atMs: group.clock.nowMs + 2 * minute, body: next.body });
      }
      group.clock.nowMs = untilMs;
    },
    /** Removes the messages of an incident from the queue: they are lost, or come late. */
    loseMessages(incidentId: string) {
      enqueue();
      const lost = queue.filter(({ body }) => body?.includes(incidentId));
      queue = queue.filter((it) => !lost.includes(it));
      return lost.map(({ body }) => queueEvent(body));
    },
  };
}

const subjectsOf = ({ mails }: TestGroup) => mails.map(({ Subject }) => Subject);

/** The lines "What" and "Why" of the latest e-mail. */
const reasonOf = ({ mails }: TestGroup) =>
  mails
    .at(-1)
    ?.Message.split("\n")
    .filter((it) => /^Wh(at|y):/.test(it));

/** The shared causes in the table, in the order of their beginning. */
const sharedCauses = ({ table }: TestGroup) =>
  [...table.items].flatMap(([id, item]) => (id.startsWith("incident#shared-") ? [item] : []));

/** The events that shared causes wrote, in their order. */
const eventsOf = ({ table }: TestGroup) =>
  table.stream.flatMap(({ newImage }) => {
    const event = newImage.id?.S?.startsWith("incident#shared-") && eventOf(newImage.event);
    return event ? [event] : [];
  });

/** Three of six instances have fired, and their alerts are decided. */
async function sharedByThree() {
  const group = makeGroup({ count: 6 });
  for (const [index, id] of [a, b, c].entries()) await group.fire(id, index);
  await group.decide();
  return group;
}

describe("a shared cause of a group", () => {
  it("reboots nothing, and is reported once for all its alerts", async () => {
    const group = await sharedByThree();
    const [first, ...others] = group.takeMessages();
    expect([first?.DelaySeconds, others]).to.deep.equal([10, []]);

    await group.check(queueEvent(first?.MessageBody));

    expect(group.reboots).to.deep.equal([]);
    expect(group.mails.map(({ Subject }) => Subject)).to.deep.equal([
      `NOT rebooting, shared cause suspected: EC2 instance ${a} and 2 others`,
    ]);
    expect(metricsOf(group.lines)).to.deep.equal(["SharedCause"]);
    expect(group.messages.map(({ DelaySeconds }) => DelaySeconds)).to.deep.equal([60]);
  });

  it("is checked once if its message comes twice", async () => {
    const group = await sharedByThree();
    const [first] = group.takeMessages();

    await group.check(queueEvent(first?.MessageBody));
    await group.check(queueEvent(first?.MessageBody));

    expect(group.outcomes().slice(-2)).to.deep.equal(["shared cause", "duplicate"]);
    expect(group.messages).to.have.length(1);
  });

  it("ends without an e-mail when its alerts have resolved and their window is over", async () => {
    const group = await sharedByThree();
    const [first] = group.takeMessages();
    await group.check(queueEvent(first?.MessageBody));
    for (const [index, id] of [a, b, c].entries()) {
      group.clock.nowMs += minute;
      await group.resolve(id, index);
    }
    group.clock.nowMs += 15 * minute;

    await group.decide();

    expect(group.outcomes().at(-1)).to.equal("shared cause over");
    expect(group.mails).to.have.length(1);
    expect(group.group()).not.to.have.any.keys("sharedCause");
    expect(group.messages).to.deep.equal([]);
  });
});

/** The first instance is rebooted; three minutes later the alerts of two others arrive and are decided. */
async function sharedAfterReboot() {
  const group = makeQueuedGroup();
  await group.fire(a, 1);
  await group.pass(3);
  await group.fire(b, 2);
  await group.fire(c, 3);
  await group.pass(0.5);
  return group;
}

describe("a shared cause while an instance is being rebooted", () => {
  it("is about the instances that it does not reboot, and names the other one apart", async () => {
    const group = await sharedAfterReboot();

    expect(subjectsOf(group)).to.deep.equal([
      `Rebooted EC2 instance ${a}`,
      `NOT rebooting, shared cause suspected: EC2 instance ${b} and 1 other`,
    ]);
    expect(reasonOf(group)).to.deep.equal([
      "What:     Too many instances are affected, so no alert reboots one: a reboot cannot fix a shared cause.",
      `Why:      3 of 6 instances are affected, more than 34 %: ${b}, ${c}; being rebooted and verified: ${a}. This looks like a shared cause, for example a slow database`,
    ]);
    expect(group.reboots).to.deep.equal([{ InstanceIds: [a], DryRun: false }]);
  });

  it("has the same title as an event, and only the alerts that reboot nothing in its incident", async () => {
    const group = await sharedAfterReboot();

    expect(eventsOf(group).map(({ title }) => title)).to.deep.equal([
      `NOT rebooting, shared cause suspected: EC2 instance ${b} and 1 other`,
    ]);
    const { instanceId, alerts } = sharedCauses(group)[0] ?? {};
    expect(instanceId).to.deep.equal({ S: b });
    expect(alerts?.L).to.deep.equal([group.group()[`alert#${b}`], group.group()[`alert#${c}`]]);
  });

  it("reports its end once the verification has failed, since that alert is still open", async () => {
    const group = await sharedAfterReboot();
    await group.pass(25);
    await group.resolve(b, 2);
    await group.resolve(c, 3);
    await group.pass(2);

    expect(subjectsOf(group).slice(2)).to.deep.equal([
      `NOT recovered after the reboot: EC2 instance ${a}`,
      `Still slow after a shared cause: EC2 instance ${a}`,
    ]);
    expect(reasonOf(group)).to.deep.equal([
      "What:     The shared cause is over, but alerts are still open. They will not cause a reboot.",
      `Why:      alerts are still open: ${a} (1 of 6 instances)`,
    ]);
  });

  it("ends without an e-mail while the other incident is in progress, and does not call it recovered", async () => {
    const group = await sharedAfterReboot();
    await group.pass(1);
    await group.resolve(b, 2);
    await group.resolve(c, 3);
    await group.pass(15);

    expect(subjectsOf(group)).to.have.length(2);
    const over = group.records.filter(({ outcome }) => outcome === "shared cause over");
    expect(over.map(({ reason }) => reason)).to.deep.equal([
      `the other affected instances have recovered; another e-mail will report ${a}`,
    ]);
  });
});

describe("the end of a shared cause", () => {
  it("names an instance whose alert a limit suppressed before", async () => {
    const group = makeQueuedGroup();
    group.table.items.set(`instance#${d}`, { mode: { S: "off" } });
    await group.fire(d, 4);
    await group.pass(1);
    await group.fire(b, 2);
    await group.fire(c, 3);
    await group.pass(1);
    await group.resolve(b, 2);
    await group.resolve(c, 3);
    await group.pass(16);

    expect(subjectsOf(group)).to.deep.equal([
      `NOT rebooted: suppressed for EC2 instance ${d}`,
      `NOT rebooting, shared cause suspected: EC2 instance ${b} and 2 others`,
      `Still slow after a shared cause: EC2 instance ${d}`,
    ]);
  });

  it("names an instance whose alert has no incident any more", async () => {
    const group = makeQueuedGroup();
    for (const [index, id] of [a, b, c].entries()) await group.fire(id, index);
    await group.pass(1);
    group.table.items.delete(`incident#${group.group()[`alert#${c}`]?.S}`);
    await group.resolve(a, 0);
    await group.resolve(b, 1);
    await group.pass(16);

    expect(subjectsOf(group).slice(1)).to.deep.equal([
      `Still slow after a shared cause: EC2 instance ${c}`,
    ]);
  });

  it("names an instance whose health checks were lost, and none whose incident has the resolution", async () => {
    const group = await sharedAfterReboot();
    const [alertOfA = "", alertOfB = ""] = [a, b].map((id) => group.group()[`alert#${id}`]?.S);
    group.loseMessages(alertOfA);
    await group.pass(60);
    const stored = group.table.items.get(`incident#${alertOfB}`);
    group.table.items.set(`incident#${alertOfB}`, { ...stored, resolvedAt: { N: "1" } });
    await group.resolve(c, 3);
    await group.pass(2);

    expect(subjectsOf(group).slice(2)).to.deep.equal([
      `Still slow after a shared cause: EC2 instance ${a}`,
    ]);
  });

  it("waits for the decision of an alert that may join it", async () => {
    const group = makeQueuedGroup();
    for (const [index, id] of [a, b, c].entries()) await group.fire(id, index);
    await group.pass(1);
    await group.fire(d, 4);
    const alertId = group.group()[`alert#${d}`]?.S ?? "";
    const waiting = `incident#${alertId}`;
    group.loseMessages(alertId);
    for (const [index, id] of [a, b, c].entries()) await group.resolve(id, index);
    await group.pass(12);
    // Another invocation found that it is shared, and has not closed the alert yet.
    const busy = { decisionUntil: { N: String(group.clock.nowMs + 4 * minute) } };
    group.table.items.set(waiting, { ...group.table.items.get(waiting), ...busy });
    await group.pass(4);
    expect(group.records.at(-1)).to.deep.include({
      outcome: "shared cause",
      reason: "it ends as soon as no alert is being decided",
    });

    const closed = { outcome: { S: "shared cause" }, closedAt: { N: String(group.clock.nowMs) } };
    group.table.items.set(waiting, { ...group.table.items.get(waiting), ...closed });
    await group.pass(2);

    expect(subjectsOf(group).slice(1)).to.deep.equal([
      `Still slow after a shared cause: EC2 instance ${d}`,
    ]);
  });

  it("is not reported by the first check, whose lease would prevent it", async () => {
    const group = makeQueuedGroup();
    for (const [index, id] of [a, b, c].entries()) await group.fire(id, index);
    await group.pass(0.2);
    const [first] = group.loseMessages("shared-");
    group.clock.nowMs += minute;
    await group.resolve(a, 0);
    await group.resolve(b, 1);
    group.clock.nowMs += 15 * minute;

    await group.check(first);
    expect(group.messages.map(({ DelaySeconds }) => DelaySeconds)).to.deep.equal([60]);
    await group.pass(1);

    expect(group.outcomes()).not.to.include("check failed");
    expect(subjectsOf(group)).to.deep.equal([
      `NOT rebooting, shared cause suspected: EC2 instance ${a} and 2 others`,
      `Still slow after a shared cause: EC2 instance ${c}`,
    ]);
  });

  it("is tried again after the usual pause if the group changes meanwhile", async () => {
    const group = await sharedByThree();
    const [first] = group.takeMessages();
    await group.check(queueEvent(first?.MessageBody));
    group.clock.nowMs += minute;
    for (const [index, id] of [a, b].entries()) await group.resolve(id, index);
    group.clock.nowMs += 15 * minute;
    const { getItem } = group.table.clients;
    const changed = makeHandler({
      ...group.table.clients,
      getItem: async (input, limitMs) => {
        const response = await getItem(input, limitMs);
        if (input.Key?.id?.S === "group")
          group.table.items.set("group", { ...group.group(), version: { N: "99" } });
        return response;
      },
      options: {
        instanceIds: group.instanceIds,
        group: groupOptions,
        now: () => group.clock.nowMs,
      },
    });

    expect(await changed.check(queueEvent(group.takeMessages()[0]?.MessageBody))).to.deep.equal([]);

    expect(changed.mails).to.deep.equal([]);
    expect(changed.messages.map(({ DelaySeconds }) => DelaySeconds)).to.deep.equal([60]);
  });

  it("repeats an e-mail that SNS refused, although the group has no mark of it any more", async () => {
    let isRefused = false;
    const group = makeQueuedGroup({
      count: 6,
      clients: {
        publish: async () => {
          if (isRefused) throw new Error("refused");
          return {};
        },
      },
    });
    for (const [index, id] of [a, b, c].entries()) await group.fire(id, index);
    await group.pass(2);
    await group.resolve(a, 0);
    await group.resolve(b, 1);
    isRefused = true;
    await group.pass(15);
    expect(group.group()).not.to.have.any.keys("sharedCause");
    isRefused = false;
    await group.pass(2);

    expect(subjectsOf(group).at(-1)).to.equal(`Still slow after a shared cause: EC2 instance ${c}`);
    expect(sharedCauses(group).map(({ outcome }) => outcome)).to.deep.equal([
      { S: "still affected" },
    ]);
  });
});

/** The checks of a shared cause of three instances are lost, and another alert comes 16 minutes later. */
async function replaced() {
  const group = makeQueuedGroup();
  for (const [index, id] of [a, b, c].entries()) await group.fire(id, index);
  await group.pass(0.5);
  const late = group.loseMessages("shared-");
  await group.pass(16);
  await group.fire(d, 4);
  await group.pass(0.5);
  return { group, late };
}

describe("a shared cause that has lost its checks", () => {
  it("is closed with an event when another one replaces it", async () => {
    const { group } = await replaced();

    const [first, second, ...others] = sharedCauses(group);
    const newId = second?.id?.S?.slice("incident#".length);
    expect(others).to.deep.equal([]);
    expect(first?.outcome).to.deep.equal({ S: "shared cause over" });
    expect(second).not.to.have.any.keys("outcome", "closedAt");
    expect(group.group().sharedCause).to.deep.equal({ S: newId });
    const over = eventsOf(group).filter(({ type }) => type === "Shared Cause Over");
    expect(over.map(({ incidentId, reason }) => [incidentId, reason])).to.deep.equal([
      [first?.id?.S?.slice("incident#".length), `a newer shared cause replaced it: ${newId}`],
    ]);
    expect(subjectsOf(group)).to.deep.equal([
      `NOT rebooting, shared cause suspected: EC2 instance ${a} and 2 others`,
      `NOT rebooting, shared cause suspected: EC2 instance ${a} and 3 others`,
    ]);
  });

  it("is closed by a late check if that failed, without an e-mail, and the new one goes on", async () => {
    const { group, late } = await replaced();
    const [first, second] = sharedCauses(group);
    const { closedAt: _, outcome: __, ...open } = first ?? {};
    group.table.items.set(first?.id?.S ?? "", open);

    expect(await group.check(late[0])).to.deep.equal([]);

    expect(group.records.at(-1)).to.deep.include({
      outcome: "shared cause over",
      reason: `a newer shared cause replaced it: ${second?.id?.S?.slice("incident#".length)}`,
    });
    expect(sharedCauses(group).map(({ outcome }) => outcome)).to.deep.equal([
      { S: "shared cause over" },
      undefined,
    ]);
    expect(eventsOf(group).at(-1)).to.include({ type: "Shared Cause Over", severity: "info" });
    expect(group.mails).to.have.length(2);
    expect(group.group().sharedCause?.S).to.equal(second?.id?.S?.slice("incident#".length));
  });

  it("is not closed again by a late check", async () => {
    const { group, late } = await replaced();

    await group.check(late[0]);

    expect(group.outcomes().at(-1)).to.equal("already closed");
  });
});

describe("the message of a group that a deployment removed", () => {
  it("has a reboot verified that was claimed, but maybe never requested", async () => {
    const { transactWrite, ...clients } = makeGroup({ count: 6 }).table.clients;
    let isLost = false;
    const group = makeGroup({
      count: 6,
      clients: {
        ...clients,
        async transactWrite(input, limitMs) {
          const output = await transactWrite(input, limitMs);
          if (isLost) throw awsError("TimeoutError");
          return output;
        },
      },
    });
    await group.fire(a, 1);
    const [message] = group.takeMessages();
    isLost = true;
    expect(await group.decide(message ? [message] : [])).to.have.length(1);
    const single = makeHandler({
      ...clients,
      options: { now: () => group.clock.nowMs + 2 * minute },
    });

    expect(await single.check(queueEvent(message?.MessageBody))).to.deep.equal([]);

    expect(single.mails.map(({ Subject }) => Subject)).to.deep.equal([
      `Reboot claimed but never confirmed: EC2 instance ${a}`,
    ]);
    expect(single.reboots).to.deep.equal([]);
  });

  it("ends its alert with an e-mail", async () => {
    const group = makeGroup({ count: 6 });
    await group.fire(a, 1);
    const single = makeHandler(group.table.clients);

    expect(await single.check(queueEvent(group.messages[0]?.MessageBody))).to.deep.equal([]);

    expect(single.records.map(({ outcome }) => outcome)).to.deep.equal(["removed"]);
    expect(single.mails.map(({ Subject }) => Subject)).to.deep.equal([
      `No longer in the group: EC2 instance ${a}`,
    ]);
    expect(single.reboots).to.deep.equal([]);
  });
});

import { expect } from "chai";
import { makeHandler, metricsOf, queueEvent } from "../support.ts";
import { instancesOf, makeGroup, minute } from "./support.ts";

const [a, b = "", c = ""] = instancesOf(6);

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
      `NOT rebooted, shared cause suspected: EC2 instance ${a} and 2 others`,
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

describe("the message of a group that a deployment removed", () => {
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

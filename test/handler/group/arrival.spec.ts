import { expect } from "chai";
import { alert, awsError, failing, number, queueEvent } from "../support.ts";
import { instancesOf, makeGroup, minute } from "./support.ts";

const [a, b = "", c = ""] = instancesOf(6);

/** A webhook whose window ended 16 minutes ago. */
function late(instanceId: string, triggerType: string, index: number, nowMs: number) {
  const windowEndMs = nowMs - 16 * minute;
  return alert({
    triggerType,
    instanceId,
    windowStartMs: String(windowEndMs - 10 * minute),
    windowEndMs: String(windowEndMs),
    alertUrl: `https://service.sumologic.com/ui/#/alert/${index}`,
  });
}

describe("an alert that a group does not store", () => {
  it("counts as affected if it came too late, from the end of its window on", async () => {
    const group = makeGroup({ count: 6 });
    for (const [index, id] of [a, b].entries()) {
      const { response } = await group.post(late(id, "Critical", index, group.clock.nowMs));
      expect(response.outcome).to.equal("skipped");
    }
    await group.fire(c, 3);

    await group.decide();

    expect(group.group()[`firedAt#${a}`]).to.deep.equal(number(1795000780000 - 16 * minute));
    expect(group.reboots).to.deep.equal([]);
    expect(group.records.at(-1)).to.deep.include({ limit: "shared cause" });
  });

  it("counts as affected if it could not be queued", async () => {
    let refusals = 2;
    const group = makeGroup({
      count: 6,
      clients: {
        sendMessage: async () => {
          if (refusals-- > 0) throw awsError("Throttled", 400);
          return {};
        },
      },
    });
    for (const [index, id] of [a, b].entries()) {
      expect((await group.fire(id, index)).response.outcome).to.equal("failed");
    }
    group.takeMessages();
    await group.fire(c, 3);

    await group.decide();

    expect(group.reboots).to.deep.equal([]);
    expect(group.records.at(-1)).to.deep.include({ limit: "shared cause" });
  });

  it("counts as affected if it could not be stored", async () => {
    const refused = failing(awsError("InternalServerError", 500));
    const group = makeGroup({ count: 6, clients: { transactWrite: refused } });

    expect((await group.fire(a, 1)).response.outcome).to.equal("failed");

    expect(group.group()).to.include.keys(`alert#${a}`);
  });
});

describe("the resolution of an alert of a group", () => {
  it("counts if it came too late, so its instance is not affected for a day", async () => {
    const group = makeGroup({ count: 6 });
    for (const [index, id] of [a, b].entries()) await group.fire(id, index);
    await group.decide();
    group.takeMessages();
    group.clock.nowMs += 60 * minute;
    for (const [index, id] of [a, b].entries()) {
      await group.post(late(id, "ResolvedCritical", index, group.clock.nowMs));
    }
    await group.fire(c, 3);

    await group.decide();

    expect(group.outcomes().at(-1)).to.equal("rebooted");
    expect(group.reboots.at(-1)).to.deep.equal({ InstanceIds: [c], DryRun: false });
  });

  it("counts if the group's item did not get the alert before it", async () => {
    let refusals = 1;
    const table = makeGroup({ count: 6 }).table;
    const group = makeGroup({
      count: 6,
      clients: {
        ...table.clients,
        updateItem: async (input, limitMs) => {
          if (refusals-- > 0) throw awsError("InternalServerError", 500);
          return table.clients.updateItem(input, limitMs);
        },
      },
    });
    await group.fire(a, 1);
    group.clock.nowMs += 3 * minute;
    await group.resolve(a, 1);

    await group.decide();

    expect(group.outcomes().at(-1)).to.equal("resolved");
    expect(table.items.get("group")).to.equal(undefined);
  });

  it("without a page causes one e-mail if its instance has an alert that waits", async () => {
    const group = makeGroup({ count: 6 });
    const event = (triggerType: string) =>
      alert({
        triggerType,
        instanceId: a,
        windowStartMs: String(group.clock.nowMs - 12 * minute),
        windowEndMs: String(group.clock.nowMs - 2 * minute),
        alertUrl: "",
      });
    await group.post(event("Critical"));
    group.clock.nowMs += 3 * minute;

    const { response } = await group.post(event("ResolvedCritical"));
    await group.decide();

    expect(response.reason).to.include("no e-mail: the decision about the alert will report it");
    expect(group.reboots).to.deep.equal([]);
    expect(group.mails.map(({ Subject }) => Subject)).to.deep.equal([
      `Alert resolved for EC2 instance ${a}`,
    ]);
  });
});

describe("the group's item with reboots that cannot be read", () => {
  it("counts them as reboots of now, and is readable again", async () => {
    const group = makeGroup({ count: 6 });
    await group.fire(a, 1);
    group.table.items.set("group", { ...group.group(), reboots: { L: [{ S: "x" }] } });

    await group.decide();

    expect(group.reboots).to.have.length(1);
    const claimedAt = number(group.clock.nowMs);
    expect(group.group().reboots).to.deep.equal({ L: [claimedAt, claimedAt] });
    expect(await group.check(queueEvent(group.messages[0]?.MessageBody))).to.deep.equal([]);
  });
});

import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import { number } from "../support.ts";
import { instancesOf, makeGroup, minute } from "./support.ts";

const { parseQuietHours } =
  loadProgram<typeof import("../../../handler/quiet-hours.ts")>("handler/quiet-hours.ts");

const [a, b = ""] = instancesOf(6);
const off = { mode: { S: "off" }, modeSince: number(1), modeReason: { S: "release 7" } };
const byKillSwitch = /suppressed by the kill switch: the mode is off since .*: release 7/;

/** A group in which one instance is being rebooted, so the alert of another one waits for its decision. */
async function busyGroup(options = {}) {
  const group = makeGroup({ count: 6, options });
  await group.fire(a, 1);
  await group.decide();
  group.takeMessages();
  await group.fire(b, 2);
  return group;
}

describe("the kill switch of a group", () => {
  it("prevents the reboot of each instance, for alerts and manual invocations", async () => {
    const group = makeGroup({ count: 6 });
    group.table.items.set("group", { id: { S: "group" }, ...off });
    await group.fire(a, 1);

    await group.decide();
    const manual = await group.invoke({ instanceId: b, force: true });

    expect(group.reboots).to.deep.equal([]);
    expect(group.records.at(-2)).to.deep.include({ outcome: "skipped", limit: "mode" });
    expect(manual.reason).to.match(byKillSwitch);
  });

  it("ends by itself, and leaves those of the instances as they are", async () => {
    const group = makeGroup({ count: 6 });
    const ended = { ...off, modeUntil: number(group.clock.nowMs) };
    group.table.items.set("group", { id: { S: "group" }, ...ended });
    group.table.items.set(`instance#${b}`, { id: { S: `instance#${b}` }, ...off });

    const first = await group.invoke({ instanceId: a });
    group.clock.nowMs += 40 * minute;
    const second = await group.invoke({ instanceId: b });

    expect(first.outcome).to.equal("rebooted");
    expect(second.reason).to.match(byKillSwitch);
  });

  it("allows only dry runs in the mode dryrun", async () => {
    const group = makeGroup({ count: 6 });
    group.table.items.set("group", { id: { S: "group" }, ...off, mode: { S: "dryrun" } });
    await group.fire(a, 1);

    await group.decide();

    expect(group.reboots).to.deep.equal([{ InstanceIds: [a], DryRun: true }]);
  });

  it("prevents reboots if its value cannot be read", async () => {
    const group = makeGroup({ count: 6 });
    group.table.items.set("group", { id: { S: "group" }, mode: { N: "1" } });

    expect((await group.invoke({ instanceId: a })).outcome).to.equal("skipped");
    expect(group.reboots).to.deep.equal([]);
  });

  it("prevents a claim that was decided before it was set", async () => {
    const group = makeGroup({ count: 6 });
    await group.fire(a, 1);
    const { transactWrite } = group.table.clients;
    const other = makeGroup({
      count: 6,
      clients: {
        ...group.table.clients,
        transactWrite: (input, limitMs) => {
          group.table.items.set("group", { ...group.group(), ...off });
          return transactWrite(input, limitMs);
        },
      },
    });

    await other.decide(group.takeMessages());

    expect(other.reboots).to.deep.equal([]);
    expect(other.records.at(-1)).to.deep.include({ outcome: "skipped", limit: "mode" });
  });
});

describe("an alert that would have to wait for another instance", () => {
  it("is suppressed at once by the kill switch of its instance", async () => {
    const group = await busyGroup();
    group.table.items.set(`instance#${b}`, { id: { S: `instance#${b}` }, ...off });

    await group.decide();

    expect(group.records.at(-1)).to.deep.include({ outcome: "skipped", limit: "mode" });
    expect(group.mails.at(-1)?.Subject).to.equal(`NOT rebooted: suppressed for EC2 instance ${b}`);
    expect(group.takeMessages()).to.deep.equal([]);
  });

  for (const [limit, item] of [
    ["cool-down", { t0: number(1795000780000 - 29 * minute) }],
    ["cool-down", { t0: { S: "x" } }],
    ["daily limit", { t2: number(1795000780000 - 23 * 60 * minute) }],
  ] as const) {
    it(`is suppressed at once by the ${limit} (${JSON.stringify(item)})`, async () => {
      const group = await busyGroup();
      group.table.items.set(`instance#${b}`, { id: { S: `instance#${b}` }, ...item });

      await group.decide();

      expect(group.records.at(-1)).to.deep.include({ outcome: "skipped", limit });
    });
  }

  it("joins the quiet period that began meanwhile, whose end reports it", async () => {
    const quietHours = parseQuietHours("Daily 11:20-12:00 Etc/UTC");
    const group = await busyGroup({ quietHours });
    group.clock.nowMs += minute;

    await group.decide();

    const untilMs = Date.parse("2026-11-18T12:00:00Z");
    const [check] = group.takeMessages();
    const incident = [...group.table.items.values()].find(
      ({ instanceId, alertUrl }) => instanceId?.S === b && alertUrl !== undefined,
    );
    expect(group.reboots).to.have.length(1);
    expect(group.records.at(-1)).to.deep.include({ outcome: "skipped", limit: "quiet hours" });
    expect(incident).to.deep.include({ quietUntil: number(untilMs) });
    expect(incident).to.include.keys("arrivedAt");
    expect(incident).not.to.have.any.keys("waitsSince", "closedAt");
    expect(JSON.parse(check?.MessageBody ?? "{}").incidentId).to.equal(`quiet-${untilMs}`);

    group.clock.nowMs = untilMs + minute;
    await group.decide(check ? [check] : []);

    expect(group.mails.at(-1)?.Subject).to.include("quiet hours");
    expect(group.mails.at(-1)?.Message).to.include(b);
  });

  it("is decided again if it resolves while quiet hours suppress it", async () => {
    const quietHours = parseQuietHours("Daily 11:20-12:00 Etc/UTC");
    const group = await busyGroup({ quietHours });
    const messages = group.takeMessages();
    group.clock.nowMs += 3 * minute;
    const { transactWrite } = group.table.clients;
    let isResolved = false;
    const other = makeGroup({
      count: 6,
      options: { quietHours },
      clients: {
        ...group.table.clients,
        transactWrite: async (input, limitMs) => {
          if (!isResolved) await group.resolve(b, 2);
          isResolved = true;
          return transactWrite(input, limitMs);
        },
      },
    });
    other.clock.nowMs = group.clock.nowMs;

    expect(await other.decide(messages)).to.have.length(1);
    other.clock.nowMs += 2 * minute;
    expect(await other.decide(messages)).to.deep.equal([]);

    expect(other.outcomes()).to.deep.equal(["check failed", "resolved"]);
  });
});

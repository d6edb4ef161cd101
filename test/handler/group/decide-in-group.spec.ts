import { expect } from "chai";
import type { GroupLimits } from "../../../handler/group/decide-in-group.ts";
import type { GroupState } from "../../../handler/incidents/group-item.ts";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import { hour, instancesOf, limits, minute } from "./support.ts";

const { decideInGroup, isSharedCause } = loadProgram<
  typeof import("../../../handler/group/decide-in-group.ts")
>("handler/group/decide-in-group.ts");

const nowMs = 1_795_000_000_000;
const empty: GroupState = { version: 1, alerts: new Map(), leases: new Map(), rebootsMs: [] };

/** The decision about the first of three instances. */
function decide(
  state: Partial<GroupState>,
  { isManual = false, ...changed }: Partial<GroupLimits> & { isManual?: boolean } = {},
) {
  const members = { instanceIds: instancesOf(3), windowMinutes: 10 };
  const [instanceId] = members.instanceIds;
  return decideInGroup(
    { ...empty, ...state },
    {
      instanceId: instanceId ?? "",
      alertId: isManual ? undefined : "alert-0",
      members,
      limits: { ...limits, ...changed },
      nowMs,
    },
  );
}

const [a, b = "", c = ""] = instancesOf(3);
const open = { incidentId: "alert-1", firedAtMs: nowMs };
const lease = (untilMs: number) => ({ incidentId: "alert-2", untilMs });

describe("a shared cause", () => {
  const edges: [number, number, number, boolean][] = [
    // maxAffectedPercent, instances, affected
    [34, 2, 1, false],
    [34, 2, 2, true],
    [34, 3, 1, false],
    [34, 3, 2, true],
    [34, 6, 2, false],
    [34, 6, 3, true],
    [34, 50, 17, false],
    [34, 50, 18, true],
    [50, 2, 2, true],
    [50, 6, 3, false],
    [50, 6, 4, true],
    [1, 50, 1, false],
    [1, 50, 2, true],
    [100, 2, 2, false],
    [100, 50, 50, false],
  ];
  for (const [maxAffectedPercent, count, affectedCount, isShared] of edges) {
    it(`is ${isShared ? "" : "not "}suspected if ${affectedCount} of ${count} are affected and the limit is ${maxAffectedPercent} %`, () => {
      const instanceIds = instancesOf(count);
      const affected = instanceIds.slice(0, affectedCount);

      const isSuspected = isSharedCause(
        affected,
        { instanceIds, windowMinutes: 10 },
        { ...limits, maxAffectedPercent },
      );

      expect(isSuspected).to.equal(isShared);
    });
  }

  it("names the affected instances", () => {
    expect(decide({ alerts: new Map([a, c].map((id) => [id, open])) })).to.deep.equal({
      kind: "shared cause",
      reason:
        "2 of 3 instances are affected, more than 34 %: i-0000000000000000a, i-0000000000000000c. This looks like a shared cause, for example a slow database",
      affected: ["i-0000000000000000a", "i-0000000000000000c"],
    });
  });

  const why = (state: Partial<GroupState>) => {
    const decision = decide(state);
    return "reason" in decision ? decision.reason : "";
  };

  it("names an instance that its alert rebooted apart, until its lease ends", () => {
    const alerts = new Map([a, b].map((id) => [id, { ...open, incidentId: `alert-${id}` }]));
    const leaseOfB = (untilMs: number) => new Map([[b, { incidentId: `alert-${b}`, untilMs }]]);

    expect(why({ alerts, leases: leaseOfB(nowMs + 1) })).to.include(
      "more than 34 %: i-0000000000000000a; being rebooted and verified: i-0000000000000000b. This",
    );
    expect(why({ alerts, leases: leaseOfB(Number.NaN) })).to.include(
      "being rebooted and verified: i-0000000000000000b. This",
    );
    expect(why({ alerts, leases: leaseOfB(nowMs) })).to.include(
      "more than 34 %: i-0000000000000000a, i-0000000000000000b. This",
    );
  });

  it("names an instance with the lease of another incident like the others", () => {
    const alerts = new Map([a, b].map((id) => [id, open]));

    expect(why({ alerts, leases: new Map([[b, lease(nowMs + 1)]]) })).to.include(
      "more than 34 %: i-0000000000000000a, i-0000000000000000b. This",
    );
  });

  it("names several instances that are being rebooted", () => {
    const alerts = new Map([a, b, c].map((id) => [id, { ...open, incidentId: `alert-${id}` }]));
    const leases = new Map(
      [b, c].map((id) => [id, { incidentId: `alert-${id}`, untilMs: nowMs + 1 }]),
    );

    expect(why({ alerts, leases })).to.include(
      "a; being rebooted and verified: i-0000000000000000b, i-0000000000000000c. This",
    );
  });

  it("says until when an alert counts that has resolved", () => {
    const resolved = (minutes: number) => ({
      incidentId: "alert-9",
      firedAtMs: nowMs - minutes * minute,
      resolvedAtMs: nowMs,
    });

    expect(why({ alerts: new Map([[a, open] as const, [b, resolved(5)] as const]) })).to.include(
      "a; alert resolved, but counted until 11:16 UTC: i-0000000000000000b. This",
    );
    expect(
      why({
        alerts: new Map([
          [a, open],
          [b, resolved(5)],
          [c, resolved(2)],
        ] as const),
      }),
    ).to.include(
      "a; alert resolved, but counted until 11:19 UTC: i-0000000000000000b, i-0000000000000000c. This",
    );
  });

  it("does not concern a manual invocation", () => {
    const alerts = new Map([a, b, c].map((id) => [id, open]));

    expect(decide({ alerts }, { isManual: true })).to.deep.equal({ kind: "reboot" });
  });
});

describe("the group's daily limit", () => {
  it("permits reboots below it, and those of more than a day ago do not count", () => {
    const rebootsMs = [nowMs - 24 * hour, nowMs - hour];

    expect(decide({ rebootsMs }, { maxRebootsPerDayInGroup: 2 })).to.deep.equal({ kind: "reboot" });
  });

  it("ends when enough reboots are a day ago", () => {
    const rebootsMs = [nowMs - 24 * hour + 1, nowMs - 3 * hour, nowMs - hour];

    expect(decide({ rebootsMs }, { maxRebootsPerDayInGroup: 2 })).to.deep.equal({
      kind: "daily limit",
      reason: "the limit of 2 reboots of the group in 24 hours is reached",
      untilMs: nowMs + 21 * hour,
    });
  });

  it("counts a reboot at an unreadable time, and concerns a manual invocation", () => {
    const decision = decide(
      { rebootsMs: [Number.NaN] },
      { maxRebootsPerDayInGroup: 1, isManual: true },
    );

    expect(decision).to.deep.equal({
      kind: "daily limit",
      reason: "the limit of 1 reboots of the group in 24 hours is reached",
    });
  });
});

describe("the limit of instances that are rebooted at once", () => {
  const edges: [string, number, "reboot" | "wait"][] = [
    ["has just ended", nowMs, "reboot"],
    ["ends in a moment", nowMs + 1, "wait"],
    ["ends at an unreadable time", Number.NaN, "wait"],
  ];
  for (const [what, untilMs, kind] of edges) {
    it(`says ${kind} if another instance's lease ${what}`, () => {
      expect(decide({ leases: new Map([[b, lease(untilMs)]]) }).kind).to.equal(kind);
    });
  }

  it("names the others and says until when they can take", () => {
    const leases = new Map([
      [b, lease(nowMs + 2 * minute)],
      [c, lease(nowMs + minute)],
    ]);

    expect(decide({ leases }, { maxRebootingAtOnce: 2 })).to.deep.equal({
      kind: "wait",
      reason:
        "i-0000000000000000b, i-0000000000000000c are being rebooted and verified; the limit is 2 at once",
      untilMs: nowMs + minute,
    });
    expect(decide({ leases }, { maxRebootingAtOnce: 3 })).to.deep.equal({ kind: "reboot" });
  });

  it("does not count the lease of the instance itself", () => {
    expect(decide({ leases: new Map([[a, lease(nowMs + minute)]]) }).kind).to.equal("reboot");
  });

  it("counts the lease of an instance that has left the group", () => {
    const leases = new Map([["i-00000000000000099", lease(nowMs + minute)]]);

    expect(decide({ leases }).kind).to.equal("wait");
  });
});

describe("an alert that resolved just before its claim", () => {
  const resolved = { incidentId: "alert-0", firedAtMs: nowMs, resolvedAtMs: nowMs };

  it("waits, so that its next decision closes it", () => {
    expect(decide({ alerts: new Map([[a ?? "", resolved]]) })).to.deep.equal({
      kind: "wait",
      reason: "the alert has resolved",
    });
  });

  it("does not stop another alert of the instance, or a person", () => {
    const alerts = new Map([[a ?? "", { ...resolved, incidentId: "alert-9" }]]);

    expect(decide({ alerts })).to.deep.equal({ kind: "reboot" });
    expect(decide({ alerts: new Map([[a ?? "", resolved]]) }, { isManual: true })).to.deep.equal({
      kind: "reboot",
    });
  });
});

import { expect } from "chai";
import type { Incident } from "../../../handler/incidents/table.ts";
import { incidentLines, incidentsOf } from "../../../operate/history/history.ts";

const at = (time: string) => Date.parse(`2026-01-01T${time}Z`);
const group = ["i-0000000a", "i-0000000b"] as const;

const rebooted: Incident = {
  id: "alert-1",
  cause: {
    kind: "alert",
    triggerValue: 6,
    windowStartMs: at("11:45:00"),
    windowEndMs: at("11:55:00"),
  },
  why: "Slow",
  instanceId: "i-0000000a",
  claimedAtMs: at("12:00:00"),
  rebootRequestedAtMs: at("12:00:02"),
  checkCount: 1,
  upCount: 0,
  mails: [],
};
const { rebootRequestedAtMs: _, ...claimed } = rebooted;
const waiting: Incident = { ...claimed, id: "alert-2", waitsSinceMs: at("12:00:00") };
const sharedCause: Incident = {
  ...claimed,
  id: "shared-1767268800000",
  cause: { kind: "shared cause" },
  why: "2 of 2 instances",
  alerts: ["alert-1", "alert-2"],
};

describe("incidentLines of a group", () => {
  for (const [what, incident, line] of [
    ["rebooted", rebooted, "alert-1  i-0000000a  alert (Slow, count 6): rebooted, checks continue"],
    [
      "of an instance that is removed while it is verified",
      { ...rebooted, outcome: "removed" },
      "alert-1  i-0000000a  alert (Slow, count 6): rebooted, removed from the group",
    ],
    [
      "without an instance",
      { ...rebooted, instanceId: undefined },
      "alert-1  unknown instance  alert (Slow, count 6): rebooted, checks continue",
    ],
    [
      "waiting",
      waiting,
      "alert-2  i-0000000a  alert (Slow, count 6): waits since 2026-01-01T12:00:00.000Z",
    ],
    [
      "waiting for too long",
      { ...waiting, outcome: "waited too long" },
      "alert-2  i-0000000a  alert (Slow, count 6): not rebooted: waited too long",
    ],
    [
      "removed while it waits",
      { ...waiting, outcome: "removed" },
      "alert-2  i-0000000a  alert (Slow, count 6): not rebooted: removed from the group",
    ],
    [
      "resolved while it waits",
      { ...waiting, outcome: "resolved" },
      "alert-2  i-0000000a  alert (Slow, count 6): not rebooted: resolved while waiting",
    ],
    [
      "suppressed after it waited",
      { ...waiting, outcome: "suppressed" },
      "alert-2  i-0000000a  alert (Slow, count 6): not rebooted: suppressed by a limit",
    ],
    [
      "part of a shared cause",
      { ...waiting, outcome: "shared cause" },
      "alert-2  i-0000000a  alert (Slow, count 6): not rebooted: shared cause suspected",
    ],
    [
      "permitted in a dry run",
      { ...waiting, outcome: "permitted in dryrun mode" },
      "alert-2  i-0000000a  alert (Slow, count 6): not rebooted: only a dry run",
    ],
    [
      "of an unknown outcome",
      { ...waiting, outcome: "constructor" },
      "alert-2  i-0000000a  alert (Slow, count 6): not rebooted: constructor",
    ],
    [
      "a shared cause",
      sharedCause,
      "shared-1767268800000  group  shared cause (2 of 2 instances): 2 alerts not rebooted, not over",
    ],
    [
      "a shared cause that is over",
      { ...sharedCause, outcome: "shared cause over" },
      "shared-1767268800000  group  shared cause (2 of 2 instances): 2 alerts not rebooted, over",
    ],
    [
      "a shared cause that is over while alerts are open",
      { ...sharedCause, outcome: "still affected" },
      "shared-1767268800000  group  shared cause (2 of 2 instances): 2 alerts not rebooted, over, alerts still open",
    ],
  ] as const) {
    it(`shows an incident that is ${what}`, () => {
      expect(incidentLines([incident as Incident], group)).to.deep.equal([
        `2026-01-01T12:00:00.000Z  ${line}`,
      ]);
    });
  }
});

describe("incidentsOf", () => {
  it("selects the incidents of an instance, and the shared causes of its alerts", () => {
    const other = { ...rebooted, id: "alert-3", instanceId: "i-0000000b" };
    const otherCause = { ...sharedCause, id: "shared-2", alerts: ["alert-3"] };
    const all = [otherCause, sharedCause, other, rebooted, waiting];

    expect(incidentsOf(all, "i-0000000a").map(({ id }) => id)).to.deep.equal([
      "shared-1767268800000",
      "alert-1",
      "alert-2",
    ]);
    expect(incidentsOf(all, "i-0000000b").map(({ id }) => id)).to.deep.equal([
      "shared-2",
      "alert-3",
    ]);
    expect(incidentsOf(all, "i-0000000c")).to.deep.equal([]);
  });
});

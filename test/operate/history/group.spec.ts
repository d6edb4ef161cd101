import { expect } from "chai";
import type { Incident } from "../../../handler/incidents/table.ts";
import { incidentLines, incidentsOf, withNotRebooted } from "../../../operate/history/history.ts";

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
  arrivedAtMs: at("12:00:00"),
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
const past = { ...sharedCause, notRebooted: ["alert-2", "alert-3"] };

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
      past,
      "shared-1767268800000  group  shared cause (2 of 2 instances): 2 alerts without a reboot, not over",
    ],
    [
      "a shared cause that is over",
      { ...past, notRebooted: ["alert-2"], outcome: "shared cause over" },
      "shared-1767268800000  group  shared cause (2 of 2 instances): 1 alert without a reboot, over",
    ],
    [
      "a shared cause that is over while alerts are open",
      { ...past, outcome: "still affected" },
      "shared-1767268800000  group  shared cause (2 of 2 instances): 2 alerts without a reboot, over, alerts still open",
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

describe("withNotRebooted", () => {
  const ended = (id: string, time: string, outcome = "shared cause"): Incident => ({
    ...waiting,
    id,
    instanceId: `i-of-${id}`,
    outcome,
    closedAtMs: at(time),
  });
  const cause = (id: string, from: string, to?: string): Incident => ({
    ...sharedCause,
    id,
    alerts: [],
    claimedAtMs: at(from),
    ...(to !== undefined && { closedAtMs: at(to) }),
  });
  const alertsOf = (incidents: readonly Incident[]) =>
    withNotRebooted(incidents).flatMap(({ id, notRebooted }) =>
      notRebooted ? [[id, ...notRebooted]] : [],
    );

  it("finds the alerts that ended while a shared cause lasted, those that joined it later included", () => {
    expect(
      alertsOf([
        ended("alert-5", "12:30:01"),
        ended("alert-4", "12:20:00"),
        ended("alert-3", "12:10:00", "suppressed"),
        ended("alert-2", "12:00:00"),
        cause("shared-1", "12:00:00", "12:30:00"),
        ended("alert-1", "11:59:59"),
      ]),
    ).to.deep.equal([["shared-1", "alert-2", "alert-4"]]);
  });

  it("counts an alert once: for the latest of two shared causes that last", () => {
    expect(
      alertsOf([
        ended("alert-2", "12:20:00"),
        cause("shared-2", "12:16:00"),
        ended("alert-1", "12:10:00"),
        cause("shared-1", "12:00:00"),
      ]),
    ).to.deep.equal([
      ["shared-2", "alert-2"],
      ["shared-1", "alert-1"],
    ]);
  });

  it("lets the history of an instance include a shared cause that its alert joined", () => {
    const all = withNotRebooted([
      ended("alert-4", "12:20:00"),
      cause("shared-1", "12:00:00", "12:30:00"),
    ]);

    expect(incidentsOf(all, "i-of-alert-4").map(({ id }) => id)).to.deep.equal([
      "alert-4",
      "shared-1",
    ]);
  });
});

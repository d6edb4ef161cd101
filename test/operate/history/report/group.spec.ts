import { expect } from "chai";
import type { Incident } from "../../../../handler/incidents/table.ts";
import { incidentPage, indexPage } from "../../../../operate/history/report/page.ts";
import { writeReport } from "../../../../operate/history/report/read.ts";
import { reportOf } from "../../../../operate/history/report/report.ts";
import { at, incident, log, record, sources, stack } from "./support.ts";

const group = { ...stack, instanceIds: ["i-0000000a", "i-0000000b"] } as const;
const none = { problem: "no key" };
const report = (of: Incident, records = log) =>
  reportOf(of, none, { ...sources, stack: group, log: { value: records } });

const {
  rebootRequestedAtMs: _,
  resolvedAtMs: __,
  closedAtMs: ___,
  outcome: ____,
  ...claimed
} = incident;
const waiting: Incident = {
  ...claimed,
  instanceId: "i-0000000b",
  waitsSinceMs: incident.claimedAtMs,
};
const waitedTooLong = { ...waiting, outcome: "waited too long", closedAtMs: at("12:40:00") };
const sharedCause: Incident = {
  ...claimed,
  id: "shared-1767268800000",
  cause: { kind: "shared cause" },
  why: "2 of 2 instances are affected",
  instanceId: "i-0000000a",
  alerts: ["alert-1", "alert-2"],
};

describe("the report of an incident of a group", () => {
  for (const [what, of, text, tone] of [
    ["waits", waiting, "Waiting for a decision", "unclear"],
    ["waited too long", waitedTooLong, "Not rebooted: waited too long", "bad"],
    [
      "resolved while it waited",
      { ...waiting, outcome: "resolved" },
      "Not rebooted: resolved while waiting",
      "good",
    ],
    ["was removed", { ...incident, outcome: "removed" }, "Removed from the group", "unclear"],
    ["is a shared cause", sharedCause, "Shared cause suspected", "bad"],
    [
      "was a shared cause",
      { ...sharedCause, outcome: "shared cause over" },
      "Shared cause over",
      "good",
    ],
  ] as const) {
    it(`has the result of one that ${what}`, () => {
      expect(report(of).result).to.deep.equal({ text, tone });
    });
  }

  it("has the decisions to wait as one entry, and no claim of an alert that was never claimed", () => {
    const records = [
      record("12:05:10", { outcome: "waiting", reason: "it is decided in 10 seconds" }),
      record("12:05:20", { outcome: "waiting", source: "queue", reason: "i-0000000a is first" }),
      record("12:39:00", { outcome: "waiting", source: "queue", reason: "i-0000000a is first" }),
      record("12:40:00", {
        outcome: "waited too long",
        source: "queue",
        reason: "after 35 minutes",
      }),
    ];

    const entries = report({ ...waitedTooLong, mails: [] }, records).timeline;

    expect(entries).to.deep.equal([
      {
        atMs: at("12:05:10"),
        kind: "saw",
        what: "The alert arrived: 6 slow responses",
        reason:
          'monitor "Slow responses of api data", window 2026-01-01 11:54:30 UTC to 2026-01-01 12:04:30 UTC',
      },
      {
        atMs: at("12:05:10"),
        kind: "decided",
        what: "Waited for a decision with the group in view",
        reason: "until 2026-01-01 12:39:00 UTC: i-0000000a is first",
      },
      {
        atMs: at("12:40:00"),
        kind: "decided",
        what: "Closed the incident: waited too long",
        reason: "after 35 minutes",
      },
    ]);
  });

  it("has the arrival of an alert that was claimed after it waited", () => {
    const records = [record("12:04:50", { outcome: "waiting", reason: "it is decided soon" })];
    const late = { ...incident, arrivedAtMs: at("12:04:50") };

    const [arrived, waited, claimed] = report(late, records).timeline;

    expect([arrived?.what, waited?.what, claimed?.what]).to.deep.equal([
      "The alert arrived: 6 slow responses",
      "Waited for a decision with the group in view",
      "Claimed the reboot",
    ]);
    expect([arrived?.atMs, claimed?.atMs]).to.deep.equal([at("12:04:50"), at("12:05:10")]);
  });

  it("counts the wait to the time to act, and not to the time to detect", () => {
    const late = { ...incident, arrivedAtMs: at("12:04:50"), claimedAtMs: at("12:17:50") };
    const rebooted = { ...late, rebootRequestedAtMs: at("12:17:51") };

    expect(report(rebooted).phases.slice(0, 2)).to.deep.equal([
      {
        name: "Detect",
        duration: "at most 10m20s",
        detail: "from the start of the alert's window to its arrival",
      },
      {
        name: "Act",
        duration: "13m01s",
        detail: "from the alert's arrival to the reboot, which was claimed after 13m00s",
      },
    ]);
    expect(incidentPage(report(rebooted), group, at("13:00:00"))).to.include(
      "arrived at 2026-01-01 12:04:50 UTC",
    );
  });

  it("has the checks of a shared cause as one entry", () => {
    const records = ["12:05:20", "12:06:20", "12:07:20"].map((time) =>
      record(time, {
        outcome: "shared cause",
        source: "queue",
        reason: "2 of 2",
        incidentId: sharedCause.id,
      }),
    );

    expect(report({ ...sharedCause, mails: [] }, records).timeline.slice(1)).to.deep.equal([
      {
        atMs: at("12:05:20"),
        kind: "decided",
        what: "The shared cause lasted",
        reason: "until 2026-01-01 12:07:20 UTC: 2 of 2",
      },
    ]);
  });

  it("has the alerts of a shared cause with those that joined it later, and no chart", async () => {
    const joined = { ...sharedCause, notRebooted: ["alert-2", "alert-3"] };
    const page = await writeReport(joined, {
      stack: { ...group, savedSearchId: "00000000000000AB" },
      readCode: async () => ({ sha256: "x", modifiedMs: at("08:00:00") }),
      logs: undefined as never,
      sumoLogic: { get: async () => ({}), search: async () => [] },
      now: () => at("13:00:00"),
      sleep: async () => {},
    });

    expect(page).to.include("<h1>Shared cause suspected: 3 alerts</h1>");
    expect(page).to.include(
      "A shared cause was suspected at 2026-01-01 12:05:10 UTC (2 of 2 instances are affected).",
    );
    expect(page).to.include(
      "There is no chart: each alert of a shared cause is a separate incident with its chart.",
    );
    expect(page).to.include("<dt>Alerts</dt><dd>alert-1, alert-2, alert-3</dd>");
    expect(page).to.include("2 of 2 instances are affected: alert-1, alert-2");
  });

  it("counts only the suppressed requests of its instance", () => {
    const reason = "suppressed by the cool-down: until later";
    const records = [
      record("12:06:00", { outcome: "skipped", instanceId: "i-0000000a", reason }),
      record("12:07:00", { outcome: "skipped", instanceId: "i-0000000b", reason }),
      record("12:08:00", { outcome: "skipped", instanceId: "i-0000000b", reason }),
    ];

    const { suppressions } = report(waitedTooLong, records);

    expect(suppressions.map(({ count }) => count)).to.deep.equal([2]);
  });

  it("names the instance of each incident on the page of all", () => {
    const page = indexPage([report(waitedTooLong), report(sharedCause)], group, at("13:00:00"));

    expect(page).to.include('<th scope="col">Instance</th>');
    expect(page).to.include("<td>EC2 instance i-0000000b</td>");
    expect(page).to.include("<td>2 alerts</td>");
    expect(page).to.match(/<h2>[^<]*<\/h2> <span[^>]*>[^<]*<\/span> EC2 instance i-0000000b</);
  });

  it("names the instance of the incident in the title", () => {
    expect(incidentPage(report(waitedTooLong), group, at("13:00:00"))).to.include(
      "<title>Not rebooted: waited too long: EC2 instance i-0000000b</title>",
    );
  });
});

import { expect } from "chai";
import { momentText } from "../../../../operate/history/report/moment.ts";
import { reportOf, type Sources } from "../../../../operate/history/report/report.ts";
import { at, incident, log, manual, record, responses, sources } from "./support.ts";

const none = { problem: "no key" };
const withData = { value: responses };

/** The timeline as lines. */
function linesOf(...args: Parameters<typeof reportOf>): string[] {
  return reportOf(...args).timeline.map(({ atMs, kind, what, reason }) =>
    [momentText(atMs), kind, what, ...(reason === undefined ? [] : [`(${reason})`])].join(" "),
  );
}

const claimed =
  "(neither the kill switch nor a limit prevented it, and no other request had claimed this incident)";

describe("the timeline of a report", () => {
  it("has what the function saw, decided and did, each with its reason", () => {
    expect(linesOf(incident, withData, sources)).to.deep.equal([
      "2026-01-01 11:59:00 UTC saw First slow response of the alert's window",
      '2026-01-01 12:05:10 UTC saw The alert arrived: 6 slow responses (monitor "Slow responses of api data", window 2026-01-01 11:54:30 UTC to 2026-01-01 12:04:30 UTC)',
      `2026-01-01 12:05:10 UTC decided Claimed the reboot ${claimed}`,
      "2026-01-01 12:05:11 UTC did Asked EC2 to reboot the instance (6 responses were slow)",
      '2026-01-01 12:05:12 UTC did Sent the e-mail "Rebooted EC2 instance i-0123456789abcdef0"',
      "2026-01-01 12:05:40 UTC decided A request was suppressed as a duplicate (this incident was already claimed)",
      "2026-01-01 12:08:12 UTC saw Health check 1: not recovered yet (the alert has not resolved; instance running)",
      "2026-01-01 12:16:00 UTC saw Sumo Logic reported that the alert resolved (25 responses in its last window, 1 failed, the last fast and successful one at 2026-01-01 12:15:40 UTC)",
      '2026-01-01 12:20:11 UTC did Sent the e-mail "Recovered: EC2 instance i-0123456789abcdef0"',
      "2026-01-01 12:20:12 UTC decided Closed the incident: recovered (both status checks were ok twice)",
    ]);
  });

  it("has the item's facts if the log is gone", () => {
    const { responses: _, ...found } = incident;
    const old = { ...found, mails: [] };

    expect(linesOf(old, none, { ...sources, log: { value: [] } })).to.deep.equal([
      '2026-01-01 12:05:10 UTC saw The alert arrived: 6 slow responses (monitor "Slow responses of api data", window 2026-01-01 11:54:30 UTC to 2026-01-01 12:04:30 UTC)',
      `2026-01-01 12:05:10 UTC decided Claimed the reboot ${claimed}`,
      "2026-01-01 12:05:11 UTC did Asked EC2 to reboot the instance",
      "2026-01-01 12:16:00 UTC saw Sumo Logic reported that the alert resolved",
      "2026-01-01 12:20:12 UTC decided Closed the incident: recovered",
    ]);
  });

  it("says that quiet hours prevented the reboot of an alert", () => {
    const { rebootRequestedAtMs, resolvedAtMs, closedAtMs, outcome, ...found } = incident;
    const quiet = { ...found, mails: [], quietUntilMs: at("13:00:00") };

    expect(linesOf(quiet, none, { ...sources, log: { value: [] } }).at(-1)).to.equal(
      "2026-01-01 12:05:10 UTC decided Did not reboot the instance (quiet hours until 2026-01-01 13:00:00 UTC)",
    );
  });

  it("names the alerts of a quiet period", () => {
    const { rebootRequestedAtMs, ...found } = manual;
    const quiet = {
      ...found,
      cause: { kind: "quiet hours" } as const,
      quietUntilMs: at("09:06:00"),
      alerts: ["alert-1", "alert-2"],
      outcome: "still slow",
    };

    expect(linesOf(quiet, none, sources)).to.deep.equal([
      "2026-01-01 09:00:00 UTC decided Suppressed alerts until 2026-01-01 09:06:00 UTC (quiet hours: alert-1, alert-2)",
      "2026-01-01 09:06:02 UTC decided Closed the incident: still slow",
    ]);
  });

  it("has the failure of an incident without a reboot once", () => {
    const failed = {
      id: incident.id,
      cause: manual.cause,
      why: "",
      arrivedAtMs: at("12:05:10"),
      claimedAtMs: at("12:05:10"),
      failure: "the instance is stopped",
      checkCount: 0,
      upCount: 0,
      closedAtMs: at("12:05:12"),
      outcome: "failed",
      mails: [],
    };
    const value = [
      record("12:05:12", { outcome: "failed", reason: "the instance is stopped (x)" }),
    ];

    expect(linesOf(failed, none, { ...sources, log: { value } })).to.deep.equal([
      "2026-01-01 12:05:10 UTC saw A person invoked the function",
      `2026-01-01 12:05:10 UTC decided Claimed the reboot ${claimed}`,
      "2026-01-01 12:05:12 UTC decided Did not reboot the instance (the instance is stopped)",
    ]);
  });

  for (const [what, message, line] of [
    [
      "a check that failed",
      { outcome: "check failed", source: "queue", reason: "TimeoutError" },
      "saw A health check failed; its queue repeats it (TimeoutError)",
    ],
    [
      "a check after the end",
      { outcome: "already closed", source: "queue" },
      "saw A repeated check found the incident closed",
    ],
    [
      "another resolution",
      { outcome: "skipped", request: { triggerType: "ResolvedCritical" } },
      "saw Sumo Logic reported again that the alert resolved",
    ],
    ["an outcome of a later version", { outcome: "new" }, 'did The function responded "new"'],
  ] as const) {
    it(`has ${what}`, () => {
      const value = [...log, record("12:30:00", message)];

      expect(linesOf(incident, none, { ...sources, log: { value } }).at(-1)).to.equal(
        `2026-01-01 12:30:00 UTC ${line}`,
      );
    });
  }

  it("shows a storm of one alert as one entry", () => {
    const reason = "suppressed as a duplicate: this incident was already claimed";
    const value = Array.from({ length: 10_000 }, () =>
      record("12:06:00", { outcome: "skipped", reason }),
    );

    const lines = linesOf(manual, none, {
      ...sources,
      log: {
        value: value.map((it) => ({ ...it, message: { ...it.message, incidentId: manual.id } })),
      },
    });

    expect(lines.filter((it) => it.includes("suppressed"))).to.deep.equal([
      "2026-01-01 12:06:00 UTC decided 10000 requests were suppressed as a duplicate (this incident was already claimed)",
    ]);
  });

  it("has the e-mail about a reboot after the reboot", () => {
    const early = { ...manual, mails: [{ atMs: at("09:00:01"), subject: "x", text: "" }] };

    expect(linesOf(early, none, sources).slice(2, 4)).to.deep.equal([
      "2026-01-01 09:00:02 UTC did Asked EC2 to reboot the instance",
      '2026-01-01 09:00:02 UTC did Sent the e-mail "x"',
    ]);
  });

  it("puts at its end what has no time", () => {
    const broken = { ...manual, rebootRequestedAtMs: Number.NaN };

    expect(linesOf(broken, none, sources).at(-1)).to.equal(
      "an unknown time did Asked EC2 to reboot the instance",
    );
  });
});

describe("the phases of a report", () => {
  for (const [what, of, data, expected] of [
    [
      "a recovered incident, with Sumo Logic's data",
      incident,
      withData,
      [
        "Detect 6m10s: from the first slow response (2026-01-01 11:59:00 UTC, to the minute) to the alert's arrival",
        "Act 0m01s: from the claim to the reboot",
        "Recover 10m49s: from the reboot to the end of the alert, verified after 15m01s",
      ],
    ],
    [
      "a recovered incident, without it",
      incident,
      none,
      [
        "Detect at most 10m40s: from the start of the alert's window to its arrival",
        "Act 0m01s: from the claim to the reboot",
        "Recover 10m49s: from the reboot to the end of the alert, verified after 15m01s",
      ],
    ],
    [
      "a manual reboot",
      manual,
      none,
      [
        "Detect –: a person invoked the function",
        "Act 0m02s: from the claim to the reboot",
        "Recover 6m00s: from the reboot to the last health check",
      ],
    ],
    [
      "an incident that did not recover, although the alert resolved",
      { ...incident, outcome: "not recovered" },
      none,
      [
        "Detect at most 10m40s: from the start of the alert's window to its arrival",
        "Act 0m01s: from the claim to the reboot",
        "Recover –: not recovered",
      ],
    ],
  ] as const) {
    it(`are those of ${what}`, () => {
      const { phases } = reportOf(of, data, sources);

      expect(phases.map((it) => `${it.name} ${it.duration ?? "–"}: ${it.detail}`)).to.deep.equal(
        expected,
      );
    });
  }
});

describe("a report", () => {
  const { failure: _, rebootRequestedAtMs, outcome, ...bare } = { failure: undefined, ...manual };

  for (const [what, of, text, tone] of [
    ["recovered", incident, "Recovered", "good"],
    ["instance up", manual, "Up after the manual reboot", "good"],
    ["not recovered", { ...incident, outcome: "not recovered" }, "Not recovered", "bad"],
    [
      "recovery unconfirmed",
      { ...incident, outcome: "recovery unconfirmed" },
      "Recovery unconfirmed",
      "unclear",
    ],
    ["unconfirmed", { ...bare, outcome: "unconfirmed" }, "Reboot unconfirmed", "unclear"],
    ["failed", { ...bare, failure: "x", outcome: "failed" }, "Not rebooted", "bad"],
    ["open", { ...bare, rebootRequestedAtMs: 1 }, "Rebooted, health checks continue", "unclear"],
    ["of others", { ...bare, outcome: "constructor" }, "constructor", "unclear"],
    [
      "an alert in quiet hours",
      { ...bare, cause: incident.cause, quietUntilMs: at("13:00:00") },
      "Not rebooted in quiet hours",
      "unclear",
    ],
    [
      "a quiet period",
      {
        ...bare,
        cause: { kind: "quiet hours" },
        quietUntilMs: 1,
        alerts: [],
        outcome: "still slow",
      },
      "Quiet hours, still slow",
      "unclear",
    ],
    ["claimed", bare, "Reboot claimed, not confirmed", "unclear"],
  ] as const) {
    it(`says how an incident ended: ${what}`, () => {
      expect(reportOf(of, none, sources).result).to.deep.equal({ text, tone });
    });
  }

  it("has what was suppressed until the end of the incident, by limit", () => {
    expect(reportOf(incident, none, sources).suppressions).to.deep.equal([
      {
        by: "suppressed as a duplicate",
        count: 1,
        firstMs: at("12:05:40"),
        lastMs: at("12:05:40"),
        reason: "this incident was already claimed",
      },
      {
        by: "suppressed by the cool-down",
        count: 2,
        firstMs: at("12:06:00"),
        lastMs: at("12:07:00"),
        reason: "the last reboot was claimed at 2026-01-01T12:05:10.000Z, less than 30 minutes ago",
      },
    ]);
  });

  it("marks the reboot and the recovery in the chart", () => {
    expect(reportOf(incident, withData, sources).marks).to.deep.equal([
      { atMs: at("12:05:11"), name: "reboot" },
      { atMs: at("12:16:00"), name: "recovered" },
    ]);
    expect(
      reportOf({ ...incident, outcome: "not recovered" }, withData, sources).marks,
    ).to.deep.equal([
      { atMs: at("12:05:11"), name: "reboot" },
      { atMs: at("12:16:00"), name: "alert resolved" },
    ]);
  });

  for (const [what, changed, expected] of [
    [
      "its code",
      {},
      "SHA-256 c2hhMjU2, last changed at 2026-01-01 08:00:00 UTC, before this incident",
    ],
    [
      "code that is newer than the incident",
      { code: { value: { sha256: "c2hhMjU2", modifiedMs: at("12:05:11") } } },
      "SHA-256 c2hhMjU2, last changed at 2026-01-01 12:05:11 UTC: the function was deployed again AFTER this incident, so other code may have handled it",
    ],
    ["code that cannot be read", { code: { problem: "AccessDenied" } }, "unknown: AccessDenied"],
  ] as const) {
    it(`names ${what}`, () => {
      expect(reportOf(incident, none, { ...sources, ...changed }).code).to.equal(expected);
    });
  }

  for (const [what, of, changed, notes] of [
    ["nothing is missing", incident, {}, []],
    [
      "the log has been deleted, and the item has no e-mail",
      manual,
      {},
      [
        "The function's log (/aws/lambda/function) has no line of this incident, so reasons and suppressed requests are missing: CloudWatch deletes lines after the log group's retention.",
        "The incident's item has no e-mail. E-mails about suppressed alerts are not kept, and earlier versions kept none.",
      ],
    ],
    [
      "the log cannot be read, and an e-mail was not sent",
      { ...incident, mailFailure: "SNS: throttled" },
      { log: { problem: "AccessDeniedException: no" } },
      [
        "The function's log (/aws/lambda/function) could not be read, so reasons and suppressed requests are missing: AccessDeniedException: no",
        "An e-mail was not sent: SNS: throttled",
      ],
    ],
  ] as const) {
    it(`has notes if ${what}`, () => {
      const { logNote, mailNote } = reportOf(of, none, {
        ...sources,
        ...(changed as Partial<Sources>),
      });

      expect([logNote, mailNote].filter((it) => it !== undefined)).to.deep.equal(notes);
    });
  }
});

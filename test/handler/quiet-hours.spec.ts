import { expect } from "chai";
import fc from "fast-check";
import { loadProgram } from "../../sandbox/engine/program.ts";

const { parseQuietHours, quietUntil } =
  loadProgram<typeof import("../../handler/quiet-hours.ts")>("handler/quiet-hours.ts");

const minute = 60_000;

function windowsOf(text: string) {
  const windows = parseQuietHours(text);
  if (windows === "unreadable") throw new Error(`unreadable: ${text}`);
  return windows;
}

/** When the quiet hours end in ISO 8601, or "not quiet". */
function endAt(text: string, time: string): string {
  const untilMs = quietUntil(windowsOf(text), Date.parse(time));
  return untilMs === undefined ? "not quiet" : new Date(untilMs).toISOString();
}

describe("quiet hours", () => {
  it("of the whole week end after about eight days, so that a check of them ends", () => {
    expect(endAt("Daily 00:00-24:00 UTC", "2026-11-28T01:00:00.000Z")).to.equal(
      "2026-12-07T00:00:00.000Z",
    );
  });

  /** Windows, a time, and the end of the quiet hours at that time. */
  const table: Record<string, readonly (readonly [text: string, time: string, end: string])[]> = {
    "begin with their start and end before their end": [
      ["Sat 02:00-04:00 UTC", "2026-11-28T01:59:59.999Z", "not quiet"],
      ["Sat 02:00-04:00 UTC", "2026-11-28T02:00:00.000Z", "2026-11-28T04:00:00.000Z"],
      ["Sat 02:00-04:00 UTC", "2026-11-28T03:59:59.999Z", "2026-11-28T04:00:00.000Z"],
      ["Sat 02:00-04:00 UTC", "2026-11-28T04:00:00.000Z", "not quiet"],
      ["Sat 02:00-04:00 UTC", "2026-11-27T03:00:00.000Z", "not quiet"],
      ["Sat 02:00-02:01 UTC", "2026-11-28T02:00:30.000Z", "2026-11-28T02:01:00.000Z"],
    ],
    "are in their time zone": [
      ["Sat 02:00-04:00 Europe/Berlin", "2026-11-28T00:59:59.999Z", "not quiet"],
      ["Sat 02:00-04:00 Europe/Berlin", "2026-11-28T01:00:00.000Z", "2026-11-28T03:00:00.000Z"],
      ["Sat 02:00-04:00 Asia/Kolkata", "2026-11-27T20:30:00.000Z", "2026-11-27T22:30:00.000Z"],
      ["Sat 02:00-04:00 Pacific/Apia", "2026-11-27T13:00:00.000Z", "2026-11-27T15:00:00.000Z"],
      ["Sat 02:00-04:00 Etc/GMT+5", "2026-11-28T07:00:00.000Z", "2026-11-28T09:00:00.000Z"],
      ["Sat 02:00-04:00 europe/berlin", "2026-11-28T01:00:00.000Z", "2026-11-28T03:00:00.000Z"],
    ],
    "go over midnight and over the end of the week": [
      ["Sat 22:00-06:00 UTC", "2026-11-29T05:59:00.000Z", "2026-11-29T06:00:00.000Z"],
      ["Sat 22:00-06:00 UTC", "2026-11-28T05:59:00.000Z", "not quiet"],
      ["Sat 23:00-Sun 01:00 UTC", "2026-11-28T23:30:00.000Z", "2026-11-29T01:00:00.000Z"],
      ["Sun 23:00-01:00 UTC", "2026-11-30T00:59:00.000Z", "2026-11-30T01:00:00.000Z"],
      ["Sun 23:00-Mon 01:00 UTC", "2026-11-29T23:00:00.000Z", "2026-11-30T01:00:00.000Z"],
      ["Fri 18:00-Mon 06:00 UTC", "2026-11-27T18:00:00.000Z", "2026-11-30T06:00:00.000Z"],
      ["Sun 00:00-24:00 UTC", "2026-11-29T00:00:00.000Z", "2026-11-30T00:00:00.000Z"],
      ["Sun 22:00-24:00 UTC", "2026-11-29T23:59:00.000Z", "2026-11-30T00:00:00.000Z"],
      ["Sun 22:00-00:00 UTC", "2026-11-29T23:59:00.000Z", "2026-11-30T00:00:00.000Z"],
    ],
    "are on some days or each day": [
      ["Mon-Fri 22:00-06:00 UTC", "2026-11-27T22:00:00.000Z", "2026-11-28T06:00:00.000Z"],
      ["Mon-Fri 22:00-06:00 UTC", "2026-11-28T22:00:00.000Z", "not quiet"],
      ["Sat-Mon 02:00-03:00 UTC", "2026-11-30T02:00:00.000Z", "2026-11-30T03:00:00.000Z"],
      ["Sat-Mon 02:00-03:00 UTC", "2026-12-01T02:00:00.000Z", "not quiet"],
      ["Daily 23:30-00:30 UTC", "2026-12-02T00:00:00.000Z", "2026-12-02T00:30:00.000Z"],
    ],
    "that overlap or touch are one": [
      [
        "Sat 02:00-04:00 UTC, Sat 03:00-05:00 UTC",
        "2026-11-28T02:00:00.000Z",
        "2026-11-28T05:00:00.000Z",
      ],
      [
        "Sat 02:00-04:00 UTC;Sat 04:00-05:00 UTC",
        "2026-11-28T02:00:00.000Z",
        "2026-11-28T05:00:00.000Z",
      ],
      [
        "Sat 02:00-04:00 Europe/Berlin, Sat 03:00-04:00 UTC",
        "2026-11-28T01:00:00.000Z",
        "2026-11-28T04:00:00.000Z",
      ],
      [
        "Sat 02:00-04:00 UTC, Sat 04:01-05:00 UTC",
        "2026-11-28T02:00:00.000Z",
        "2026-11-28T04:00:00.000Z",
      ],
    ],
    // Berlin: 29 March 2026, 01:00 UTC; 25 October 2026, 01:00 UTC.
    "follow the clock in Europe/Berlin": [
      ["Sun 01:00-05:00 Europe/Berlin", "2026-03-29T00:00:00.000Z", "2026-03-29T03:00:00.000Z"],
      ["Sun 01:00-05:00 Europe/Berlin", "2026-10-24T23:00:00.000Z", "2026-10-25T04:00:00.000Z"],
      // The hour that does not exist.
      ["Sun 02:00-03:00 Europe/Berlin", "2026-03-29T00:59:00.000Z", "not quiet"],
      ["Sun 02:00-03:00 Europe/Berlin", "2026-03-29T01:00:00.000Z", "not quiet"],
      ["Sun 02:30-03:30 Europe/Berlin", "2026-03-29T01:00:00.000Z", "2026-03-29T01:30:00.000Z"],
      // The hour that is there twice.
      ["Sun 02:00-03:00 Europe/Berlin", "2026-10-25T00:00:00.000Z", "2026-10-25T02:00:00.000Z"],
      ["Sun 02:30-02:45 Europe/Berlin", "2026-10-25T00:30:00.000Z", "2026-10-25T00:45:00.000Z"],
      ["Sun 02:30-02:45 Europe/Berlin", "2026-10-25T01:30:00.000Z", "2026-10-25T01:45:00.000Z"],
      ["Sun 02:30-04:00 Europe/Berlin", "2026-10-25T00:30:00.000Z", "2026-10-25T01:00:00.000Z"],
      ["Sun 02:30-04:00 Europe/Berlin", "2026-10-25T01:30:00.000Z", "2026-10-25T03:00:00.000Z"],
      ["Fri 18:00-Mon 06:00 Europe/Berlin", "2026-03-27T17:00:00.000Z", "2026-03-30T04:00:00.000Z"],
      ["Fri 18:00-Mon 06:00 Europe/Berlin", "2026-10-23T16:00:00.000Z", "2026-10-26T05:00:00.000Z"],
    ],
    // New York: 8 March 2026, 07:00 UTC; 1 November 2026, 06:00 UTC.
    "follow the clock in America/New_York": [
      ["Sun 01:00-04:00 America/New_York", "2026-03-08T06:00:00.000Z", "2026-03-08T08:00:00.000Z"],
      ["Sun 01:00-04:00 America/New_York", "2026-11-01T05:00:00.000Z", "2026-11-01T09:00:00.000Z"],
    ],
    // Lord Howe moves its clock by half an hour: 4 October 2026 and 5 April 2026, 15:30 and 15:00 UTC the day before.
    "follow the clock in Australia/Lord_Howe": [
      [
        "Sun 01:00-04:00 Australia/Lord_Howe",
        "2026-10-03T14:30:00.000Z",
        "2026-10-03T17:00:00.000Z",
      ],
      [
        "Sun 01:00-04:00 Australia/Lord_Howe",
        "2026-04-04T14:00:00.000Z",
        "2026-04-04T17:30:00.000Z",
      ],
      ["Sun 02:00-02:30 Australia/Lord_Howe", "2026-10-03T15:30:00.000Z", "not quiet"],
    ],
    // Apia left out 30 December 2011, a Friday.
    "have no day that the clock skips": [
      ["Fri 02:00-04:00 Pacific/Apia", "2011-12-30T12:30:00.000Z", "not quiet"],
      ["Thu 22:00-Sat 02:00 Pacific/Apia", "2011-12-30T08:00:00.000Z", "2011-12-30T12:00:00.000Z"],
    ],
  };
  for (const [what, rows] of Object.entries(table)) {
    for (const [text, time, end] of rows) {
      it(`${what}: ${text} at ${time}`, () => {
        expect(endAt(text, time)).to.equal(end);
      });
    }
  }
});

describe("quiet hours are unreadable", () => {
  for (const text of [
    "",
    "Sat 02:00-04:00",
    "Sat 02:00-04:00 +02:00",
    "Sat 02:00-04:00 Europe/Bonn",
    "Sat 02:00-04:00  UTC",
    "sat 02:00-04:00 UTC",
    "Sat 2:00-4:00 UTC",
    "Sat 24:00-04:00 UTC",
    "Sat 02:00-24:01 UTC",
    "Sat 02:00-04:60 UTC",
    "Sat-Sun 22:00-Mon 06:00 UTC",
    "Daily 22:00-Mon 06:00 UTC",
    "Sat 02:00-04:00 UTC,",
    "Sat 02:00-04:00 UTC, rubbish",
    "Sat 02:00-04:00 UTC\nSun 02:00-04:00 UTC",
    `Sat 02:00-04:00 ${"x".repeat(10_000)}`,
  ]) {
    it(`if they are ${JSON.stringify(text.slice(0, 50))}`, () => {
      expect(parseQuietHours(text)).to.equal("unreadable");
    });
  }

  it("in any other text than windows", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseQuietHours(text)).to.equal("unreadable");
      }),
    );
  });
});

describe("quiet hours, compared minute by minute with the time that a clock shows", () => {
  const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
  const zones = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
  ];
  interface Window {
    readonly day: number;
    readonly start: number;
    readonly length: number;
    readonly zone: string;
  }
  const clock = (minutes: number) =>
    [Math.floor(minutes / 60), minutes % 60].map((it) => String(it).padStart(2, "0")).join(":");
  const textOf = ({ day, start, length, zone }: Window) => {
    const end = day * 1_440 + start + length;
    const endDay = days[Math.floor(end / 1_440) % 7];
    return `${days[day]} ${clock(start)}-${endDay} ${clock(end % 1_440)} ${zone}`;
  };

  /** Whether it is quiet, by the text of the clock in the zone: "Sun, 02:30". */
  function isQuiet({ day, start, length, zone }: Window, ms: number): boolean {
    const shown = new Date(ms).toLocaleString("en-GB", {
      timeZone: zone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
    });
    const [, weekday = "", hours, minutes] = /^(\w+),? (\d+):(\d+)$/.exec(shown) ?? [];
    const now = days.indexOf(weekday) * 1_440 + Number(hours) * 60 + Number(minutes);
    const first = day * 1_440 + start;
    return [now, now + 7 * 1_440].some((it) => it >= first && it < first + length);
  }

  const window = fc.record({
    day: fc.nat(6),
    start: fc.nat(1_439),
    length: fc.integer({ min: 1, max: 600 }),
    zone: fc.constantFrom(...zones),
  });
  /** Around changes of the clock, and anywhere else. */
  const time = fc
    .tuple(
      fc.constantFrom(
        "2026-03-08T07:00Z",
        "2026-03-29T01:00Z",
        "2026-04-04T15:00Z",
        "2026-10-03T15:30Z",
        "2026-10-25T01:00Z",
        "2026-11-01T06:00Z",
        "2026-12-31T23:00Z",
      ),
      fc.integer({ min: -86_400_000, max: 86_400_000 }),
    )
    .map(([at, offsetMs]) => Date.parse(at) + offsetMs);

  it("begin and end at the same minutes", () => {
    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: 4 }), time, (its, nowMs) => {
        const windows = windowsOf(its.map(textOf).join("; "));
        const isQuietAt = (ms: number) => its.some((it) => isQuiet(it, ms));
        const untilMs = quietUntil(windows, nowMs);

        expect(untilMs !== undefined).to.equal(isQuietAt(nowMs));
        if (untilMs === undefined) return;
        expect(untilMs).to.be.above(nowMs);
        expect(untilMs % minute).to.equal(0);
        expect(isQuietAt(untilMs)).to.equal(false);
        for (let ms = nowMs; ms < untilMs; ms += minute) expect(isQuietAt(ms)).to.equal(true);
      }),
      { numRuns: 150 },
    );
  });
});

import { expect } from "chai";
import fc from "fast-check";
import { loadProgram } from "../../sandbox/engine/program.ts";

const { quietHoursProblems } =
  loadProgram<typeof import("../../infra/quiet-hours.ts")>("infra/quiet-hours.ts");

describe("quietHoursProblems", () => {
  const form =
    "windows separated by commas or semicolons, each with its time zone, for example Sat 02:00-04:00 Europe/Berlin, Mon-Fri 22:00-06:00 America/New_York, Fri 18:00-Mon 06:00 UTC, or Daily 02:00-03:00 UTC";
  const many = (count: number) =>
    Array.from({ length: count }, (_, it) => `Sat 02:${10 + it}-02:${11 + it} UTC`).join(",");

  for (const [what, text] of [
    ["20 windows", many(20)],
    ["exactly half of a week", "Mon 00:00-Thu 12:00 Europe/Berlin"],
    [
      "exactly half of a week, with the end of daylight saving",
      "Thu 12:00-Mon 00:00 Europe/Berlin",
    ],
    ["exactly half of a week, each day", "Daily 18:00-06:00 Asia/Kolkata"],
    ["exactly half of a week, with overlaps", "Daily 00:00-08:00 UTC; Daily 04:00-12:00 UTC"],
    [
      "exactly half of a week, in two zones that overlap",
      "Daily 00:00-12:00 UTC; Daily 05:30-17:30 Asia/Kolkata",
    ],
  ] as const) {
    it(`accepts ${what}`, () => {
      expect(quietHoursProblems(text)).to.deep.equal([]);
    });
  }

  for (const [what, text, problems] of [
    ["21 windows", many(21), ["at most 20 windows, not 21"]],
    [
      "one minute more than half of a week",
      "Mon 00:00-Thu 12:01 UTC",
      ["at most 84 hours a week in total, not 84 hours and 1 minute"],
    ],
    [
      "more than half of a week each day",
      "Daily 12:00-00:30 UTC",
      ["at most 84 hours a week in total, not 87 hours and 30 minutes"],
    ],
    [
      "two zones that are closer to each other for some weeks",
      "Daily 00:00-06:00 Europe/Berlin; Daily 00:00-06:01 America/New_York",
      ["at most 84 hours a week in total, not 84 hours and 7 minutes"],
    ],
    ["nothing", "", [form]],
    ["a window without a zone", "Sat 02:00-04:00", [form]],
    [
      "an offset instead of a zone",
      "Sat 02:00-04:00 +02:00",
      [
        'an IANA time zone in each window, for example Europe/Berlin; unknown: "Sat 02:00-04:00 +02:00"',
      ],
    ],
    [
      "an empty window among others",
      "Sat 02:00-04:00 UTC,,Sun 1-2 UTC",
      [`${form}; not "", "Sun 1-2 UTC"`],
    ],
    [
      "zero length",
      "Daily 04:00-04:00 UTC",
      [
        'an end that differs from the start (a whole day is 00:00-24:00), not "Daily 04:00-04:00 UTC"',
      ],
    ],
    [
      "zero length across days",
      "Sat 04:00-Sat 04:00 UTC",
      [
        'an end that differs from the start (a whole day is 00:00-24:00), not "Sat 04:00-Sat 04:00 UTC"',
      ],
    ],
    [
      "a week without a minute",
      "Sat 04:00-Sat 03:59 UTC",
      ["at most 84 hours a week in total, not 167 hours and 59 minutes"],
    ],
    [
      "an unknown zone",
      "Sat 02:00-04:00 Europe/Bonn",
      [
        'an IANA time zone in each window, for example Europe/Berlin; unknown: "Sat 02:00-04:00 Europe/Bonn"',
      ],
    ],
    [
      "several problems",
      `${many(19)}, Sat 2-3 UTC, Sun 01:00-01:00 UTC, Mon 01:00-02:00 Moon/Sea`,
      [
        "at most 20 windows, not 22",
        `${form}; not "Sat 2-3 UTC"`,
        'an IANA time zone in each window, for example Europe/Berlin; unknown: "Mon 01:00-02:00 Moon/Sea"',
        'an end that differs from the start (a whole day is 00:00-24:00), not "Sun 01:00-01:00 UTC"',
      ],
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(quietHoursProblems(text)).to.deep.equal(problems);
    });
  }
});

describe("quiet hours in one time zone", () => {
  const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
  interface Window {
    readonly day: number;
    readonly start: number;
    readonly length: number;
  }
  const clock = (minutes: number) =>
    [Math.floor(minutes / 60), minutes % 60].map((it) => String(it).padStart(2, "0")).join(":");
  const textOf = ({ day, start, length }: Window) => {
    const end = day * 1_440 + start + length;
    const endDay = days[Math.floor(end / 1_440) % 7];
    return `${days[day]} ${clock(start)}-${endDay} ${clock(end % 1_440)} Europe/Berlin`;
  };

  function isCovered({ day, start, length }: Window, minuteOfWeek: number): boolean {
    const first = day * 1_440 + start;
    return [minuteOfWeek, minuteOfWeek + 7 * 1_440].some(
      (it) => it >= first && it < first + length,
    );
  }

  it("are refused exactly if they cover more than half of a week", () => {
    const inOneZone = fc.array(
      fc.record({
        day: fc.nat(6),
        start: fc.nat(1_439),
        length: fc.integer({ min: 1, max: 2_400 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(inOneZone, (its) => {
        const minutes = Array.from({ length: 7 * 1_440 }, (_, minute) => minute);
        const quiet = minutes.filter((minute) => its.some((it) => isCovered(it, minute)));
        const problems = quietHoursProblems(its.map(textOf).join(", "));

        expect(problems.length > 0).to.equal(quiet.length > 5_040);
      }),
      { numRuns: 100 },
    );
  });
});

import { expect } from "chai";
import {
  critical,
  logged,
  minuteMs as minute,
  resolvedCritical,
  noon as start,
} from "../../sumo-logic/bodies.ts";
import { MonitorState } from "../../sumo-logic/monitors.ts";
import { monitor, slow, timeline, typesOf } from "./monitors-support.ts";

describe("MonitorState", () => {
  it("says nothing when there are five", () => {
    const dues = new MonitorState().evaluate(monitor(), slow(5, start), start + 3 * minute);

    expect(dues).to.deep.equal([]);
  });

  it("says nothing when there is no message", () => {
    expect(new MonitorState().evaluate(monitor(), [], start)).to.deep.equal([]);
  });

  it("alerts when there are six, with the value, the row and the window", () => {
    const [due, ...others] = new MonitorState().evaluate(
      monitor(),
      slow(6, start),
      start + 3 * minute,
    );

    expect(others).to.deep.equal([]);
    expect(due).to.deep.equal({
      triggerType: "Critical",
      trigger: critical,
      alertUrl: due?.alertUrl,
      rows: [{ _raw: "slow", slow_count: 6 }],
      value: 6,
      windowStartMs: Date.parse("2026-01-01T11:51:00Z"),
      windowEndMs: Date.parse("2026-01-01T12:01:00Z"),
    });
    expect(due?.alertUrl).to.match(/^https:\/\/service\.sumologic\.com\/ui\/#\/alert\/\w{16}$/);
  });

  // The window of an evaluation at minute 12 is from minute 0 to minute 10: logs come late.
  for (const [what, timeMs, isIn] of [
    ["exactly at the window's start", start, false],
    ["a millisecond after its start", start + 1, true],
    ["exactly at its end", start + 10 * minute, true],
    ["a millisecond after its end", start + 10 * minute + 1, false],
  ] as const) {
    it(`${isIn ? "counts" : "does not count"} a message ${what}`, () => {
      const messages = [...slow(5, start + 5 * minute), ...slow(1, timeMs)];

      const dues = new MonitorState().evaluate(monitor(), messages, start + 12 * minute);

      expect(dues.map(({ triggerType }) => triggerType)).to.deep.equal(isIn ? ["Critical"] : []);
    });
  }

  // The same six messages of minute 0, by the delay on top of the two minutes that are always there.
  for (const [evaluationDelay, firstMinute] of [
    [undefined, 2],
    ["", 2],
    ["0m", 2],
    ["1m", 3],
    ["90s", 4],
    ["1m30s", 4],
    ["5m", 7],
    ["1h", 62],
  ] as const) {
    it(`queries further behind the clock with the evaluation delay "${evaluationDelay}"`, () => {
      const it = monitor({}, evaluationDelay === undefined ? {} : { evaluationDelay });

      const [first] = timeline(slow(6, start), 70, it);

      expect(first?.[0]).to.equal(firstMinute);
    });
  }

  for (const [evaluationDelay, windowStart, windowEnd] of [
    ["5m", "2026-01-01T11:53:00Z", "2026-01-01T12:03:00Z"],
    ["45s", "2026-01-01T11:57:15Z", "2026-01-01T12:07:15Z"],
    ["1m30s", "2026-01-01T11:56:30Z", "2026-01-01T12:06:30Z"],
  ] as const) {
    it(`reports the window of the evaluation delay ${evaluationDelay}`, () => {
      const it = monitor({}, { evaluationDelay });

      const [due] = new MonitorState().evaluate(it, slow(6, start), start + 10 * minute);

      expect(due).to.include({
        windowStartMs: Date.parse(windowStart),
        windowEndMs: Date.parse(windowEnd),
      });
    });
  }

  it("counts only the rows above the threshold", () => {
    const other = { raw: "slow too", sourceCategory: "web", timeMs: start };
    const messages = [other, ...slow(6, start)];

    const [due] = new MonitorState().evaluate(monitor(), messages, start + 3 * minute);

    expect(due?.rows).to.deep.equal([{ _raw: "slow", slow_count: 6 }]);
  });

  it("makes one alert of several rows when it does not group by a field", () => {
    const messages = [...slow(6, start), ...logged(7, start, "slow too")];

    const [due, ...others] = new MonitorState().evaluate(monitor(), messages, start + 3 * minute);

    expect(others).to.deep.equal([]);
    expect(due).to.deep.include({
      rows: [
        { _raw: "slow", slow_count: 6 },
        { _raw: "slow too", slow_count: 7 },
      ],
      value: 6,
    });
  });

  it("alerts once while the alert is active, however many more there are", () => {
    const state = new MonitorState();
    state.evaluate(monitor(), slow(6, start), start + 3 * minute);

    expect(state.evaluate(monitor(), slow(6, start), start + 4 * minute)).to.deep.equal([]);
    expect(state.evaluate(monitor(), slow(60, start), start + 5 * minute)).to.deep.equal([]);
  });

  it("resolves when the condition has held for the whole resolution window", () => {
    const messages = [
      ...slow(6, start),
      ...slow(1, start + 5 * minute),
      ...slow(1, start + 12 * minute),
    ];

    const dues = timeline(messages, 30);

    // Six in the window until minute 11; fewer, but some, from minute 12, and five minutes more.
    expect(typesOf(dues)).to.deep.equal([
      [2, "Critical"],
      [17, "ResolvedCritical"],
    ]);
  });

  it("resolves after a whole detection window when there is no row any more", () => {
    const dues = timeline(slow(6, start), 40);

    // In the window until minute 11; gone from minute 12, and ten minutes more.
    expect(typesOf(dues)).to.deep.equal([
      [2, "Critical"],
      [22, "ResolvedCritical"],
    ]);
  });

  for (const [resolutionWindow, minuteWithRows] of [
    ["0m", 12],
    ["5m", 17],
    ["10m", 22],
    ["15m", 27],
    ["", 22],
    [undefined, 22],
  ] as const) {
    it(`resolves by the resolution window "${resolutionWindow}" while there are rows`, () => {
      const drip = Array.from({ length: 60 }, (_, at) => slow(1, start + at * 2.5 * minute)).flat();
      const messages = [...slow(5, start), ...drip];

      const dues = timeline(messages, 40, monitor({ resolved: { resolutionWindow } }));

      expect(typesOf(dues)).to.deep.equal([
        [2, "Critical"],
        [minuteWithRows, "ResolvedCritical"],
      ]);
    });

    it(`waits the detection window in spite of "${resolutionWindow}" when there is no row`, () => {
      const dues = timeline(slow(6, start), 40, monitor({ resolved: { resolutionWindow } }));

      expect(typesOf(dues).at(-1)).to.deep.equal([22, "ResolvedCritical"]);
    });
  }

  it("resolves while as many as the threshold go on", () => {
    const messages = [...slow(1, start), ...slow(5, start + 8 * minute)];

    const dues = timeline(messages, 30);

    expect(typesOf(dues)).to.deep.equal([
      [10, "Critical"],
      [17, "ResolvedCritical"],
    ]);
    expect(dues[1]?.[1].value).to.equal(5);
  });

  it("restarts the resolution window when the condition breaks in between", () => {
    const messages = [...slow(6, start), ...slow(6, start + 14 * minute)];

    const dues = timeline(messages, 50);

    // Quiet from minute 12; the second burst shows at 16 and gone at 26.
    expect(typesOf(dues)).to.deep.equal([
      [2, "Critical"],
      [36, "ResolvedCritical"],
    ]);
  });

  it("reports the same alert when it resolves, without rows when the window has none", () => {
    const [alert, resolution] = timeline(slow(6, start), 30).map(([, due]) => due);

    expect(resolution).to.deep.equal({
      triggerType: "ResolvedCritical",
      trigger: resolvedCritical,
      alertUrl: alert?.alertUrl,
      rows: [],
      value: 0,
      windowStartMs: Date.parse("2026-01-01T12:10:00Z"),
      windowEndMs: Date.parse("2026-01-01T12:20:00Z"),
    });
  });

  it("reports the row of the resolving window, not of the one that fired", () => {
    const messages = [...slow(6, start), ...slow(2, start + 14 * minute)];

    const [, resolution] = timeline(messages, 30).map(([, due]) => due);

    expect(resolution?.rows).to.deep.equal([{ _raw: "slow", slow_count: 2 }]);
    expect(resolution?.value).to.equal(2);
  });

  it("alerts again after the resolution, as another alert", () => {
    const messages = [...slow(6, start), ...slow(6, start + 25 * minute)];

    const dues = timeline(messages, 30);

    expect(typesOf(dues)).to.deep.equal([
      [2, "Critical"],
      [22, "ResolvedCritical"],
      [27, "Critical"],
    ]);
    expect(dues[2]?.[1].alertUrl).not.to.equal(dues[0]?.[1].alertUrl);
  });

  it("treats a time range with a minus sign as the same range", () => {
    const it = monitor({ critical: { timeRange: "-10m" }, resolved: { timeRange: "-10m" } });

    expect(typesOf(timeline(slow(6, start), 40, it))).to.deep.equal([
      [2, "Critical"],
      [22, "ResolvedCritical"],
    ]);
  });

  for (const [thresholdType, fires] of [
    ["GreaterThan", [6]],
    ["GreaterThanOrEqual", [5, 6]],
    ["LessThan", [4]],
    ["LessThanOrEqual", [4, 5]],
  ] as const) {
    for (const count of [4, 5, 6]) {
      const isFiring = (fires as readonly number[]).includes(count);
      it(`${isFiring ? "alerts" : "says nothing"} when ${count} is compared by ${thresholdType} 5`, () => {
        const it = monitor({ critical: { thresholdType } });

        const dues = new MonitorState().evaluate(it, slow(count, start), start + 3 * minute);

        expect(dues.map(({ value }) => value)).to.deep.equal(isFiring ? [count] : []);
      });
    }
  }

  for (const thresholdType of ["GreaterThan", "LessThan"]) {
    it(`does not alert by ${thresholdType} on rows that do not have the field`, () => {
      const it = monitor({ critical: { thresholdType, field: "other" } });

      const dues = new MonitorState().evaluate(it, slow(6, start), start + 3 * minute);

      expect(dues).to.deep.equal([]);
    });
  }

  const minutes = [0, 1, 2, 3, 4, 5, 10, 11, 19, 20, 21, 22, 30, 39, 40];
  const [everySecond, everyTenth, everyTwentieth] = [
    [0, 2, 4, 10, 20, 22, 30, 40],
    [0, 10, 20, 30, 40],
    [0, 20, 40],
  ];
  for (const [timeRange, expected] of [
    ["2m", minutes],
    ["10m", minutes],
    ["15m", minutes],
    ["-15m", minutes],
    ["20m", everySecond],
    ["30m", everySecond],
    ["59m", everySecond],
    ["60m", everyTenth],
    ["1h", everyTenth],
    ["180m", everyTenth],
    ["3h", everyTenth],
    ["-3h", everyTenth],
    ["360m", everyTenth],
    ["6h", everyTenth],
    ["361m", everyTwentieth],
    ["720m", everyTwentieth],
    ["12h", everyTwentieth],
    ["24h", everyTwentieth],
    ["1440m", everyTwentieth],
    ["1d", everyTwentieth],
  ] as [string, number[]][]) {
    it(`evaluates a window of ${timeRange} as often as its length asks for`, () => {
      const it = monitor({ critical: { timeRange }, resolved: { timeRange } });
      const isFiring = (at: number) => {
        const messages = slow(6, start + (at - 3) * minute);
        return new MonitorState().evaluate(it, messages, start + at * minute).length > 0;
      };

      expect(minutes.filter(isFiring)).to.deep.equal(expected);
    });
  }

  it("compares a Long like any other number", () => {
    const query = '_sourceCategory=web "slow"\n| count as slow_count by _raw\n| toLong(slow_count)';
    const it = monitor({}, { queries: [{ rowId: "A", query }] });

    const [due] = new MonitorState().evaluate(it, slow(6, start), start + 3 * minute);

    expect(due).to.deep.include({ value: 6, rows: [{ _raw: "slow", slow_count: 6n }] });
    expect(new MonitorState().evaluate(it, slow(5, start), start + 3 * minute)).to.deep.equal([]);
  });

  it("reports a warning and a critical alert separately", () => {
    const warning = { ...critical, triggerType: "Warning", threshold: 2 };
    const resolved = { ...resolvedCritical, triggerType: "ResolvedWarning", threshold: 2 };
    const it = monitor({}, { triggers: [critical, resolvedCritical, warning, resolved] });
    const messages = [...slow(3, start), ...slow(3, start + 5 * minute)];

    const dues = timeline(messages, 40, it);

    expect(typesOf(dues)).to.deep.equal([
      [2, "Warning"],
      [7, "Critical"],
      // Three from minute 12 on, none from minute 17 on.
      [22, "ResolvedCritical"],
      [27, "ResolvedWarning"],
    ]);
  });
});

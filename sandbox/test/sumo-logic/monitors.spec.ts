import { expect } from "chai";
import type { Item } from "../../sumo-logic/collection.ts";
import { MonitorState } from "../../sumo-logic/monitors.ts";
import type { LogMessage } from "../../sumo-logic/query.ts";
import type { Due } from "../../sumo-logic/template.ts";
import {
  critical,
  logged,
  minuteMs as minute,
  missingData,
  resolvedCritical,
  resolvedMissingData,
  monitor as slowMonitor,
  noon as start,
} from "./support.ts";

/** More than five messages in ten minutes, resolved when it is five or fewer for five minutes. */
function monitor(change: { critical?: object; resolved?: object } = {}, others: object = {}): Item {
  return {
    ...slowMonitor,
    id: "00000000000000A1",
    triggers: [
      { ...critical, ...change.critical },
      { ...resolvedCritical, ...change.resolved },
    ],
    ...others,
  };
}

const slow = (count: number, timeMs: number) => logged(count, timeMs);

/** A line of each of these instances, as JSON. */
function slowOf(timeMs: number, ...instances: (string | null)[]): LogMessage[] {
  return instances.flatMap((instance) =>
    logged(1, timeMs, JSON.stringify({ instance_id: instance })),
  );
}

/** The messages of each instance, one alert for each. */
const grouped = monitor(
  {},
  {
    queries: [
      {
        rowId: "A",
        query:
          '_sourceCategory=web\n| json field=_raw "instance_id" as instance_id nodrop\n| count as slow_count by instance_id',
      },
    ],
    notificationGroupFields: ["instance_id"],
  },
);

/** As many messages, without a field to compare: the number of rows is compared. */
function rowCount(thresholdType: string, threshold: number, resolved: object = {}): Item {
  const change = { field: undefined, thresholdType, threshold };
  return monitor(
    { critical: change, resolved: { ...change, ...resolved } },
    { queries: [{ rowId: "A", query: '_sourceCategory=web "slow"' }] },
  );
}

const silent: Item = {
  ...slowMonitor,
  id: "00000000000000A2",
  queries: [{ rowId: "A", query: '_sourceCategory=web "slow"' }],
  triggers: [missingData, resolvedMissingData],
};

/** Evaluates in each minute and tells what is due in which one. */
function timeline(messages: LogMessage[], minutes: number, it = monitor()): [number, Due][] {
  const state = new MonitorState();
  return Array.from({ length: minutes + 1 }, (_, at) => at).flatMap((at) =>
    state.evaluate(it, messages, start + at * minute).map((due): [number, Due] => [at, due]),
  );
}

function typesOf(dues: [number, Due][]) {
  return dues.map(([at, { triggerType }]) => [at, triggerType]);
}

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
    it(`looks further behind the clock with the evaluation delay "${evaluationDelay}"`, () => {
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
    it(`tells the window of the evaluation delay ${evaluationDelay}`, () => {
      const it = monitor({}, { evaluationDelay });

      const [due] = new MonitorState().evaluate(it, slow(6, start), start + 10 * minute);

      expect(due).to.include({
        windowStartMs: Date.parse(windowStart),
        windowEndMs: Date.parse(windowEnd),
      });
    });
  }

  it("looks at only the rows above the threshold", () => {
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

  it("begins the resolution window anew when the condition breaks in between", () => {
    const messages = [...slow(6, start), ...slow(6, start + 14 * minute)];

    const dues = timeline(messages, 50);

    // Quiet from minute 12; the second burst is seen at 16 and gone at 26.
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

  it("takes a time range with a minus sign as the same range", () => {
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

  describe("with groups", () => {
    const groupOf = ({ rows }: Due) => rows.map(({ instance_id }) => instance_id);

    it("makes an alert for each group that fires, each with its own rows", () => {
      const instances = ["i-1", "i-2", "i-1", "i-3"];
      const messages = [1, 2, 3, 4, 5, 6].flatMap(() => slowOf(start, ...instances));

      const dues = new MonitorState().evaluate(grouped, messages, start + 3 * minute);

      expect(dues.map(({ rows, value }) => [rows, value])).to.deep.equal([
        [[{ instance_id: "i-1", slow_count: 12 }], 12],
        [[{ instance_id: "i-2", slow_count: 6 }], 6],
        [[{ instance_id: "i-3", slow_count: 6 }], 6],
      ]);
      expect(new Set(dues.map(({ alertUrl }) => alertUrl))).to.have.lengthOf(3);
    });

    it("does not add up what groups have", () => {
      const messages = [1, 2, 3, 4, 5].flatMap(() => slowOf(start, "i-1", "i-2"));

      const dues = new MonitorState().evaluate(grouped, messages, start + 3 * minute);

      expect(dues).to.deep.equal([]);
    });

    it("alerts and resolves each group by itself", () => {
      const burst = (at: number, instance: string) =>
        [1, 2, 3, 4, 5, 6].flatMap(() => slowOf(start + at * minute, instance));
      const messages = [...burst(0, "i-1"), ...burst(5, "i-2"), ...burst(30, "i-1")];

      const dues = timeline(messages, 60, grouped);

      expect(dues.map(([at, due]) => [at, due.triggerType, groupOf(due)])).to.deep.equal([
        [2, "Critical", ["i-1"]],
        [7, "Critical", ["i-2"]],
        [22, "ResolvedCritical", []],
        [27, "ResolvedCritical", []],
        [32, "Critical", ["i-1"]],
        [52, "ResolvedCritical", []],
      ]);
    });

    it("tells each group's own alert when it resolves", () => {
      const messages = [1, 2, 3, 4, 5, 6].flatMap(() => slowOf(start, "i-1", "i-2"));

      const [first, second, ...resolutions] = timeline(messages, 30, grouped).map(([, due]) => due);

      expect(resolutions.map(({ alertUrl }) => alertUrl)).to.deep.equal([
        first?.alertUrl,
        second?.alertUrl,
      ]);
    });

    it("takes rows without the group's field as a group too", () => {
      const messages = [1, 2, 3, 4, 5, 6].flatMap(() => slowOf(start, null, "null"));

      const dues = timeline(messages, 30, grouped);

      expect(dues.map(([at, due]) => [at, due.triggerType, groupOf(due)])).to.deep.equal([
        [2, "Critical", [null]],
        [2, "Critical", ["null"]],
        [22, "ResolvedCritical", []],
        [22, "ResolvedCritical", []],
      ]);
    });

    it("counts the messages of each group when there is no field to compare", () => {
      const query = '_sourceCategory=web\n| json field=_raw "instance_id" as instance_id nodrop';
      const it = {
        ...rowCount("GreaterThan", 2),
        queries: [{ rowId: "A", query }],
        notificationGroupFields: ["instance_id"],
      };
      const messages = slowOf(start, "i-1", "i-2", "i-1", "i-2", "i-1");

      const dues = new MonitorState().evaluate(it, messages, start + 3 * minute);

      expect(dues.map((due) => [groupOf(due), due.value])).to.deep.equal([
        [["i-1", "i-1", "i-1"], 3],
      ]);
    });
  });

  describe("with a condition without field", () => {
    for (const [thresholdType, fires] of [
      ["GreaterThan", [6]],
      ["GreaterThanOrEqual", [5, 6]],
      ["LessThan", [0, 4]],
      ["LessThanOrEqual", [0, 4, 5]],
    ] as const) {
      for (const count of [0, 4, 5, 6]) {
        const isFiring = (fires as readonly number[]).includes(count);
        it(`${isFiring ? "alerts" : "says nothing"} when ${count} rows are compared by ${thresholdType} 5`, () => {
          const it = rowCount(thresholdType, 5);

          const dues = new MonitorState().evaluate(it, slow(count, start), start + 3 * minute);

          const found = dues.map(({ rows, value }) => [rows.length, value]);
          expect(found).to.deep.equal(isFiring ? [[count, count]] : []);
        });
      }
    }

    it("resolves by the number of rows", () => {
      const it = rowCount("GreaterThan", 5, { thresholdType: "LessThanOrEqual", threshold: 2 });
      const messages = [...slow(4, start), ...slow(3, start + 4 * minute)];

      const dues = timeline(messages, 40, it);

      // Seven until minute 11, three until minute 15, which are too many; none from minute 16.
      expect(typesOf(dues)).to.deep.equal([
        [6, "Critical"],
        [26, "ResolvedCritical"],
      ]);
    });

    it("does not take the count of an aggregate for the number of its rows", () => {
      const it = monitor({ critical: { field: undefined } });

      const dues = new MonitorState().evaluate(it, slow(60, start), start + 3 * minute);

      expect(dues).to.deep.equal([]);
    });
  });

  it("tells a warning and a critical alert each by itself", () => {
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

  describe("with missing data", () => {
    it("says nothing while lines come", () => {
      const messages = [-5, 0, 5, 10, 15, 20].flatMap((at) => slow(1, start + at * minute));

      expect(timeline(messages, 31, silent)).to.deep.equal([]);
    });

    it("fires once when no line has come for the whole window", () => {
      const state = new MonitorState();
      const evaluate = (at: number) =>
        state.evaluate(silent, slow(1, start), start + at * minute).map((it) => it.triggerType);

      expect([2, 11, 12, 13, 14, 60, 600].map(evaluate)).to.deep.equal([
        [],
        [],
        ["MissingData"],
        [],
        [],
        [],
        [],
      ]);
    });

    it("fires when there has never been a line, with no rows and the window", () => {
      const [due, ...others] = new MonitorState().evaluate(silent, [], start);

      expect(others).to.deep.equal([]);
      expect(due).to.deep.equal({
        triggerType: "MissingData",
        trigger: missingData,
        alertUrl: due?.alertUrl,
        rows: [],
        value: 0,
        windowStartMs: Date.parse("2026-01-01T11:48:00Z"),
        windowEndMs: Date.parse("2026-01-01T11:58:00Z"),
      });
    });

    it("does not take lines that the query does not find", () => {
      const dues = timeline(logged(9, start, "fast"), 3, silent);

      expect(typesOf(dues)).to.deep.equal([[0, "MissingData"]]);
    });

    it("resolves with the next line at once, as the same alert", () => {
      const messages = [...slow(1, start), ...slow(1, start + 20 * minute)];
      const state = new MonitorState();
      state.evaluate(silent, messages, start + 2 * minute);

      const [alert, resolution, ...others] = Array.from({ length: 12 }, (_, at) => at + 12).flatMap(
        (at) => state.evaluate(silent, messages, start + at * minute),
      );

      expect(others).to.deep.equal([]);
      expect(resolution).to.deep.equal({
        triggerType: "ResolvedMissingData",
        trigger: resolvedMissingData,
        alertUrl: alert?.alertUrl,
        rows: [{ _messagetime: Date.parse("2026-01-01T12:20:00Z"), _raw: "slow" }],
        value: 1,
        windowStartMs: Date.parse("2026-01-01T12:10:00Z"),
        windowEndMs: Date.parse("2026-01-01T12:20:00Z"),
      });
    });

    it("fires again when lines stop again", () => {
      const messages = [...slow(1, start), ...slow(1, start + 20 * minute)];

      const dues = timeline(messages, 60, silent).filter(([at]) => at >= 2);

      expect(typesOf(dues).slice(-3)).to.deep.equal([
        [12, "MissingData"],
        [22, "ResolvedMissingData"],
        [32, "MissingData"],
      ]);
    });

    it("fires once, however the monitor groups", () => {
      const it = { ...silent, notificationGroupFields: ["instance_id"] };
      const query = '_sourceCategory=web\n| json field=_raw "instance_id" as instance_id nodrop';
      const byInstance = { ...it, queries: [{ rowId: "A", query }] };
      const messages = slowOf(start, "i-1", "i-2");

      const dues = timeline(messages, 40, byInstance).filter(([at]) => at > 2);

      expect(typesOf(dues)).to.deep.equal([[12, "MissingData"]]);
    });

    it("tells it beside a static condition of the same monitor", () => {
      const it = monitor(
        {},
        { triggers: [critical, resolvedCritical, missingData, resolvedMissingData] },
      );

      const dues = timeline(slow(6, start), 22, it);

      expect(typesOf(dues)).to.deep.equal([
        [0, "MissingData"],
        [2, "Critical"],
        [2, "ResolvedMissingData"],
        [12, "MissingData"],
        [22, "ResolvedCritical"],
      ]);
    });
  });
});

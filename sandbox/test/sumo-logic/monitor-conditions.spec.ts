import { expect } from "chai";
import {
  critical,
  logged,
  minuteMs as minute,
  missingData,
  resolvedCritical,
  resolvedMissingData,
  noon as start,
} from "../../sumo-logic/bodies.ts";
import { MonitorState } from "../../sumo-logic/monitors.ts";
import type { Due } from "../../sumo-logic/template.ts";
import {
  grouped,
  monitor,
  rowCount,
  silent,
  slow,
  slowOf,
  timeline,
  typesOf,
} from "./monitors-support.ts";

describe("MonitorState", () => {
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

    it("resolves a group without rows by itself while another group goes on", () => {
      const burst = (at: number, instance: string) =>
        [1, 2, 3, 4, 5, 6].flatMap(() => slowOf(start + at * minute, instance));
      const messages = [
        ...burst(0, "i-1"),
        ...[0, 8, 16, 24, 32].flatMap((at) => burst(at, "i-2")),
      ];

      const dues = timeline(messages, 33, grouped);

      expect(dues.map(([at, due]) => [at, due.triggerType, groupOf(due)])).to.deep.equal([
        [2, "Critical", ["i-1"]],
        [2, "Critical", ["i-2"]],
        [22, "ResolvedCritical", []],
      ]);
      expect(dues[2]?.[1].alertUrl).to.equal(dues[0]?.[1].alertUrl);
    });

    it("makes alerts of the first 1,000 groups that fire in one run", () => {
      const calm = slowOf(start, "i-calm");
      const instances = Array.from({ length: 1_001 }, (_, index) => `i-${index}`);
      const messages = [...calm, ...[1, 2, 3, 4, 5, 6].flatMap(() => slowOf(start, ...instances))];
      const state = new MonitorState();

      const dues = state.evaluate(grouped, messages, start + 3 * minute);
      const later = state.evaluate(grouped, messages, start + 4 * minute);

      expect(dues).to.have.lengthOf(1_000);
      expect(dues.flatMap(groupOf).at(-1)).to.equal("i-999");
      expect(later).to.deep.equal([]);
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

    it("reports each group's alert when it resolves", () => {
      const messages = [1, 2, 3, 4, 5, 6].flatMap(() => slowOf(start, "i-1", "i-2"));

      const [first, second, ...resolutions] = timeline(messages, 30, grouped).map(([, due]) => due);

      expect(resolutions.map(({ alertUrl }) => alertUrl)).to.deep.equal([
        first?.alertUrl,
        second?.alertUrl,
      ]);
    });

    it("treats rows without the group's field as a group too", () => {
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

    it("does not confuse the count of an aggregate with the number of its rows", () => {
      const it = monitor({ critical: { field: undefined } });

      const dues = new MonitorState().evaluate(it, slow(60, start), start + 3 * minute);

      expect(dues).to.deep.equal([]);
    });
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

    it("does not count lines that the query does not find", () => {
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

    it("reports it in addition to a static condition of the same monitor", () => {
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

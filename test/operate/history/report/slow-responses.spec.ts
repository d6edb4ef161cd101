import { expect } from "chai";
import {
  countsOf,
  firstSlowMs,
  periodOf,
  questionOf,
  readSlices,
} from "../../../../operate/history/report/slow-responses.ts";
import { at, incident, manual, responses } from "./support.ts";

const { rule } = responses;
const nowMs = at("23:00:00");

describe("periodOf", () => {
  for (const [what, of, windowMinutes, from, to, sliceMinutes] of [
    ["an alert with a window of ten minutes", incident, 10, "11:44:00", "12:26:00", 1],
    ["an alert with a short window", incident, 2, "11:44:00", "12:26:00", 1],
    ["an alert with a window of an hour", incident, 60, "10:54:00", "12:52:00", 2],
    ["a manual reboot", manual, 10, "08:50:00", "09:12:00", 1],
    [
      "an incident that goes on",
      { ...manual, closedAtMs: at("22:58:00") },
      10,
      "08:50:00",
      "23:00:00",
      1,
    ],
  ] as const) {
    it(`shows the time around ${what}`, () => {
      const period = periodOf(of, { ...rule, windowMinutes }, nowMs);

      expect(period).to.deep.equal({
        rule: { ...rule, windowMinutes },
        fromMs: at(from),
        toMs: at(to),
        sliceMinutes,
      });
    });
  }

  it("has at most 960 slices, so that one page of the search has all rows", () => {
    const long = { ...manual, closedAtMs: manual.claimedAtMs + 100 * 3_600_000 };

    const period = periodOf(long, rule, long.closedAtMs);

    expect((Number(period?.toMs) - Number(period?.fromMs)) / 60_000).to.equal(960);
  });

  it("is none if the item has no time", () => {
    const cause = { kind: "alert", windowStartMs: Number.NaN, windowEndMs: 1e18 } as const;
    const broken = {
      id: "x",
      cause,
      why: "",
      arrivedAtMs: Number.NaN,
      claimedAtMs: Number.NaN,
      checkCount: 0,
      upCount: 0,
      mails: [],
    };

    expect(periodOf(broken, rule, nowMs)).to.equal(undefined);
  });
});

describe("questionOf", () => {
  const saved = '_sourceCategory=x "i-0123456789abcdef0"\n| where a > 3\n| timeslice 10m\n| count';
  const id = "i-0123456789abcdef0";

  it("is the saved search with the chart's slices, from one window before", () => {
    expect(questionOf(saved, responses, id)).to.deep.equal({
      query: '_sourceCategory=x "i-0123456789abcdef0"\n| where a > 3\n| timeslice 1m\n| count',
      fromMs: at("11:34:00"),
      toMs: at("12:26:00"),
    });
  });

  it("asks for the instance of the incident if it was replaced since", () => {
    const { query } = questionOf(saved, responses, "i-00000000");

    expect(query).to.include('"i-00000000"').and.not.include("i-0123456789abcdef0");
  });

  for (const instanceId of [undefined, "", 'i-0" | delete', "i-0123456789abcdef0\n"]) {
    it(`asks for the stack's instance if the item names ${JSON.stringify(instanceId)}`, () => {
      const { query } = questionOf(saved, responses, instanceId);

      expect(query).to.include('"i-0123456789abcdef0"\n');
    });
  }

  it("asks for the incident's instance of a group alone", () => {
    const group =
      '_sourceCategory=x ("i-0000000a" or "i-0000000b")\n| where instance_id in ("i-0000000a", "i-0000000b")\n| timeslice 10m';

    expect(questionOf(group, responses, "i-0000000b").query).to.equal(
      '_sourceCategory=x ("i-0000000b")\n| where instance_id in ("i-0000000b")\n| timeslice 1m',
    );
  });

  it("fails if someone changed the saved search", () => {
    expect(() => questionOf("_sourceCategory=x | count", responses, id)).to.throw(
      "the stack's saved search has no timeslice: run `pulumi up --refresh`",
    );
  });
});

describe("readSlices", () => {
  it("reads rows in order, without those that have no number", () => {
    const { slices } = readSlices(responses, [
      { _timeslice: String(at("12:01:00")), slow_count: "2", worst_s: "4.5" },
      { _timeslice: String(at("12:00:00")), slow_count: "1", worst_s: "3.1" },
      { _timeslice: "soon", slow_count: "1", worst_s: "3" },
      { _timeslice: String(at("12:02:00")), slow_count: "<b>", worst_s: "3" },
    ]);

    expect(slices).to.deep.equal([
      { startMs: at("12:00:00"), count: 1, worstSeconds: 3.1 },
      { startMs: at("12:01:00"), count: 2, worstSeconds: 4.5 },
    ]);
  });
});

describe("countsOf", () => {
  it("adds the slices of the window that ends with each slice", () => {
    const counts = countsOf(responses);
    const inWindow = (time: string) => counts.find(({ startMs }) => startMs === at(time))?.inWindow;

    expect(counts).to.have.length(42);
    expect(
      ["11:58:00", "11:59:00", "12:03:00", "12:08:00", "12:09:00", "12:13:00"].map(inWindow),
    ).to.deep.equal([0, 2, 6, 6, 4, 0]);
  });

  it("counts what was before the chart", () => {
    const before = { startMs: at("11:43:00"), count: 3, worstSeconds: 4 };

    const [first] = countsOf({ ...responses, slices: [before, ...responses.slices] });

    expect(first).to.deep.equal({ startMs: at("11:44:00"), count: 0, inWindow: 3 });
  });
});

describe("firstSlowMs", () => {
  for (const [what, start, end, expected] of [
    ["in the window", "11:54:30", "12:04:30", "11:59:00"],
    ["in a slice that began before the window", "11:59:20", "12:09:20", "11:59:20"],
    ["after an earlier one", "12:00:00", "12:10:00", "12:03:00"],
    ["of a window without any", "12:10:00", "12:20:00", undefined],
  ] as const) {
    it(`is the first slow response ${what}`, () => {
      const found = firstSlowMs(responses, { startMs: at(start), endMs: at(end) });

      expect(found).to.equal(expected && at(expected));
    });
  }
});

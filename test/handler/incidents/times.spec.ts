import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";

const { clockText, durationText, periodText, timeText } = loadProgram<
  typeof import("../../../handler/incidents/times.ts")
>("handler/incidents/times.ts");

const at = Date.parse;
const nowMs = at("2026-01-01T12:00:00Z");

describe("timeText", () => {
  for (const [ms, text] of [
    [nowMs, "2026-01-01T12:00:00.000Z"],
    [0, "1970-01-01T00:00:00.000Z"],
    [Number.NaN, "an unknown time"],
    [nowMs * 1_000_000, "an unknown time"],
  ] as const) {
    it(`is ${text} for ${ms}`, () => {
      expect(timeText(ms)).to.equal(text);
    });
  }
});

describe("clockText", () => {
  for (const [time, text] of [
    ["2026-01-01T00:00:00Z", "00:00 UTC"],
    ["2026-01-01T23:59:59.999Z", "23:59 UTC"],
    ["2026-01-02T00:00:00Z", "2026-01-02 00:00 UTC"],
    ["2025-12-31T23:59:59Z", "2025-12-31 23:59 UTC"],
  ] as const) {
    it(`is ${text} for ${time}`, () => {
      expect(clockText(at(time), nowMs)).to.equal(text);
    });
  }

  it("is an unknown time for what is no time", () => {
    expect(clockText(Number.NaN, nowMs)).to.equal("an unknown time");
  });
});

describe("periodText", () => {
  for (const [start, end, text] of [
    ["2026-01-01T11:03:10Z", "2026-01-01T11:13:10Z", "between 11:03 and 11:13 UTC"],
    ["2025-12-31T23:55:00Z", "2026-01-01T00:05:00Z", "between 2025-12-31 23:55 and 00:05 UTC"],
    ["", "2026-01-01T00:05:00Z", "between an unknown time and 00:05 UTC"],
    ["2026-01-01T11:03:10Z", "", "between 11:03 and an unknown time"],
  ] as const) {
    it(`is "${text}" from "${start}" to "${end}"`, () => {
      expect(periodText(at(start), at(end), nowMs)).to.equal(text);
    });
  }
});

describe("durationText", () => {
  for (const [ms, text] of [
    [-60_000, "0m00s"],
    [0, "0m00s"],
    [499, "0m00s"],
    [59_500, "1m00s"],
    [725_000, "12m05s"],
    [3_600_000, "60m00s"],
  ] as const) {
    it(`is ${text} for ${ms} ms`, () => {
      expect(durationText(ms)).to.equal(text);
    });
  }
});

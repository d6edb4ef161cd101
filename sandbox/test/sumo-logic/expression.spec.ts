import { expect } from "chai";
import { parseCondition, parseIf } from "../../sumo-logic/expression.ts";

const row = {
  path: "/api/data",
  status: "502",
  seconds: 4.2,
  text: "4.2",
  nothing: null,
  empty: "",
  long: 5n,
};

describe("parseCondition", () => {
  for (const [condition, expected] of [
    ['path = "/api/data"', true],
    ['path = "/api/dat"', false],
    ["seconds > 4", true],
    ["seconds > 4.2", false],
    ["seconds >= 4.2", true],
    ["seconds <= 4.2", true],
    ["seconds <= 4.1", false],
    ["text > 4", true],
    ["text = 4.2", true],
    ['text = "4.20"', false],
    ["seconds > -1", true],
    ['status matches "5*"', true],
    ['status matches "50?"', true],
    ['status matches "5"', false],
    ['path matches "*.data"', false],
    ['path matches "/API/*"', false],
    ["path > 1", false],
    ["nothing > 1", false],
    ["nothing <= 1", false],
    ['nothing = ""', false],
    ['nothing matches "*"', false],
    ["other = 1", false],
    ["isNull(nothing)", true],
    ["isNull(other)", true],
    ["isNull(empty)", false],
    ["isNull(path)", false],
    ["isNull(seconds)", false],
    ["isNull( nothing )", true],
    ["isNull(nothing) and seconds > 5", false],
    ["isNull(path) or seconds > 4", true],
    ['(isNull(status) or status matches "2*" or status matches "3*")', false],
    ['(isNull(nothing) or nothing matches "2*") and seconds > 4', true],
    ["long = 5", true],
    ["long = 6", false],
    ["long > 4", true],
    ["long > 5", false],
    ["long >= 5", true],
    ["long <= 4", false],
    ["long > seconds", true],
    ['path in ("/", "/api/data")', true],
    ['path in ("/api/data")', true],
    ['path in ("/", "/API/data")', false],
    ['path in ("/api/*")', false],
    ['path in("/api/data","/")', true],
    ["seconds in (3, 4.2)", true],
    ["seconds in (3, 4)", false],
    ["long in (4, 5)", true],
    ['text in ("4.2")', true],
    // Nothing is cast.
    ["text in (4.2)", false],
    ['seconds in ("4.2")', false],
    ['nothing in ("", "null")', false],
    ['other in ("")', false],
    ['path in ("/") or seconds in (4.2) and status in ("502")', true],
    ["seconds > 4 and seconds > 5", false],
    ["seconds > 4 or seconds > 5", true],
    ["seconds > 4 or seconds > 5 and seconds > 5", true],
    ["(seconds > 4 or seconds > 5) and seconds > 5", false],
  ] as const) {
    it(`${condition} ${expected ? "holds" : "does not hold"}`, () => {
      expect(parseCondition(condition)(row)).to.equal(expected);
    });
  }
});

describe("parseIf", () => {
  for (const [text, expected] of [
    ["seconds > 3, 1, 0", 1],
    ["seconds > 5, 1, 0", 0],
    ["seconds > 3, path, 0", "/api/data"],
    ['seconds > 5, "slow", "fast"', "fast"],
    ["seconds > 3, other, 0", null],
    ["isNull(nothing), 1, 0", 1],
    ["isNull(path), 1, 0", 0],
  ] as const) {
    it(`is ${JSON.stringify(expected)} for ${text}`, () => {
      expect(parseIf(text)(row)).to.equal(expected);
    });
  }

  for (const text of [
    "isNull(path, 1, 0",
    "isNull, 1, 0",
    "seconds > 3, 1",
    "seconds > 3",
    "seconds > 3, 1, 0, 2",
    "1, 0",
  ]) {
    it(`refuses ${text}`, () => {
      expect(() => parseIf(text)).to.throw(
        `the sandbox does not run this condition of a query: ${text}`,
      );
    });
  }

  it("keeps a Long as it is", () => {
    expect(parseIf("seconds > 3, long, 0")(row)).to.equal(5n);
  });

  it("refuses values of two types", () => {
    expect(() => parseIf('seconds > 3, 1, "0"')).to.throw(
      "both values of an if must have the same type",
    );
  });
});

import { expect } from "chai";
import { ApiError, hexId, must, numericId, oneOf } from "../../sumo-logic/collection.ts";

describe("must", () => {
  it("says nothing when the value is right", () => {
    expect(() => must(true, "name", "hook", "text")).not.to.throw();
  });

  for (const [what, value, got] of [
    ["text", "a", '"a"'],
    ["a number", 0, "0"],
    ["null", null, "null"],
    ["nothing", undefined, "undefined"],
    ["a list", [1], "[1]"],
  ] as const) {
    it(`refuses ${what} with 400, and names the field, the value and what is expected`, () => {
      expect(() => must(false, "name", value, "other text"))
        .to.throw(ApiError, `name: got ${got}; expected other text`)
        .with.include({ status: 400, code: "invalid_field" });
    });
  }
});

describe("oneOf", () => {
  it("accepts a value of the list", () => {
    expect(() => oneOf("size", "b", ["a", "b"])).not.to.throw();
  });

  for (const value of ["c", "A", "", undefined, ["a"]]) {
    it(`refuses ${JSON.stringify(value)}, and says the list`, () => {
      expect(() => oneOf("size", value, ["a", "b"])).to.throw(
        ApiError,
        `size: got ${JSON.stringify(value)}; expected one of a, b`,
      );
    });
  }
});

describe("hexId", () => {
  it("makes another id of sixteen digits each time", () => {
    const ids = new Set(Array.from({ length: 100 }, hexId));

    expect(ids).to.have.lengthOf(100);
    for (const id of ids) expect(id).to.match(/^[0-9A-F]{16}$/);
  });
});

describe("numericId", () => {
  it("makes a number of nine digits, as text", () => {
    for (const id of Array.from({ length: 100 }, numericId)) expect(id).to.match(/^[1-9]\d{8}$/);
  });
});

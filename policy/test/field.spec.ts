import { unknownCheckingProxy } from "@pulumi/policy";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { unknown } from "./support.ts";

const { has } = loadProgram<typeof import("../field.ts")>("policy/field.ts");

describe("has", () => {
  const hasIt = (value: unknown) => has(unknownCheckingProxy({ it: value }), "it");

  it("is false for a property that is not there", () => {
    expect(has({}, "it")).to.equal(false);
  });

  for (const value of [undefined, null, "", [], {}, [""], [{}], [{ a: "" }], { a: [], b: null }]) {
    it(`is false for ${JSON.stringify(value)}`, () => {
      expect(hasIt(value)).to.equal(false);
    });
  }

  for (const value of ["a", " ", 0, 1, false, true, ["a"], [{ a: "b" }], { a: false }]) {
    it(`is true for ${JSON.stringify(value)}`, () => {
      expect(hasIt(value)).to.equal(true);
    });
  }

  for (const value of [
    unknown,
    [unknown],
    ["", unknown],
    { a: "", b: unknown },
    [{ a: unknown }],
  ]) {
    it(`is true for ${JSON.stringify(value).replaceAll(unknown, "unknown")}`, () => {
      expect(hasIt(value)).to.equal(true);
    });
  }
});

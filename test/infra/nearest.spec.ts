import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";

const { nearest } = loadProgram<typeof import("../../infra/nearest.ts")>("infra/nearest.ts");

const known = ["functionName", "instanceId", "apiPath"];

describe("nearest", () => {
  for (const [word, expected] of [
    ["functionName", "functionName"],
    ["functionNam", "functionName"],
    ["funktionName", "functionName"],
    ["functionsName", "functionName"],
    ["INSTANCE_ID", "instanceId"],
    ["apPath", "apiPath"],
    ["apPat", undefined],
    ["name", undefined],
    ["", undefined],
  ] as const) {
    it(`is ${expected} for "${word}"`, () => {
      expect(nearest(word, known)).to.equal(expected);
    });
  }

  it("is nothing without known words", () => {
    expect(nearest("functionName", [])).to.equal(undefined);
  });
});

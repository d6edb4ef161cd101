import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { isNodeNewEnough, nodeVersion } from "../../scripts/node.mjs";
import { root } from "../../scripts/root.mjs";

const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");

describe("isNodeNewEnough", () => {
  for (const [version, expected] of [
    ["18.0.0", false],
    ["20.20.2", false],
    ["22.9.0", false],
    ["22.17.9", false],
    ["22.18.0", true],
    ["22.18.0-nightly", true],
    ["23.0.0", true],
    ["24.21.0", true],
    ["100.0.0", true],
  ] as const) {
    it(`is ${expected} for ${version}, with and without v`, () => {
      expect(isNodeNewEnough(version)).to.equal(expected);
      expect(isNodeNewEnough(`v${version}`)).to.equal(expected);
    });
  }

  it("begins where package.json says", () => {
    expect(JSON.parse(read("package.json")).engines.node).to.equal(">=22.18");
  });
});

describe("nodeVersion", () => {
  it("is of the runtime that the function has", () => {
    expect(nodeVersion).to.match(/^24\.\d+\.\d+$/);
    expect(read("infra", "reboot-function.ts")).to.include('runtime: "nodejs24.x"');
  });
});

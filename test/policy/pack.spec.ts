import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import { rules } from "./support.ts";

const policyFolder = join(import.meta.dirname, "..", "..", "policy");

describe("the policy pack", () => {
  it("has every rule of the folder under its file's name", () => {
    const files = globSync("rules/*.ts", { cwd: policyFolder })
      .map((file) => basename(file, ".ts"))
      .filter((name) => !["index", "statements"].includes(name));

    expect(rules.map(({ name }) => name)).to.have.members(files);
  });

  it("is mandatory as a whole, and no rule lowers that", () => {
    const index = readFileSync(join(policyFolder, "index.ts"), "utf8");

    expect(index).to.include('enforcementLevel: "mandatory"');
    expect(rules.map(({ enforcementLevel }) => enforcementLevel)).to.deep.equal(
      rules.map(() => undefined),
    );
  });

  it("says of each rule how severe it is and what to do", () => {
    for (const { severity, remediationSteps, description } of rules) {
      expect([severity, remediationSteps, description]).not.to.include(undefined);
    }
  });
});

import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { printedBy, readRulePage } from "./rule-page.ts";
import { policyFolder, rules } from "./support.ts";

const { createPack } = loadProgram<typeof import("../pack.ts")>("policy/pack.ts");
const { policies } = createPack({
  rules,
  now: () => new Date(0),
  folder: policyFolder,
  environment: {},
  version: "1.2.3",
});
const names = policies.map(({ name }) => name);

describe("the pages of the rules", () => {
  it("are one for each rule", () => {
    const pages = globSync("*.md", { cwd: join(policyFolder, "docs", "rules") });

    expect(pages.map((it) => basename(it, ".md"))).to.have.members(names);
  });

  for (const name of names) {
    it(`have for ${name} exactly what it prints, and a fix with which it prints nothing`, async () => {
      const { program, printed, files, fixed, fixedFiles } = readRulePage(name);

      expect(await printedBy(name, program, files)).to.deep.equal(printed);
      expect(await printedBy(name, fixed, fixedFiles)).to.deep.equal([]);
    });
  }
});

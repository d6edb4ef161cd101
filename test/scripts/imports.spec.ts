import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../../scripts/root.mjs";

describe("root", () => {
  it("is the repository's top folder", () => {
    expect(root).to.equal(join(import.meta.dirname, "..", ".."));
  });
});

describe("scripts/", () => {
  const scripts = join(root, "scripts");
  const files = globSync("*.mjs", { cwd: scripts }).sort();

  it("has files", () => {
    expect(files).to.include.members(["lock.mjs", "pulumi-cli.mjs", "run.mjs"]);
  });

  for (const file of files) {
    it(`${file} imports built-in modules of Node.js and other files of scripts/ only`, () => {
      const text = readFileSync(join(scripts, file), "utf8");
      const imports = [...text.matchAll(/^(?:import|export|\}).*\bfrom "([^"]+)";$/gm)];
      const names = imports.map(([, name = ""]) => name);
      const local = files.map((it) => `./${it}`);

      expect(names.filter((it) => !it.startsWith("node:") && !local.includes(it))).to.deep.equal(
        [],
      );
      expect(names).not.to.have.length(0);
      expect(text).not.to.match(/\bimport\(|^import "|createRequire/m);
    });
  }
});

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");

/** Paths that git tracks, of those that the further words select. */
function tracked(...words: string[]): string[] {
  const output = execFileSync("git", ["ls-files", "--cached", ...words], {
    cwd: root,
    encoding: "utf8",
  });
  return output.split("\n").filter(Boolean);
}

// What is ignored is not reviewed: caches and compiled code, which run in place of the sources.
describe("what .gitignore names", () => {
  it("is not tracked by git", () => {
    expect(tracked("--ignored", "--exclude-per-directory=.gitignore")).to.deep.equal([]);
  });

  it("includes all caches and compiled code", () => {
    expect(tracked("loading/.cache", "policy/bin", ".tools", "node_modules")).to.deep.equal([
      "policy/bin/.gitkeep",
    ]);
  });
});

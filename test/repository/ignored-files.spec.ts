import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");

/** The tracked paths that the arguments select. */
function tracked(...words: string[]): string[] {
  const output = execFileSync("git", ["ls-files", "--cached", ...words], {
    cwd: root,
    encoding: "utf8",
  });
  return output.split("\n").filter(Boolean);
}

// Ignored files are not reviewed. Caches and compiled code run instead of the sources.
describe("files that .gitignore ignores", () => {
  it("are not tracked by git", () => {
    expect(tracked("--ignored", "--exclude-per-directory=.gitignore")).to.deep.equal([]);
  });

  it("include all caches and compiled code", () => {
    expect(tracked("scripts/loading/.cache", "policy/bin", ".tools", "node_modules")).to.deep.equal(
      [],
    );
  });
});

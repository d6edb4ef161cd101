import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createOrigin, type Origin } from "../../rehearsal/origin.ts";

describe("createOrigin", () => {
  let folder: string;
  let origin: Origin;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "origin-"));
    mkdirSync(join(folder, "main"));
    writeFileSync(join(folder, "main", "a.txt"), "1");
    writeFileSync(join(folder, "main", ".gitignore"), "ignored\n");
    writeFileSync(join(folder, "main", "ignored"), "kept");
    origin = createOrigin(join(folder, "main"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const checkOut = (commit: string, depth: number) => {
    const target = mkdtempSync(join(folder, "checkout-"));
    origin.checkOut(target, { commit, depth });
    const git = (...words: string[]) =>
      execFileSync("git", words, { cwd: target, encoding: "utf8", stdio: "pipe" }).trim();
    return { target, git };
  };

  it("merges a pull request with main as its first parent, and leaves main as it is", () => {
    const { base, head, merge } = origin.openPullRequest(7, { "a.txt": "2", "b/c.txt": "3" });
    const { target, git } = checkOut(merge, 2);

    expect(git("rev-parse", "HEAD", "HEAD^1", "HEAD^2").split("\n")).to.deep.equal([
      merge,
      base,
      head,
    ]);
    expect(git("diff", "--name-only", "HEAD^1", "HEAD")).to.equal("a.txt\nb/c.txt");
    expect(readFileSync(join(target, "b/c.txt"), "utf8")).to.equal("3");
    expect(origin.commitOf("refs/pull/7/merge")).to.equal(merge);
    expect(origin.commitOf("main")).to.equal(base);
    expect(origin.read("main", "a.txt")).to.equal("1");
    expect(readFileSync(join(folder, "main", "ignored"), "utf8")).to.equal("kept");
  });

  it("leaves out the history that a checkout does not ask for, and what git ignores", () => {
    const { merge } = origin.openPullRequest(8, { "a.txt": "2" });
    const { target, git } = checkOut(merge, 1);

    expect(() => git("rev-parse", "--verify", "HEAD^1")).to.throw("Needed a single revision");
    expect(existsSync(join(target, "ignored"))).to.equal(false);
  });
});

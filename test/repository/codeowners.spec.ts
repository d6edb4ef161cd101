import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

const rules = read(".github/CODEOWNERS")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(" "));
const patterns = rules.map(([pattern = ""]) => pattern);
const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" })
  .trim()
  .split("\n");

/** Whether a rooted pattern covers a file. */
const covers = (pattern: string, file: string) =>
  pattern.endsWith("/") ? `/${file}`.startsWith(pattern) : `/${file}` === pattern;

describe(".github/CODEOWNERS", () => {
  it("has only rooted paths, each with the placeholder owner", () => {
    for (const [pattern, ...owners] of rules) {
      expect(pattern).to.match(/^\/[\w./-]+$/);
      expect(owners).to.deep.equal(["@OWNER"]);
    }
  });

  for (const pattern of patterns) {
    it(`covers files that exist with ${pattern}`, () => {
      expect(tracked.some((file) => covers(pattern, file))).to.equal(true);
    });
  }

  /** Files that decide a verdict, run with credentials or write access, or are installed. */
  const guarded = tracked.filter((file) =>
    /^(policy|\.github|pipeline)\/|^(grants(\.options)?\.lock|policy-[\w-]+|package|package-lock)\.json$|^\.(npmrc|nvmrc)$|^Pulumi\.yaml$/.test(
      file,
    ),
  );

  it("covers each file that checks, builds or deploys the program", () => {
    const missing = guarded.filter((file) => !patterns.some((it) => covers(it, file)));

    expect(guarded).to.include.members([
      "policy/index.ts",
      "grants.lock.json",
      "grants.options.lock.json",
      "policy-waivers.json",
      "policy-config.json",
      ".github/CODEOWNERS",
      ".github/pulumi.sh",
      ".github/workflows/preview.yml",
      "pipeline/report/comment.ts",
      "pipeline/bootstrap/index.ts",
      "package-lock.json",
    ]);
    expect(missing).to.deep.equal([]);
  });

  it("covers the files that decide the verdict, so that changing one needs an approval", () => {
    const [, list = ""] = /for file in (.*); do/.exec(read(".github/workflows/preview.yml")) ?? [];
    const files = list.split(" ");

    expect(files).to.deep.equal([
      "policy",
      "grants.lock.json",
      "grants.options.lock.json",
      "policy-waivers.json",
      "policy-config.json",
    ]);
    for (const file of files) {
      expect(patterns.some((it) => it === `/${file}` || it === `/${file}/`)).to.equal(true);
    }
  });
});

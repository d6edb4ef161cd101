import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");
const thisFile = "test/repository/npx.spec.ts";

/** The forms of `npx` and its relatives that download a package which is not installed. Anyone may claim a free name. */
const downloads =
  /\bnpx\s+(?!--no\b)[-\w@/"$`]|\bnpm (exec|x)\s+(?!--no\b)[-\w@/"$`]|\b(pnpm dlx|yarn dlx|bunx)\b/;

describe("documents, help and scripts", () => {
  it("run only packages that are installed", () => {
    const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" })
      .split("\0")
      .filter((it) => /\.(md|ts|mjs|cjs|json|ya?ml|sh)$/.test(it) && it !== thisFile)
      .filter((it) => !it.endsWith("package-lock.json"));

    const found = files.flatMap((file) =>
      readFileSync(join(root, file), "utf8")
        .split("\n")
        .filter((line) => downloads.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );

    expect(files).to.include("policy/README.md");
    expect(found).to.deep.equal([]);
  });

  for (const [line, isDownload] of [
    ["npx least-privilege-iam check", true],
    ["npx -y @your-scope/least-privilege-iam check", true],
    ["npm exec least-privilege-iam -- path", true],
    ["pnpm dlx least-privilege-iam", true],
    ["npx --no least-privilege-iam check", false],
    ["npm exec --no -- least-privilege-iam", false],
    ["node_modules/.bin/least-privilege-iam check", false],
  ] as const) {
    it(`${isDownload ? "do not run" : "may run"} ${line}`, () => {
      expect(downloads.test(line)).to.equal(isDownload);
    });
  }
});

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");

/** Lines that are not empty, in the files of these patterns. */
function linesOf(...patterns: string[]): number {
  const files = globSync(patterns, { cwd: root });
  const texts = files.map((file) => readFileSync(join(root, file), "utf8"));
  return texts.flatMap((text) => text.split("\n")).filter((line) => line.trim() !== "").length;
}

describe("the sandbox's size", () => {
  it("stays below one and a half times that of the program and its policies", () => {
    const sandbox = linesOf("sandbox/**/*.{ts,cjs,mjs}", "sandbox/language-host/pulumi-*");
    const program = linesOf(
      "{infra,handler,operate}/**/*.ts",
      "infra/web-server/*.{conf,py,service,sh,timer,yaml}",
      "policy/*.ts",
      "policy/rules/*.ts",
    );

    expect(sandbox).to.be.below(1.5 * program);
  });
});

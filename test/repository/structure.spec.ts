import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const manifest = JSON.parse(read("package.json"));

describe("the repository", () => {
  it("has development packages only, so that Pulumi packs none into the function", () => {
    expect(manifest.dependencies).to.equal(undefined);
  });

  it("pins each package to one version", () => {
    for (const [name, version] of Object.entries(manifest.devDependencies)) {
      if (name === "@pulumi/sumologic") continue;
      expect(version, name).to.match(/^\d+\.\d+\.\d+$/);
    }
  });

  it("reads nothing outside itself in tests", () => {
    const files = globSync("{test,sandbox,policy,pipeline,bench,scripts}/**/*.{ts,mjs,cjs}", {
      cwd: root,
    });

    for (const file of files) {
      expect(read(file), file).not.to.match(/\.\.\/shared|\/work\//);
    }
  });
});

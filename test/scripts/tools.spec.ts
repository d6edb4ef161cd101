import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { isNodeNewEnough, nodeVersion, pulumiVersion, root } from "../../scripts/tools.mjs";

const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
const packageJson = JSON.parse(read("package.json"));

describe("root", () => {
  it("is the repository's top folder", () => {
    expect(root).to.equal(join(import.meta.dirname, "..", ".."));
  });
});

describe("isNodeNewEnough", () => {
  for (const [version, expected] of [
    ["18.0.0", false],
    ["20.20.2", false],
    ["22.9.0", false],
    ["22.17.9", false],
    ["22.18.0", true],
    ["22.18.0-nightly", true],
    ["23.0.0", true],
    ["24.21.0", true],
    ["100.0.0", true],
  ] as const) {
    it(`is ${expected} for ${version}, with and without v`, () => {
      expect(isNodeNewEnough(version)).to.equal(expected);
      expect(isNodeNewEnough(`v${version}`)).to.equal(expected);
    });
  }

  it("begins where package.json says", () => {
    expect(packageJson.engines.node).to.equal(">=22.18");
  });
});

describe("nodeVersion", () => {
  it("is of the runtime that the function has", () => {
    expect(nodeVersion).to.match(/^24\.\d+\.\d+$/);
    expect(read("infra", "reboot-function.ts")).to.include('runtime: "nodejs24.x"');
  });
});

describe("pulumiVersion", () => {
  it("is that of the package @pulumi/pulumi", () => {
    expect(pulumiVersion).to.match(/^\d+\.\d+\.\d+$/);
    expect(pulumiVersion).to.equal(packageJson.devDependencies["@pulumi/pulumi"]);
  });

  for (const module of ["github.com/pulumi/pulumi/pkg/v3", "github.com/pulumi/pulumi/sdk/v3"]) {
    it(`is that of the Go module ${module}, of which the CLI is built`, () => {
      const [, version] =
        read("sandbox", "engine", "pulumi-cli", "go.mod")
          .split("\n")
          .map((line) => line.trim().split(" "))
          .find(([name]) => name === module) ?? [];

      expect(version).to.equal(`v${pulumiVersion}`);
    });
  }
});

describe("scripts/", () => {
  for (const [file, local] of [
    ["run.mjs", ["./lock.mjs", "./tools.mjs"]],
    ["tools.mjs", ["./lockfile.mjs", "./pulumi.mjs", "./step.mjs"]],
    ["pulumi.mjs", ["./download.mjs", "./step.mjs"]],
    ["download.mjs", ["./step.mjs"]],
    ["step.mjs", []],
    ["lock.mjs", []],
  ] as const) {
    it(`${file} imports Node.js's own modules and files beside it alone`, () => {
      const text = read("scripts", file);
      const imports = [...text.matchAll(/^(?:import|export|\}).*\bfrom "([^"]+)";$/gm)];
      const names = imports.map(([, name = ""]) => name);

      expect(names.filter((name) => !name.startsWith("node:"))).to.deep.equal(local);
      expect(names).not.to.have.length(0);
      expect(text).not.to.match(/\bimport\(|^import "|createRequire/m);
    });
  }
});

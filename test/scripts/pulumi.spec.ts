import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { pulumiVersion } from "../../scripts/pulumi.mjs";
import { root } from "../../scripts/root.mjs";
import { temporaryFolders } from "./checkout.ts";

const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");

describe("pulumiVersion", () => {
  it("is that of the package @pulumi/pulumi", () => {
    expect(pulumiVersion).to.match(/^\d+\.\d+\.\d+$/);
    expect(pulumiVersion).to.equal(
      JSON.parse(read("package.json")).devDependencies["@pulumi/pulumi"],
    );
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

describe("scripts/pulumi-cli.mjs", () => {
  const newFolder = temporaryFolders();

  it("prints the folder of a CLI on PATH that has the version of package.json", () => {
    const bin = join(newFolder(), "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "pulumi"), `#!/bin/sh\necho v${pulumiVersion}\n`);
    chmodSync(join(bin, "pulumi"), 0o755);
    const script = join(root, "scripts", "pulumi-cli.mjs");

    const output = execFileSync(process.execPath, [script], {
      encoding: "utf8",
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    });

    expect(output).to.equal(`${bin}\n`);
  });
});

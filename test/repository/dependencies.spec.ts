import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { unpinnedPackages } from "../../scripts/npm.mjs";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const json = (path: string) => JSON.parse(read(path));
const find = (pattern: string) =>
  globSync(pattern, {
    cwd: root,
    exclude: ["**/node_modules", "policy/test/fixtures/**"],
  }).sort();

const decision = read("docs/decisions/0033-downloads-are-checked-against-the-repository.md");

describe("installed packages", () => {
  const lockfiles = find("**/package-lock.json");

  it("has a lockfile wherever npm installs", () => {
    expect(lockfiles).to.deep.equal([
      "package-lock.json",
      "policy/bench/awsguard/package-lock.json",
      "policy/test/bundles/package-lock.json",
      "policy/test/package-managers/package-lock.json",
      "scripts/node/linux-arm64/package-lock.json",
      "scripts/node/linux-x64/package-lock.json",
    ]);
  });

  for (const lockfile of lockfiles) {
    it(`has a sha512 hash and no address for each npm package in ${lockfile}`, () => {
      expect(unpinnedPackages(json(lockfile))).to.deep.equal([]);
    });

    it(`has the npm setting that keeps addresses out of ${lockfile}`, () => {
      const settings = read(join(dirname(lockfile), ".npmrc")).split("\n");

      expect(settings).to.include("omit-lockfile-registry-resolved=true");
    });
  }

  for (const file of find("**/requirements.txt")) {
    it(`has a hash of each Python package in ${file}, compiled from the .in file next to it`, () => {
      const packages = read(file)
        .replaceAll("\\\n", "")
        .split("\n")
        .filter((line) => /^[a-z]/i.test(line));
      const names = (lines: readonly string[]) =>
        lines.map((line) => line.split(" ")[0]?.toLowerCase().replaceAll("_", "-"));
      const direct = read(file.replace(/txt$/, "in"))
        .split("\n")
        .filter((line) => line && !line.startsWith("#"));

      for (const line of packages) {
        expect(line).to.match(/^[a-z0-9.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/);
      }
      expect(names(packages)).to.include.members(names(direct));
    });
  }

  for (const folder of ["sandbox/engine/pulumi-cli", "pipeline/actionlint"]) {
    it(`has a hash of each Go module of ${folder}/go.mod`, () => {
      const file = read(`${folder}/go.mod`);
      const replaced = [...file.matchAll(/^replace (\S+) => (\S+ v\S+)$/gm)];
      const originals = replaced.map(([, original]) => original);
      const required = [...file.matchAll(/^\s+((\S+\.\S+) v\S+)/gm)]
        .filter(([, , name]) => !originals.includes(name))
        .map(([, module]) => module);
      const modules = [...required, ...replaced.map(([, , module]) => module)];
      const hashes = read(`${folder}/go.sum`).split("\n");

      expect(modules).not.to.have.length(0);
      for (const module of modules) {
        const isListed = hashes.some((line) => line.startsWith(`${module}/go.mod h1:`));
        expect(isListed, module).to.equal(true);
      }
    });
  }

  it("has a SHA-256 of the Pulumi CLI's version for each platform, or for none while they are unknown", () => {
    const version = json("package.json").devDependencies["@pulumi/pulumi"];
    const lines = read("scripts/pulumi-checksums.txt")
      .trim()
      .split("\n")
      .filter((line) => !line.startsWith("#"));
    const archives = ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"].map(
      (platform) => `pulumi-v${version}-${platform}.tar.gz`,
    );

    for (const line of lines) expect(line).to.match(/^[0-9a-f]{64} {2}\S+$/);
    expect([[], archives]).to.deep.include(lines.map((line) => line.slice(66)));
  });
});

describe("install scripts", () => {
  const { allowScripts } = json("package.json");

  it("fail npm's installation unless package.json lists them", () => {
    expect(read(".npmrc").split("\n")).to.include("strict-allow-scripts=true");
  });

  it("are listed for exactly the packages in the lockfile that have one", () => {
    const { packages } = json("package-lock.json") as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const paths = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript);

    expect(paths.sort()).to.deep.equal([
      "node_modules/esbuild",
      "node_modules/protobufjs",
      "node_modules/tree-sitter-python",
      "sdks/sumologic",
    ]);
    // npm names a local folder relative to the link in node_modules/@pulumi.
    expect(allowScripts).to.deep.equal({
      "file:../../sdks/sumologic": true,
      esbuild: false,
      protobufjs: false,
      "tree-sitter-python": false,
    });
  });

  it("are listed with a reason in the decision", () => {
    for (const [name, runs] of Object.entries(allowScripts)) {
      expect(decision).to.match(
        new RegExp(
          `^\\| \`${name.replaceAll(".", "\\.")}\` \\| ${runs ? "runs" : "denied"} \\| .{20,}`,
          "m",
        ),
      );
    }
  });
});

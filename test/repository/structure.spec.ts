import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, normalize } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const manifest = JSON.parse(read("package.json"));

/** What the files of a folder import: paths from the top of the repository, or package names. */
function importsOf(pattern: string): string[] {
  return globSync(pattern, { cwd: root, exclude: ["policy/bin/**", "policy/node_modules/**"] })
    .flatMap((file) =>
      [...read(file).matchAll(/(?:from|import\() ?"([^"]+)"/g)].map(([, target = ""]) =>
        target.startsWith(".") ? normalize(join(file, "..", target)) : target,
      ),
    )
    .filter((target) => !target.startsWith("node:"));
}

const foldersOf = (imports: string[]) => [
  ...new Set(imports.filter((it) => it.endsWith(".ts")).map((it) => it.split("/")[0])),
];

describe("the repository", () => {
  for (const [pattern, folders] of [
    ["index.ts", ["infra"]],
    ["infra/**/*.ts", ["infra", "handler"]],
    ["handler/**/*.ts", ["handler"]],
    ["pipeline/bootstrap/**/*.ts", ["pipeline", "infra"]],
    ["operate/**/*.ts", ["operate"]],
  ] as const) {
    it(`lets ${pattern} import only from ${folders.join(" and ")}`, () => {
      expect(folders).to.include.members(foldersOf(importsOf(pattern)));
    });
  }

  it("lets the handler use no package but the AWS SDK of the Lambda runtime", () => {
    const packages = importsOf("handler/**/*.ts").filter((it) => !it.endsWith(".ts"));

    expect(new Set(packages)).to.deep.equal(
      new Set([
        "@aws-sdk/client-dynamodb",
        "@aws-sdk/client-ec2",
        "@aws-sdk/client-sns",
        "@aws-sdk/client-sqs",
      ]),
    );
  });

  it("has development packages only, so that Pulumi packs none into the function", () => {
    expect(manifest.dependencies).to.equal(undefined);
  });

  it("pins each package to one version", () => {
    for (const [name, version] of Object.entries(manifest.devDependencies)) {
      if (name === "@pulumi/sumologic") continue;
      expect(version, name).to.match(/^\d+\.\d+\.\d+$/);
    }
  });

  it("runs the pipeline's scripts with built-in modules of Node.js alone", () => {
    const packages = importsOf("pipeline/report/*.ts").filter((it) => !it.endsWith(".ts"));

    expect(packages).to.deep.equal([]);
  });

  it("sets up with built-in modules of Node.js alone", () => {
    const packages = importsOf("scripts/*.mjs").filter((it) => !/\.mjs$/.test(it));

    expect(builtinModules).to.include.members(packages);
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

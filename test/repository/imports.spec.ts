import { existsSync, globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

interface Import {
  readonly file: string;
  /** A path from the top of the repository, or a package's name. */
  readonly target: string;
}

/** What the sources below these folders import. */
function importsOf(...patterns: readonly string[]): Import[] {
  const exclude = ["**/node_modules/**", "policy/bin/**"];
  return globSync(patterns, { cwd: root, exclude }).flatMap((file) =>
    [...read(file).matchAll(/(?:from|import\(|require\(|^import) ?"([^"]+)"/gm)].map(
      ([, target = ""]) => ({
        file,
        target: target.startsWith(".") ? normalize(join(dirname(file), target)) : target,
      }),
    ),
  );
}

const isTestCode = (file: string) => /(^|\/)(test|bench|comparison)\//.test(file);
const isOfRepository = ({ target }: Import) =>
  existsSync(join(root, target)) && target.includes("/");
const isPackage = (it: Import) => !isOfRepository(it) && !it.target.startsWith("node:");

/** The pack reads this repository's function in its tests too, as an example that nobody wrote for it. */
const isExample = ({ target }: Import) => target === "test/fixtures/factory.ts";

/** Imports of the product's code below `folder` that lead to none of the places `allowed`. */
function forbidden(folder: string, allowed: readonly string[]): string[] {
  return importsOf(`${folder}.{ts,mjs,cjs}`, `${folder}/**/*.{ts,mjs,cjs}`)
    .filter(({ file }) => !isTestCode(file))
    .filter(isOfRepository)
    .filter(({ target }) => !allowed.some((it) => target.startsWith(it)))
    .map(({ file, target }) => `${file} imports ${target}`);
}

describe("imports", () => {
  it("of scripts lead to scripts/ and a loader, but for the documents that are generated from code", () => {
    const allowed = ["scripts/", "sandbox/engine/program.ts"];
    const others = forbidden("scripts", allowed).filter((it) => !it.startsWith("scripts/docs/"));

    expect(others).to.deep.equal([]);
  });

  for (const [folder, allowed] of [
    ["index", ["infra/"]],
    ["infra", ["infra/", "handler/"]],
    ["handler", ["handler/"]],
    [
      "operate",
      [
        "operate/",
        "handler/incidents/",
        "handler/quiet-hours.ts",
        "handler/group/affected.ts",
        "handler/group/decide-in-group.ts",
        "handler/group/times.ts",
      ],
    ],
    ["policy", ["policy/"]],
    // The product only to run it: Lambda calls the handler, and people call what is in operate/.
    ["sandbox", ["sandbox/", "scripts/", "operate/"]],
    ["pipeline", ["pipeline/", "infra/", "sandbox/", "policy/iam/", "policy/field.ts", "scripts/"]],
    ["pipeline/report", ["pipeline/report/"]],
    ["pipeline/bootstrap", ["pipeline/bootstrap/", "infra/"]],
  ] as const) {
    it(`of ${folder} lead to ${allowed.join(" and ")} alone`, () => {
      expect(forbidden(folder, allowed)).to.deep.equal([]);
    });
  }

  it("never lead to the tests of another part", () => {
    const parts = ["pipeline", "policy", "sandbox"];
    const partOf = (path: string) => parts.find((it) => path.startsWith(`${it}/`)) ?? "product";
    const others = importsOf("{index.ts,*/**/*.ts}").filter(
      (it) =>
        /(^|\/)test\//.test(it.target) && partOf(it.file) !== partOf(it.target) && !isExample(it),
    );

    expect(others.map(({ file, target }) => `${file} imports ${target}`)).to.deep.equal([]);
  });

  it("never lead to pipeline/ from another part", () => {
    const others = importsOf("{index.ts,*/**/*.ts}").filter(
      ({ file, target }) => target.startsWith("pipeline/") && !file.startsWith("pipeline/"),
    );

    expect(others.map(({ file, target }) => `${file} imports ${target}`)).to.deep.equal([]);
  });

  it("of tests and benches of the pack lead to the sandbox, besides the pack itself", () => {
    const others = importsOf("policy/**/*.ts")
      .filter(({ file }) => isTestCode(file))
      .filter(isOfRepository)
      .filter((it) => !/^(policy|sandbox|scripts)\//.test(it.target) && !isExample(it));

    expect(others.map(({ file, target }) => `${file} imports ${target}`)).to.deep.equal([]);
  });

  it("of the handler are the AWS SDK of the Lambda runtime, and no other package", () => {
    const packages = importsOf("handler/**/*.ts").filter(isPackage);

    expect(new Set(packages.map(({ target }) => target))).to.deep.equal(
      new Set([
        "@aws-sdk/client-dynamodb",
        "@aws-sdk/client-ec2",
        "@aws-sdk/client-elastic-load-balancing-v2",
        "@aws-sdk/client-s3",
        "@aws-sdk/client-sns",
        "@aws-sdk/client-sqs",
      ]),
    );
  });

  it("of what the workflows run are built-in modules of Node.js, and no package", () => {
    expect(importsOf("pipeline/report/*.ts").filter(isPackage)).to.deep.equal([]);
  });

  it("of the set-up are built-in modules of Node.js, and no package", () => {
    const packages = importsOf("scripts/*.mjs").filter(isPackage);

    expect(builtinModules).to.include.members(packages.map(({ target }) => target));
  });
});

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { expect } from "chai";
import {
  failureOf,
  root,
  startTestEnvironment,
  type TestEnvironment,
  writeConfig,
} from "../../../sandbox/test-environment.ts";
import { ensureLocked } from "../../../scripts/npm.mjs";
import { findingsOfMistakes, mistakes, noStackRules } from "./findings.ts";

const source = join(import.meta.dirname, "..", "package-managers");

/** How a package manager without network installs a tarball, and its main file: absolute, or in `.tools/package-managers`. */
const managers = {
  // npm has dependencies in its package, and no lockfile has their hashes. So it is the one that runs this test.
  npm: { main: process.env.npm_execpath ?? "", add: ["install", "--save-dev", "--offline"] },
  pnpm: { main: "pnpm/bin/pnpm.cjs", add: ["add", "--save-dev", "--offline"] },
  yarn: { main: "@yarnpkg/cli-dist/bin/yarn.js", add: ["add", "--dev"] },
};

describe("the npm package", () => {
  let environment: TestEnvironment;
  let packages = "";
  let tarball = "";

  before(async () => {
    expect(`${process.platform} ${process.arch}`, "the pinned Node.js versions").to.equal(
      "linux x64",
    );
    environment = await startTestEnvironment();
    const tools = await ensureLocked(console.error, "Node.js versions", "package-managers", source);
    packages = join(tools, "node_modules");
    const packed = execFileSync("npm", ["pack", "--json", join(root, "policy")], {
      cwd: environment.folder,
      encoding: "utf8",
    });
    tarball = join(environment.folder, JSON.parse(packed)[0].filename);
  });
  after(() => environment.stop());

  /** Installs the package in a folder, and returns the variables for its Node.js. */
  function install(folder: string, node: number, manager: keyof typeof managers) {
    const bin = join(packages, `node-${node}`, "bin");
    const env = {
      ...process.env,
      PATH: [bin, process.env.PATH].join(delimiter),
      YARN_NODE_LINKER: "node-modules",
      YARN_ENABLE_TELEMETRY: "0",
      YARN_ENABLE_GLOBAL_CACHE: "0",
      YARN_ENABLE_NETWORK: "0",
    };
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), '{ "name": "shop" }');
    // Without it, Yarn uses a lockfile of a folder above.
    writeFileSync(join(folder, "yarn.lock"), "");
    const { main, add } = managers[manager];
    const file = manager === "yarn" ? `least-privilege-iam@file:${tarball}` : tarball;
    execFileSync(join(bin, "node"), [resolve(packages, main), ...add, file], { cwd: folder, env });
    return env;
  }

  async function checkPack(policyPack: string, env: NodeJS.ProcessEnv, node: number) {
    const version = spawnSync("node", ["--version"], { env, encoding: "utf8" }).stdout;
    expect(version).to.match(new RegExp(`^v${node}\\.`));
    const engine = await environment.createEngine({
      program: `${mistakes}/star-resource.ts`,
      folder: join(environment.folder, `${node}-${Math.random()}`),
      policyPack,
      policyPackConfig: writeConfig(environment, noStackRules),
      environment: { PATH: env.PATH ?? "" },
    });

    const { violations } = await failureOf(engine.preview());

    expect(violations).to.deep.equal(findingsOfMistakes["star-resource"]);
    const document = '{"Statement":{"Effect":"Allow","Action":"sqs:*","Resource":"*"}}';
    const checked = spawnSync(policyPack, ["check", "-"], {
      env,
      encoding: "utf8",
      input: document,
    });
    expect(checked.stderr).to.equal("");
    expect(checked.status).to.equal(1);
  }

  for (const [node, manager] of [
    [20, "npm"],
    [22, "pnpm"],
    [24, "yarn"],
    [26, "npm"],
  ] as const) {
    it(`runs with Node.js ${node}, installed by ${manager} in a folder with a space`, async () => {
      const folder = join(environment.folder, `${manager} ${node}`);
      const env = install(folder, node, manager);

      await checkPack(join(folder, "node_modules", ".bin", "least-privilege-iam"), env, node);
    });
  }

  it("runs from a copied folder", async () => {
    const folder = join(environment.folder, "original");
    const env = install(folder, 20, "npm");
    const executable = realpathSync(join(folder, "node_modules", ".bin", "least-privilege-iam"));
    const copy = join(environment.folder, "a copy");
    cpSync(dirname(dirname(executable)), copy, { recursive: true });

    await checkPack(join(copy, "bin", "pack.js"), env, 20);
  });
});

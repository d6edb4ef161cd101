import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import {
  failureOf,
  root,
  startTestEnvironment,
  type TestEnvironment,
  writeConfig,
} from "../../../sandbox/test-environment.ts";
import { findingsOfMistakes, mistakes, noStackRules } from "./findings.ts";

const program = `${mistakes}/star-resource.ts`;

describe("the npm package, installed in another program", () => {
  let environment: TestEnvironment;
  let folder = "";
  let tarball: { name: string; filename: string; files: readonly { path: string }[] };

  before(async () => {
    environment = await startTestEnvironment();
    folder = join(environment.folder, "a program");
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), "{}");
    const npm = (...args: string[]) => execFileSync("npm", args, { cwd: folder, encoding: "utf8" });
    [tarball] = JSON.parse(npm("pack", "--json", join(root, "policy")));
    npm("install", "--save-dev", "--offline", tarball.filename);
  });
  after(() => environment.stop());

  /** Runs a command of the package. */
  function run(args: readonly string[], input = "") {
    const executable = join("node_modules", ".bin", "least-privilege-iam");
    const { status, stdout, stderr } = spawnSync(executable, args, {
      cwd: folder,
      encoding: "utf8",
      input,
    });
    return { status, stdout, stderr };
  }

  it("has what it runs and its documents, and needs no other package", () => {
    const lockfile = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));

    const paths = tarball.files.map(({ path }) => path);
    const pages = paths.filter((it) => it.startsWith("docs/rules/"));
    expect(pages).to.include("docs/rules/star-action.md");
    expect(paths.filter((it) => !pages.includes(it))).to.have.members([
      "CHANGELOG.md",
      "LICENSE",
      "PulumiPolicy.yaml",
      "README.md",
      "bin/LICENSES.txt",
      "bin/pack.js",
      "bin/policies.d.ts",
      "bin/policies.js",
      "bin/reference",
      "bin/tree-sitter-python.wasm",
      "bin/web-tree-sitter.wasm",
      "package.json",
    ]);
    expect(Object.keys(lockfile.packages)).to.deep.equal(["", `node_modules/${tarball.name}`]);
  });

  it("is a policy pack as an executable, with paths that start at the program's folder", async () => {
    const config = { ...noStackRules, sarif: { file: "../findings.sarif" } };
    const engine = await environment.createEngine({
      program,
      folder: join(environment.folder, "executable"),
      policyPack: join(folder, "node_modules", ".bin", "least-privilege-iam"),
      policyPackConfig: writeConfig(environment, config),
    });

    const { violations } = await failureOf(engine.preview());

    expect(violations).to.deep.equal(findingsOfMistakes["star-resource"]);
    const sarif = join(engine.stack.workspace.workDir, "..", "findings.sarif");
    const { results } = JSON.parse(readFileSync(sarif, "utf8")).runs[0];
    expect(results).to.have.length(1);
  });

  it("gives its rules to another policy pack, with selection and levels", async () => {
    for (const name of ["policy", "pulumi"]) {
      mkdirSync(join(folder, "node_modules", "@pulumi"), { recursive: true });
      const path = join("node_modules", "@pulumi", name);
      symlinkSync(join(root, path), join(folder, path));
    }
    const policyPack = join(folder, "my-pack");
    mkdirSync(policyPack);
    writeFileSync(join(policyPack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
    writeFileSync(join(policyPack, "package.json"), '{ "version": "1.0.0" }');
    writeFileSync(
      join(policyPack, "index.js"),
      `const { PolicyPack } = require("@pulumi/policy");
       const { policies } = require("${tarball.name}/policies");
       new PolicyPack("mine", {
         enforcementLevel: "mandatory",
         policies: [
           ...policies({ only: ["star-resource"], levels: { "star-resource": "advisory" } }),
           {
             name: "my-policy",
             description: "Has a setting and another name.",
             configSchema: { properties: { word: { type: "string" } } },
             validateResource: ({ type, getConfig }, report) =>
               type === "test:index:Granted" && report(getConfig().word),
           },
         ],
       });`,
    );
    const engine = await environment.createEngine({
      program,
      folder: join(environment.folder, "my-pack"),
      policyPack,
      policyPackConfig: writeConfig(environment, { "my-policy": { word: "mine" } }),
    });

    const { findings } = await failureOf(engine.preview());

    expect(findings).to.have.deep.members([
      {
        rule: "star-resource",
        level: "advisory",
        type: "test:index:Granted",
        message: findingsOfMistakes["star-resource"]?.[0],
      },
      {
        rule: "my-policy",
        level: "mandatory",
        type: "test:index:Granted",
        message: "Has a setting and another name.\nmine",
      },
    ]);
  });

  it("checks a policy document", () => {
    const statement = { Effect: "Allow", Action: "sqs:*", Resource: "*" };

    const { status, stdout, stderr } = run(
      ["check", "-"],
      JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
    );

    expect(stderr).to.equal("");
    expect(stdout).to.match(
      /^\[mandatory\] star-action [0-9a-f]{8} {2}standard input: policy, statement/m,
    );
    expect(status).to.equal(1);
  });

  it("checks a deployed stack as `pulumi policy analyze` does", async () => {
    const engine = await environment.createEngine({
      folder: join(environment.folder, "deployed"),
      policyPack: null,
    });
    await engine.up();
    const { workspace } = engine.stack;
    const file = join(folder, "stack.json");
    writeFileSync(file, JSON.stringify(await engine.stack.exportStack()));
    const pack = join(folder, "node_modules", ".bin", "least-privilege-iam");

    const checked = run(["check", "--stack", "stack.json"]);
    const analyzed = spawnSync(
      workspace.pulumiCommand.command,
      ["policy", "analyze", "--file", file, "--policy-pack", pack],
      { cwd: folder, encoding: "utf8", env: { ...process.env, ...workspace.envVars } },
    );

    const finding =
      "reboot-url: authorizationType NONE: anyone can call the function. Set authorizationType AWS_IAM, or waive this finding and say what limits the risk.";
    expect(checked).to.deep.equal({
      status: 1,
      stdout: `[mandatory] public-function-url 40c4e9a0  ${finding}\n1 mandatory, 0 advisory\n`,
      stderr: "",
    });
    expect(analyzed.status).to.equal(1);
    expect(analyzed.stdout.match(/^ {10}\S.*/gm)).to.deep.equal([`          ${finding}`]);
  });

  it("generates the policy of a function of a deployed stack", () => {
    const { status, stdout, stderr } = run(["generate", "stack.json", "reboot", "--json"]);

    // Calls whose resource is not certain make it incomplete.
    expect({ status, stderr }).to.deep.equal({ status: 1, stderr: "" });
    expect(JSON.parse(stdout).grants.flatMap((it: { actions: string[] }) => it.actions)).to.include(
      "ec2:RebootInstances",
    );
  });

  it("explains a rule", () => {
    expect(run(["explain", "star-action"]).stdout).to.include(
      "List the actions that the code calls",
    );
  });

  it("generates the policy of a function", () => {
    const type = "aws:lambda/function:Function";
    const props = { name: "worker", packageType: "Image" };
    const urn = `urn:pulumi:dev::shop::${type}::worker`;
    const resources = [{ urn, type, inputs: props, outputs: props }];

    const { status, stdout } = run(
      ["generate", "-", "worker", "--json"],
      JSON.stringify({ deployment: { resources } }),
    );

    expect(JSON.parse(stdout)).to.deep.include({
      grants: [
        {
          sid: "UseLogOfWorker",
          actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
          resources: ["arn:aws:logs:${region}:${account}:log-group:/aws/lambda/worker:*"],
        },
      ],
      unread: ["worker: its code is a container image"],
    });
    expect(status).to.equal(1);
  });

  it("keeps its exit code if nobody reads its output, and fails if it cannot write it", () => {
    writeFileSync(join(folder, "wide.json"), '{"Statement":[{"Action":"*","Resource":"*"}]}');
    const script = `pack=node_modules/.bin/least-privilege-iam
      $pack check wide.json wide.json | true; echo \${PIPESTATUS[0]}
      $pack check wide.json > /dev/full; echo $?`;

    const { stdout, stderr } = spawnSync("bash", ["-c", script], { cwd: folder, encoding: "utf8" });

    expect(stdout).to.equal("1\n2\n");
    expect(stderr).to.equal(
      "error: the output cannot be written: ENOSPC: no space left on device, write\n",
    );
  });

  it("prints its path", () => {
    const path = join(folder, "node_modules", tarball.name, "bin", "pack.js");

    expect(run(["path"]).stdout).to.equal(`${path}\n`);
  });

  it("refuses an unknown command with exit code 2", () => {
    expect(run(["chek"])).to.deep.include({ status: 2, stdout: "" });
  });
});

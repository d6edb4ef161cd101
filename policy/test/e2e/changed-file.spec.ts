import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Checkout, Ended } from "../../../sandbox/engine/checkout.ts";
import {
  createUserCheckout,
  root,
  startTestEnvironment,
  type TestEnvironment,
} from "../../../sandbox/test-environment.ts";

const instanceArn = "arn:aws:ec2:us-east-1:000000000000:instance/i-0123456789abcdef0";
const roleName = "aws:iam/role:Role role";
const reviewedGrants = grantsOf("ec2:RebootInstances");
const widerGrants = grantsOf("ec2:RebootInstances", "ec2:TerminateInstances");

function grantsOf(...actions: string[]): string {
  return JSON.stringify({
    [roleName]: Object.fromEntries(actions.map((action) => [action, [instanceArn]])),
  });
}

const waiver = {
  rule: "star-resource",
  type: "aws:iam/rolePolicy:RolePolicy",
  name: "policy",
  finding: "policy, statement Reboot: Resource * with ec2:RebootInstances",
  reason: "Not reviewed by anybody.",
  owner: "the program itself",
  expires: "2999-12-31",
};

const disabled = { enforcementLevel: "disabled" };
const config = {
  // A role and its policy are no whole stack.
  "foreign-arn": disabled,
  "unused-role": disabled,
  "grants-file": { file: "../../grants.lock.json" },
  waivers: { file: "../../policy-waivers.json" },
};

/** A role with these actions on a resource. */
function programWith(actions: readonly string[], resource = instanceArn): string {
  const statement = { Sid: "Reboot", Effect: "Allow", Action: actions, Resource: resource };
  const trust = {
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  const document = (it: object) => JSON.stringify({ Version: "2012-10-17", Statement: [it] });
  return `
    import * as aws from "@pulumi/aws";
    const role = new aws.iam.Role("role", { assumeRolePolicy: ${JSON.stringify(document(trust))} });
    new aws.iam.RolePolicy("policy", {
      role: role.name,
      policy: ${JSON.stringify(document(statement))},
    });
  `;
}

/** The first statements of a program: they write a file of the project, and put it back at the end. */
function rewrites(file: string, content: string): string {
  return `
    const { readFileSync, writeFileSync } = require("node:fs");
    const path = ${JSON.stringify(file)};
    const before = readFileSync(path);
    writeFileSync(path, ${JSON.stringify(content)});
    process.on("exit", () => writeFileSync(path, before));
  `;
}

describe("a program that rewrites the files that the policy pack checks it against", () => {
  let environment: TestEnvironment;
  let packFolder: Checkout;
  let project: string;
  before(async () => {
    environment = await startTestEnvironment();
    project = join(environment.folder, "shop");
    packFolder = createUserCheckout(environment, { folder: join(project, "reboot-automation") });
    write("package.json", JSON.stringify({ name: "shop" }));
    write("policy-config.json", JSON.stringify(config));
    setUp({ code: programWith(["ec2:RebootInstances"]) });
    await typed("pulumi stack init dev && pulumi config set aws:region us-east-1");
  });
  after(() => environment.stop());

  function write(name: string, content: string) {
    mkdirSync(join(project, "source"), { recursive: true });
    writeFileSync(join(project, name), content);
  }

  function typed(line: string): Promise<Ended> {
    return packFolder.run(`cd .. && ${line}`);
  }

  /** A program of this code, with files that somebody reviewed; `main` is where Pulumi.yaml says it is. */
  function setUp({ code, main = "." }: { code: string; main?: string }) {
    write("Pulumi.yaml", `name: shop\nruntime: nodejs\nmain: ${main}\n`);
    write("tsconfig.json", JSON.stringify({ compilerOptions: { noCheck: true } }));
    write(join(main, "index.ts"), code);
    write("grants.lock.json", reviewedGrants);
    write("policy-waivers.json", "[]");
  }

  const withPack = "--policy-pack reboot-automation/policy --policy-pack-config policy-config.json";

  it("passes if the program changes nothing", async () => {
    setUp({ code: programWith(["ec2:RebootInstances"]) });

    const { code, output } = await typed(`pulumi preview ${withPack}`);

    expect(code, output).to.equal(0);
  });

  for (const [command, main] of [
    ["preview", "."],
    ["preview", "source"],
    ["up --yes", "."],
    ["up --yes --skip-preview", "."],
  ] as const) {
    it(`fails in \`${command}\` of ${main} for a grants file that is wider while the program runs`, async () => {
      const code = programWith(["ec2:RebootInstances", "ec2:TerminateInstances"]);
      setUp({ code: rewrites(join(project, "grants.lock.json"), widerGrants) + code, main });

      const ended = await typed(`pulumi ${command} ${withPack}`);

      expect(ended.code, ended.output).not.to.equal(0);
      expect(ended.output).to.match(/\[mandatory\] .*changed-file/);
      expect(ended.output).to.include("grants.lock.json: its content was changed after the pack");
      expect((await typed("pulumi stack --show-urns")).output).not.to.include("aws:iam");
    });
  }

  it("is checked by the grants file as it was before", async () => {
    const code = programWith(["ec2:RebootInstances", "ec2:TerminateInstances"]);
    setUp({ code: rewrites(join(project, "grants.lock.json"), widerGrants) + code });

    const { output } = await typed(`pulumi preview ${withPack}`);

    expect(output).to.include(
      "policy, statement Reboot: + ec2:TerminateInstances: grants.lock.json does not list it",
    );
  });

  it("fails for a waiver that is there only while the program runs", async () => {
    const code = programWith(["ec2:RebootInstances"], "*");
    const waivers = JSON.stringify([waiver]);
    setUp({ code: rewrites(join(project, "policy-waivers.json"), waivers) + code });

    const ended = await typed(`pulumi preview ${withPack}`);

    expect(ended.code, ended.output).not.to.equal(0);
    expect(ended.output).to.include("Resource * with ec2:RebootInstances");
    expect(ended.output).to.match(/\[mandatory\] .*changed-file/);
  });

  it("fails also if the configuration switches the rule off that says so", async () => {
    const code = programWith(["ec2:RebootInstances"]);
    setUp({ code: rewrites(join(project, "grants.lock.json"), widerGrants) + code });
    write("other-config.json", JSON.stringify({ ...config, "changed-file": disabled }));

    const ended = await typed(
      `pulumi preview ${withPack.replace("policy-config", "other-config")}`,
    );

    expect(ended.code, ended.output).not.to.equal(0);
    expect(ended.output).to.match(/\[mandatory\] .*changed-file/);
  });

  it("cannot change the pack itself, which reads nothing else after its start", async () => {
    const reads = join(environment.folder, "reads");
    const engine = await environment.createEngine({
      folder: join(environment.folder, "own"),
      environment: {
        NODE_OPTIONS: `--require ${join(root, "policy", "test", "fixtures", "record-reads.cjs")}`,
        READS_FILE: reads,
      },
    });

    await engine.preview();

    expect([...new Set(readFileSync(reads, "utf8").trim().split("\n"))].sort()).to.deep.equal([
      join(root, "grants.lock.json"),
      join(root, "policy-waivers.json"),
    ]);
  });
});

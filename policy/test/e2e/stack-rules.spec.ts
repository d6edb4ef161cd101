import { globSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { IAMClient, ListRolePoliciesCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { expect } from "chai";
import type { Engine } from "../../../sandbox/engine/engine.ts";
import {
  failureOf,
  root,
  startTestWorld,
  type TestWorld,
  writeConfig,
} from "../../../sandbox/test-world.ts";

const folder = "policy/test/fixtures/programs/stacks";

const missing =
  "role: ec2:RebootInstances on aws:ec2/instance:Instance web: the code of rebooter calls RebootInstancesCommand of @aws-sdk/client-ec2 (index.js:5), and the role does not allow it. Grant ec2:RebootInstances on aws:ec2/instance:Instance web.";
const unusedOn = (arn: string) =>
  `role: statement Reboot: ec2:RebootInstances on ${arn}: rebooter calls it on aws:ec2/instance:Instance web only. Take it away.`;
const unusedTermination =
  "role: statement Terminate: ec2:TerminateInstances on aws:ec2/instance:Instance web: neither the code of rebooter nor its configuration uses it. Take it away.";
const foreign = (arn: string) =>
  `role: statement Reboot: Resource ${arn}: it names a resource of type instance that is not in this stack. Name a resource of this stack, or list the ARN under foreign-arn.external in the pack's configuration.`;

/** By program: all that its first preview finds, when no ARN is known yet. */
const findings: Readonly<Record<string, readonly string[]>> = {
  "both-instances": [
    "role: statement Another: ec2:RebootInstances on aws:ec2/instance:Instance database: rebooter calls it on aws:ec2/instance:Instance web only. Take it away.",
  ],
  "foreign-permission": [
    "permission: permission, statement number 1: aws:SourceArn arn:aws:sns:us-east-1:111122223333:gone: its source is not in this stack: it lets in whatever is there, or comes there later. Remove it, or list the source under foreign-permission.external in the pack's configuration.",
  ],
  "hard-coded-arn": [
    missing,
    foreign("arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"),
    unusedOn("arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"),
  ],
  "other-stack": [
    missing,
    foreign("arn:aws:ec2:us-east-1:000000000000:instance/i-THE-OTHER"),
    unusedOn("arn:aws:ec2:us-east-1:000000000000:instance/i-THE-OTHER"),
  ],
  "reachable-role": [
    "deployer: lambda-003: lambda:UpdateFunctionCode, to aws:iam/role:Role role: it can act with the role of something that runs in lambda: that one has more than it, ec2:RebootInstances on aws:ec2/instance:Instance web, logs:CreateLogStream on aws:cloudwatch/logGroup:LogGroup log and logs:PutLogEvents on aws:cloudwatch/logGroup:LogGroup log. Take one of these actions away, or name its resources.",
    "deployer: role: ec2.amazonaws.com may assume it, and nothing in this stack has it. Remove it, or give it to what it is for.",
  ],
  "redundant-grant": [
    "role: statement Again: logs:PutLogEvents on arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/rebooter:*: statement Write allows it already. Take it away.",
  ],
  "right-instance": [],
  "unused-role": [
    "spare: role: lambda.amazonaws.com may assume it, and nothing in this stack has it. Remove it, or give it to what it is for.",
  ],
  "unreachable-line": [
    unusedTermination,
    "rebooter: code: not all that it calls can be seen: its code uses aws4 (index.js:6), which calls AWS by itself. Look at its role yourself; what is seen is judged.",
  ],
  "wrong-instance": [missing, unusedOn("aws:ec2/instance:Instance database")],
};

describe("the rules that look at a whole stack, in the real engine", () => {
  let world: TestWorld;
  before(async () => {
    world = await startTestWorld();
  });
  after(() => world.stop());

  /** An engine for a program, in a folder of its own. */
  async function engineOf(program: string, config: object = {}): Promise<Engine> {
    const own = join(world.folder, `${basename(program, ".ts")}-${Math.random()}`);
    if (program.endsWith("other-stack.ts")) {
      const shared = "policy/test/fixtures/programs/shared-instance.ts";
      const options = { program: shared, folder: own, stackName: "shared", policyPack: null };
      await (await world.createEngine(options)).up();
    }
    return world.createEngine({
      program,
      folder: own,
      policyPackConfig: writeConfig(world, config),
    });
  }

  const violationsOf = async (program: string) => {
    const run = (await engineOf(program)).preview();
    const { violations } = await run.catch((error) => error);
    return violations
      .map((it: string) => it.replaceAll(/(000000000000:instance\/)i-\w+/g, "$1i-THE-OTHER"))
      .sort();
  };

  it("knows what each program of the folder does wrong", () => {
    const programs = globSync("*.ts", { cwd: join(root, folder) }).map((it) => basename(it, ".ts"));

    expect(Object.keys(findings)).to.have.members(programs);
  });

  for (const [name, expected] of Object.entries(findings)) {
    it(`finds in the first preview of ${name} exactly what it should`, async () => {
      expect(await violationsOf(`${folder}/${name}.ts`)).to.deep.equal([...expected].sort());
    });
  }

  it("only advises to remove what an unreachable line could use, unless unused-grant is strict", async () => {
    const program = `${folder}/unreachable-line.ts`;
    const lenient = await engineOf(program);
    const strict = await engineOf(program, { "unused-grant": { strict: true } });

    expect((await lenient.preview()).violations).to.include(unusedTermination);
    expect((await failureOf(strict.preview())).violations).to.include(unusedTermination);
  });

  it("refuses a value of unused-grant.strict that is neither true nor false", async () => {
    const engine = await engineOf(`${folder}/right-instance.ts`, {
      "unused-grant": { strict: "yes" },
    });

    expect((await failureOf(engine.preview())).message).to.include("strict");
  });

  it("reports a widened role after `up` without a preview, once the stack is made", async () => {
    const engine = await engineOf(`${folder}/both-instances.ts`);

    const { violations } = await failureOf(engine.up());

    expect(violations).to.deep.equal(findings["both-instances"]);
    expect(await policiesOf("-role")).to.have.length(1);
    await engine.destroy();
  });

  it("stops a role with an action that was not reviewed before IAM gets its policy", async () => {
    const lock = join(world.folder, "grants.lock.json");
    writeFileSync(lock, JSON.stringify({ "aws:iam/role:Role role": { "logs:PutLogEvents": [] } }));
    const engine = await engineOf(`${folder}/right-instance.ts`, { "grants-file": { file: lock } });

    const { violations } = await failureOf(engine.up());

    expect(violations).to.include(
      "role: grants, statement Reboot: + ec2:RebootInstances: grants.lock.json does not allow it: the stack would grant more than was reviewed. Take it away, or write grants.lock.json anew and have the difference reviewed.",
    );
    expect(await policiesOf("-role")).to.deep.equal([]);
  });

  /** The inline policies of the roles whose names end so. */
  async function policiesOf(ending: string): Promise<unknown[]> {
    const iam = new IAMClient(world.aws);
    const { Roles = [] } = await iam.send(new ListRolesCommand({}));
    const names = Roles.flatMap(({ RoleName = "" }) => (RoleName.endsWith(ending) ? RoleName : []));
    const lists = names.map(async (RoleName) => {
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      return PolicyNames;
    });
    return (await Promise.all(lists)).flat();
  }
});

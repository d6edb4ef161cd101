import { globSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { IAMClient, ListRolePoliciesCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { expect } from "chai";
import type { Engine } from "../../../sandbox/engine/engine.ts";
import {
  failureOf,
  root,
  startTestEnvironment,
  type TestEnvironment,
  writeConfig,
} from "../../../sandbox/test-environment.ts";

const folder = "policy/test/fixtures/programs/stacks";

const missing =
  "role: ec2:RebootInstances on aws:ec2/instance:Instance web: the code of rebooter calls RebootInstancesCommand of @aws-sdk/client-ec2 (index.js:5), and the role does not allow it. Allow ec2:RebootInstances on aws:ec2/instance:Instance web.";
const unusedOn = (arn: string) =>
  `role: statement Reboot: ec2:RebootInstances on ${arn}: rebooter calls it only on aws:ec2/instance:Instance web. Remove it.`;
const unusedTermination =
  "role: statement Terminate: ec2:TerminateInstances on aws:ec2/instance:Instance web: neither the code of rebooter nor its configuration uses it. Remove it.";
const foreign = (arn: string) =>
  `role: statement Reboot: Resource ${arn}: it refers to a resource of type instance that is not in this stack. Use a resource of this stack, or list the ARN under foreign-arn.external in the pack's configuration.`;

/** By program: all that its first preview finds, when no ARN is known yet. */
const findings: Readonly<Record<string, readonly string[]>> = {
  "both-instances": [
    "role: statement Another: ec2:RebootInstances on aws:ec2/instance:Instance database: rebooter calls it only on aws:ec2/instance:Instance web. Remove it.",
  ],
  "foreign-permission": [
    "permission: permission, statement number 1: aws:SourceArn arn:aws:sns:us-east-1:111122223333:gone: its source is not in this stack, so it allows whatever has that ARN now or later. Remove it, or list the source under foreign-permission.external in the pack's configuration.",
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
    "deployer: lambda-003: lambda:UpdateFunctionCode, to aws:iam/role:Role role: it can act with the role of something that runs in lambda: that role also allows ec2:RebootInstances on aws:ec2/instance:Instance web, logs:CreateLogStream on aws:cloudwatch/logGroup:LogGroup log and logs:PutLogEvents on aws:cloudwatch/logGroup:LogGroup log. Remove one of these actions, or restrict its resources.",
    "deployer: role: ec2.amazonaws.com may assume it, and nothing in this stack uses it. Remove it, or assign it to the resource that needs it.",
  ],
  "redundant-grant": [
    "role: statement Again: logs:PutLogEvents on arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/rebooter:*: statement Write allows it already. Remove it.",
  ],
  "right-instance": [],
  "unused-role": [
    "spare: role: lambda.amazonaws.com may assume it, and nothing in this stack uses it. Remove it, or assign it to the resource that needs it.",
  ],
  "unreachable-line": [
    unusedTermination,
    "rebooter: code: not all of its calls can be resolved: its code uses aws4 (index.js:6), which calls AWS itself. Review the role manually; only resolved calls were checked.",
  ],
  "wrong-instance": [missing, unusedOn("aws:ec2/instance:Instance database")],
};

describe("the rules for a whole stack, in the real engine", () => {
  let environment: TestEnvironment;
  before(async () => {
    environment = await startTestEnvironment();
  });
  after(() => environment.stop());

  /** An engine for a program, in a separate folder. */
  async function engineOf(program: string, config: object = {}): Promise<Engine> {
    const own = join(environment.folder, `${basename(program, ".ts")}-${Math.random()}`);
    if (program.endsWith("other-stack.ts")) {
      const shared = "policy/test/fixtures/programs/shared-instance.ts";
      const options = { program: shared, folder: own, stackName: "shared", policyPack: null };
      await (await environment.createEngine(options)).up();
    }
    return environment.createEngine({
      program,
      folder: own,
      policyPackConfig: writeConfig(environment, config),
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

  it("reports a widened role after `up` without a preview, once the stack exists", async () => {
    const engine = await engineOf(`${folder}/both-instances.ts`);

    const { violations } = await failureOf(engine.up());

    expect(violations).to.deep.equal(findings["both-instances"]);
    expect(await policiesOf("-role")).to.have.length(1);
    await engine.destroy();
  });

  it("stops a role with an action that was not reviewed before IAM gets its policy", async () => {
    const lock = join(environment.folder, "grants.lock.json");
    writeFileSync(lock, JSON.stringify({ "aws:iam/role:Role role": { "logs:PutLogEvents": [] } }));
    const engine = await engineOf(`${folder}/right-instance.ts`, { "grants-file": { file: lock } });

    const { violations } = await failureOf(engine.up());

    expect(violations).to.include(
      "role: grants, statement Reboot: + ec2:RebootInstances: grants.lock.json does not list it, so the stack would grant more than was reviewed. Remove it, or regenerate grants.lock.json and have the change reviewed.",
    );
    expect(await policiesOf("-role")).to.deep.equal([]);
  });

  /** The inline policies of the roles whose names end so. */
  async function policiesOf(ending: string): Promise<unknown[]> {
    const iam = new IAMClient(environment.aws);
    const { Roles = [] } = await iam.send(new ListRolesCommand({}));
    const names = Roles.flatMap(({ RoleName = "" }) => (RoleName.endsWith(ending) ? RoleName : []));
    const lists = names.map(async (RoleName) => {
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      return PolicyNames;
    });
    return (await Promise.all(lists)).flat();
  }
});

import { cpSync, writeFileSync } from "node:fs";
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
import { findingsOfStacks, stacks, unusedTermination } from "./findings.ts";

const programs = "policy/test/fixtures/programs";

describe("the rules for a whole stack, in the real engine", () => {
  let environment: TestEnvironment;
  before(async () => {
    environment = await startTestEnvironment();
  });
  after(() => environment.stop());

  /** An engine for a program, in a separate folder. */
  async function engineOf(program: string, config: object = {}): Promise<Engine> {
    const own = join(environment.folder, `${basename(program, ".ts")}-${Math.random()}`);
    return environment.createEngine({
      program,
      folder: own,
      policyPackConfig: writeConfig(environment, config),
    });
  }

  it("finds code by its relative path, whichever folder the engine was started in", async () => {
    const unused =
      "role: statement Terminate: ec2:TerminateInstances on aws:ec2/instance:Instance web: neither the code of rebooter nor its configuration uses it. Remove it.";
    for (const started of ["", "project/app"]) {
      const folder = join(environment.folder, `relative-${Math.random()}`);
      const PWD = join(folder, started);
      cpSync(join(root, programs, "relative", "app"), join(folder, "project", "app"), {
        recursive: true,
      });
      const engine = await environment.createEngine({
        program: `${programs}/relative/index.ts`,
        folder,
        policyPackConfig: writeConfig(environment, {}),
        environment: { PWD },
      });

      expect((await failureOf(engine.preview())).violations).to.deep.equal([unused]);
    }
  });

  for (const name of ["right-instance", "wrong-instance"]) {
    it(`finds in the first preview of ${name} exactly what it should`, async () => {
      const engine = await engineOf(`${stacks}/${name}.ts`);

      const { violations } = await engine.preview().catch((error) => error);

      expect([...violations].sort()).to.deep.equal([...(findingsOfStacks[name] ?? [])].sort());
    });
  }

  it("says nothing about what an unreachable line could use, unless unused-grant is strict", async () => {
    const program = `${stacks}/unreachable-line.ts`;
    const lenient = await engineOf(program);
    const strict = await engineOf(program, { "unused-grant": { strict: true } });

    expect((await lenient.preview()).violations).to.deep.equal([
      ...(findingsOfStacks["unreachable-line"] ?? []),
    ]);
    expect((await failureOf(strict.preview())).violations).to.include(unusedTermination);
  });

  it("refuses a value of unused-grant.strict that is neither true nor false", async () => {
    const engine = await engineOf(`${stacks}/right-instance.ts`, {
      "unused-grant": { strict: "yes" },
    });

    expect((await failureOf(engine.preview())).message).to.include("strict");
  });

  it("reports a widened role after `up` without a preview, once the stack exists", async () => {
    const engine = await engineOf(`${stacks}/both-instances.ts`);

    const { violations } = await failureOf(engine.up());

    expect(violations).to.deep.equal(findingsOfStacks["both-instances"]);
    expect(await policiesOf("-role")).to.have.length(1);
    await engine.destroy();
  });

  it("stops a role with an action that was not reviewed before IAM gets its policy", async () => {
    const lock = join(environment.folder, "grants.lock.json");
    writeFileSync(lock, JSON.stringify({ "aws:iam/role:Role role": { "logs:PutLogEvents": [] } }));
    const engine = await engineOf(`${stacks}/right-instance.ts`, { "grants-file": { file: lock } });

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

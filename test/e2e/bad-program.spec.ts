import { join } from "node:path";
import { IAMClient, ListRolePoliciesCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { failureOf, startTestWorld, type TestWorld } from "./support.ts";

describe("the policy pack in the real engine", () => {
  let world: TestWorld;
  before(async () => {
    world = await startTestWorld();
  });
  after(() => world.stop());

  it("fails the first preview of a bad program with every finding, though an ARN is unknown", async () => {
    const engine = await world.createEngine({ program: "test/fixtures/programs/bad.ts" });

    const { violations } = await failureOf(engine.preview());

    // The engine puts the rule's description before each finding.
    expect(violations.map((it) => it.split("\n").pop()).sort()).to.deep.equal([
      "component: grants, statement StarAction: Action ec2:* allows more than one action. Name each action that is called.",
      'component: grants, statement StarResource: Resource "*" with ec2:RebootInstances: the action takes a resource (instance). Name the ARNs instead.',
      'open: policy, statement number 1: Resource "*" with sns:Publish: the action takes a resource (topic). Name the ARNs instead.',
      "role: assumeRolePolicy trusts lambda.amazonaws.com and ec2.amazonaws.com. Make a role for each.",
      "role: managedPolicyArns names the AWS managed policy arn:aws:iam::aws:policy/AmazonEC2FullAccess. Grant the actions that are called in an own policy instead.",
    ]);
  });

  it("fails the first preview of a program whose document is unknown as a whole", async () => {
    const program = "test/fixtures/programs/bad-unknown.ts";
    const engine = await world.createEngine({ program, folder: join(world.folder, "unknown") });

    const { violations } = await failureOf(engine.preview());

    expect(violations.map((it) => it.split("\n").pop())).to.deep.equal([
      "hidden: policy is not known before deployment, so no rule can judge it. Give its statements as `grants` of a component that is its parent.",
    ]);
  });

  it("stops `up` of that program before IAM gets the document, once it is known", async () => {
    const program = "test/fixtures/programs/bad-unknown.ts";
    const engine = await world.createEngine({ program, folder: join(world.folder, "up") });

    const { violations } = await failureOf(engine.up());

    expect(violations.map((it) => it.split("\n").pop())).to.include(
      "hidden: policy, statement number 1: Action * allows more than one action. Name each action that is called.",
    );
    const { Roles = [] } = await new IAMClient(world.aws).send(new ListRolesCommand({}));
    const [RoleName] = Roles.map((it) => it.RoleName).filter((it) => it?.startsWith("role-"));
    const { PolicyNames } = await new IAMClient(world.aws).send(
      new ListRolePoliciesCommand({ RoleName }),
    );
    expect(PolicyNames).to.deep.equal([]);
  });
});

import { expect } from "chai";
import { type Resource, role as roleWith, stackFindings, unknown } from "./support.ts";

const trust = {
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: { Service: "lambda.amazonaws.com" },
};
const role: Resource = { ...roleWith(trust), name: "role" };
const found = (...resources: Resource[]) => stackFindings("unused-role", resources);

describe("unused-role", () => {
  it("names a role that nothing in the stack has", async () => {
    expect(await found(role)).to.deep.equal([
      "role: role: lambda.amazonaws.com may assume it, and nothing in this stack uses it. Remove it, or assign it to the resource that needs it.",
    ]);
  });

  it("allows a role that a resource names, by dependency or by text", async () => {
    const having: Resource = {
      type: "aws:lambda/function:Function",
      name: "f",
      props: { role: unknown },
      dependsOn: { role: [role] },
    };
    const arn = "arn:aws:iam::111122223333:role/r";
    const known: Resource = { ...role, props: { ...role.props, arn } };
    const task: Resource = {
      type: "aws:ecs/taskDefinition:TaskDefinition",
      name: "t",
      props: { executionRoleArn: arn },
    };

    expect(await found(role, having)).to.deep.equal([]);
    expect(await found(known, task)).to.deep.equal([]);
  });

  it("does not count its own policies, nor a component that hands it on", async () => {
    const policy: Resource = {
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "p",
      props: { role: unknown },
      dependsOn: { role: [role] },
    };
    const component: Resource = {
      type: "test:index:Component",
      name: "c",
      props: {},
      dependsOn: { roleArn: [role] },
    };

    expect(await found(role, policy, component)).to.have.length(1);
  });

  it("allows a role that people or another account assume", async () => {
    const open = { ...trust, Principal: { AWS: "arn:aws:iam::111122223333:root" } };

    expect(await found({ ...roleWith(open), name: "role" })).to.deep.equal([]);
  });

  it("has nothing to say while the trust policy is not known", async () => {
    expect(await found({ ...role, props: { assumeRolePolicy: unknown } })).to.deep.equal([]);
  });
});

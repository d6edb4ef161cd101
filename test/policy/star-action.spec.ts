import { expect } from "chai";
import { component, findings, rolePolicy, unknown } from "./support.ts";

const arn = "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0";

describe("star-action", () => {
  it("lets named actions pass", async () => {
    const policy = rolePolicy({ Effect: "Allow", Action: ["ec2:RebootInstances"], Resource: arn });

    expect(await findings("star-action", policy)).to.deep.equal([]);
  });

  it("names resource, property, statement, action and fix", async () => {
    const policy = rolePolicy({ Sid: "Wide", Effect: "Allow", Action: "ec2:*", Resource: arn });

    expect(await findings("star-action", policy)).to.deep.equal([
      "it: policy, statement Wide: Action ec2:* allows more than one action. Name each action that is called.",
    ]);
  });

  it("numbers a statement without Sid from 1", async () => {
    const policy = rolePolicy({ Effect: "Allow", Action: "*", Resource: arn });

    const [finding] = await findings("star-action", policy);

    expect(finding).to.match(/^it: policy, statement number 1: Action \* /);
  });

  for (const statement of [
    { Effect: "Allow", Action: "*" },
    { Effect: "Allow", Action: ["sns:Publish", "ec2:*"] },
    { Effect: "Allow", Action: "ec2:Reboot*" },
    { Effect: "Allow", Action: "ec2:*Instances" },
    { Effect: "Allow", Action: "ec2:RebootInstance?" },
    { Effect: "Allow", Action: "*:*" },
    { effect: "Allow", action: "ec2:*" },
    { EFFECT: "Allow", ACTION: ["ec2:*"] },
    { Effect: "Allow", NotAction: "iam:*" },
    { Effect: "allow", Action: "ec2:*" },
    { Effect: "Allow", Action: [{ Ref: "x" }] },
  ]) {
    it(`reports ${JSON.stringify(statement)}`, async () => {
      expect(await findings("star-action", rolePolicy(statement))).to.have.length(1);
    });
  }

  it("does not apply to statements that deny", async () => {
    const policy = rolePolicy({ Effect: "Deny", Action: "*", Resource: "*" });

    expect(await findings("star-action", policy)).to.deep.equal([]);
  });

  it("reads a role's inline policies", async () => {
    const policy = JSON.stringify({ Statement: { Effect: "Allow", Action: "ec2:*" } });
    const role = { type: "aws:iam/role:Role", props: { inlinePolicies: [{ name: "a", policy }] } };

    const [finding] = await findings("star-action", role);

    expect(finding).to.match(/^it: inlinePolicies\[0\]\.policy, statement number 1: /);
  });

  it("judges a component's grants although their resource is unknown", async () => {
    const grant = { sid: "Wide", actions: ["ec2:*"], resources: [unknown] };

    expect(await findings("star-action", component(grant))).to.deep.equal([
      "component: grants, statement Wide: Action ec2:* allows more than one action. Name each action that is called.",
    ]);
  });

  it("reports an unknown action", async () => {
    const grant = { sid: "Late", actions: [unknown], resources: [arn] };

    expect(await findings("star-action", component(grant))).to.deep.equal([
      "component: grants, statement Late: an action is not known before deployment. Write it as literal text.",
    ]);
  });

  it("does not apply to resources without a policy document", async () => {
    const bucket = { type: "aws:s3/bucket:Bucket", props: { policy: "*" } };

    expect(await findings("star-action", bucket)).to.deep.equal([]);
  });
});

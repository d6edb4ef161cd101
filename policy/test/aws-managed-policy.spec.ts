import { expect } from "chai";
import { findings, isNotApplicable, unknown } from "./support.ts";

const managed = "arn:aws:iam::aws:policy/AmazonEC2FullAccess";
const basic = "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
const own = "arn:aws:iam::111122223333:policy/own";

describe("aws-managed-policy", () => {
  for (const [type, props] of [
    ["aws:iam/role:Role", { managedPolicyArns: [own, managed] }],
    ["aws:iam/role:Role", { managedPolicyArns: [basic] }],
    ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn: managed }],
    ["aws:iam/userPolicyAttachment:UserPolicyAttachment", { policyArn: managed }],
    ["aws:iam/groupPolicyAttachment:GroupPolicyAttachment", { policyArn: managed }],
    ["aws:iam/policyAttachment:PolicyAttachment", { policyArn: managed }],
    [
      "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
      { policyArns: [managed] },
    ],
    [
      "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
      { policyArns: [managed] },
    ],
    [
      "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
      { policyArns: [managed] },
    ],
    ["aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", { managedPolicyArn: managed }],
  ] as const) {
    it(`reports ${type} with ${JSON.stringify(props)}`, async () => {
      expect(await findings("aws-managed-policy", { type, props })).to.have.length(1);
    });
  }

  it("names resource, property, ARN and fix", async () => {
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [basic] } };

    expect(await findings("aws-managed-policy", role)).to.deep.equal([
      `it: managedPolicyArns ${basic}: it allows more than one program needs, and AWS widens it. Grant the actions that are called in an own policy.`,
    ]);
  });

  it("lets an own policy pass", async () => {
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [own] } };

    expect(await findings("aws-managed-policy", role)).to.deep.equal([]);
  });

  it("lets a policy pass that the configuration lists", async () => {
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [basic] } };

    expect(await findings("aws-managed-policy", role, { allowed: [basic] })).to.deep.equal([]);
  });

  for (const name of ["AmazonEC2FullAccess", "AdministratorAccess", "PowerUserAccess"]) {
    it(`reports ${name} even where the configuration lists it`, async () => {
      const arn = `arn:aws:iam::aws:policy/${name}`;
      const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [arn] } };

      expect(await findings("aws-managed-policy", role, { allowed: [arn] })).to.deep.equal([
        `it: managedPolicyArns ${arn}: it allows everything of its kind, and AWS widens it. Grant the actions that are called in an own policy.`,
      ]);
    });
  }

  it("leaves an unknown ARN to unknown-document", async () => {
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [unknown, managed] } };

    expect(await findings("aws-managed-policy", role)).to.have.length(1);
  });

  it("does not apply to other resources", async () => {
    const other = { type: "aws:sns/topic:Topic", props: { policyArn: managed } };

    expect(await isNotApplicable("aws-managed-policy", other)).to.equal(true);
  });
});

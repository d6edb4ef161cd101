import { expect } from "chai";
import { findings, unknown } from "./support.ts";

const managed = "arn:aws:iam::aws:policy/AmazonEC2FullAccess";
const own = "arn:aws:iam::111122223333:policy/own";

describe("aws-managed-policy", () => {
  for (const [type, props] of [
    ["aws:iam/role:Role", { managedPolicyArns: [own, managed] }],
    ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn: managed }],
    ["aws:iam/userPolicyAttachment:UserPolicyAttachment", { policyArn: managed }],
    ["aws:iam/groupPolicyAttachment:GroupPolicyAttachment", { policyArn: managed }],
    ["aws:iam/policyAttachment:PolicyAttachment", { policyArn: managed }],
    [
      "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
      { policyArns: [managed] },
    ],
    [
      "aws:iam/role:Role",
      {
        managedPolicyArns: ["arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
      },
    ],
  ] as const) {
    it(`reports ${type} with ${JSON.stringify(props)}`, async () => {
      expect(await findings("aws-managed-policy", { type, props })).to.have.length(1);
    });
  }

  it("names resource, property, ARN and fix", async () => {
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [managed] } };

    expect(await findings("aws-managed-policy", role)).to.deep.equal([
      "it: managedPolicyArns names the AWS managed policy arn:aws:iam::aws:policy/AmazonEC2FullAccess. Grant the actions that are called in an own policy instead.",
    ]);
  });

  it("lets an own policy pass", async () => {
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [own] } };

    expect(await findings("aws-managed-policy", role)).to.deep.equal([]);
  });

  it("leaves an unknown ARN to unknown-document", async () => {
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [unknown, managed] } };

    expect(await findings("aws-managed-policy", role)).to.have.length(1);
  });

  it("does not apply to other resources", async () => {
    const other = { type: "aws:sns/topic:Topic", props: { policyArn: managed } };

    expect(await findings("aws-managed-policy", other)).to.deep.equal([]);
  });
});

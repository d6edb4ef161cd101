import { expect } from "chai";
import { findings, isNotApplicable, stackFindings, unknown } from "./support.ts";

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
      `it: managedPolicyArns ${basic}: it allows more than one program needs, and AWS adds to it. Allow the actions that the code calls in a policy of the stack.`,
    ]);
  });

  it("allows a policy of the stack", async () => {
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [own] } };

    expect(await findings("aws-managed-policy", role)).to.deep.equal([]);
  });

  it("allows a policy that the configuration lists", async () => {
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [basic] } };

    expect(await findings("aws-managed-policy", role, { allowed: [basic] })).to.deep.equal([]);
  });

  for (const name of ["AmazonEC2FullAccess", "AdministratorAccess", "PowerUserAccess"]) {
    it(`reports ${name} even where the configuration lists it`, async () => {
      const arn = `arn:aws:iam::aws:policy/${name}`;
      const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [arn] } };

      expect(await findings("aws-managed-policy", role, { allowed: [arn] })).to.deep.equal([
        `it: managedPolicyArns ${arn}: it allows full access, and AWS adds to it. Allow the actions that the code calls in a policy of the stack.`,
      ]);
    });
  }

  it("reports no unknown ARN before the whole stack is known", async () => {
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [unknown, managed] } };

    expect(await findings("aws-managed-policy", role)).to.have.length(1);
  });

  const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

  it("allows an unknown ARN of a policy of the stack", async () => {
    const policy = { type: "aws:iam/policy:Policy", name: "own", props: { policy: "{}" } };
    const attached = {
      type: attachment,
      props: { policyArn: unknown },
      dependsOn: { policyArn: [policy] },
    };

    expect(await stackFindings("aws-managed-policy", [policy, attached])).to.deep.equal([]);
  });

  it("reports an unknown ARN of anything else, with what it depends on", async () => {
    const topic = { type: "aws:sns/topic:Topic", name: "topic", props: {} };
    const attached = {
      type: attachment,
      props: { policyArn: unknown },
      dependsOn: { policyArn: [topic] },
    };

    expect(await stackFindings("aws-managed-policy", [topic, attached])).to.deep.equal([
      "it: policyArn: it is not known before deployment (it depends on aws:sns/topic:Topic topic), so it could be an AWS managed policy. Attach a policy of this stack, or write the ARN as a literal string.",
    ]);
  });

  it("ignores ARNs that AWS fills in because the program sets none", async () => {
    const role = {
      type: "aws:iam/role:Role",
      props: { assumeRolePolicy: "{}", managedPolicyArns: unknown },
    };

    expect(await stackFindings("aws-managed-policy", [role])).to.deep.equal([]);
  });

  it("does not apply to other resources", async () => {
    const other = { type: "aws:sns/topic:Topic", props: { policyArn: managed } };

    expect(await isNotApplicable("aws-managed-policy", other)).to.equal(true);
  });
});

import { expect } from "chai";
import { component, findings, isNotApplicable, role, rolePolicy, unknown } from "./support.ts";

const arn = "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0";

describe("unknown-condition-key", () => {
  const when = (Condition: unknown, Action: unknown = "ec2:RebootInstances") =>
    rolePolicy({ Effect: "Allow", Action, Resource: arn, Condition });

  for (const key of [
    "aws:SourceVpc",
    "AWS:sourcevpc",
    "ec2:ResourceTag/Owner",
    "aws:ResourceTag/Owner",
    "ec2:Region",
    "aws:PrincipalTag/Team",
    "lambda:SourceFunctionArn",
  ]) {
    it(`lets ${key} pass`, async () => {
      expect(
        await findings("unknown-condition-key", when({ StringEquals: { [key]: "x" } })),
      ).to.deep.equal([]);
    });
  }

  for (const [action, key] of [
    ["sqs:SendMessage", "aws:ResourceTag/Owner"],
    [
      "secretsmanager:GetSecretValue",
      "secretsmanager:ResourceTag/aws:secretsmanager:owningService",
    ],
    ["s3:GetObject", "s3:ExistingObjectTag/Public"],
    ["fsx:CreateVolume", "aws:RequestTag/Owner"],
  ] as const) {
    it(`lets ${key} of ${action} pass`, async () => {
      expect(
        await findings("unknown-condition-key", when({ StringEquals: { [key]: "x" } }, action)),
      ).to.deep.equal([]);
    });
  }

  it("reports a key that does not exist", async () => {
    const policy = when({ StringEquals: { "ec2:ResourseTag/Owner": "web" } });

    expect(await findings("unknown-condition-key", policy)).to.deep.equal([
      "it: policy, statement number 1: Condition StringEquals ec2:ResourseTag/Owner: there is no such key. Use a key of AWS's references.",
    ]);
  });

  it("reports a key that no action of the statement has", async () => {
    const policy = when({ StringEquals: { "s3:prefix": "x" } });

    expect(await findings("unknown-condition-key", policy)).to.deep.equal([
      "it: policy, statement number 1: Condition StringEquals s3:prefix: requests for ec2:RebootInstances do not have this key. " +
        "Use a key that applies to the action, or give the actions with this key a separate statement.",
    ]);
  });

  it("allows a key that one action of the statement has", async () => {
    const policy = when({ StringEquals: { "s3:prefix": "x" } }, [
      "ec2:RebootInstances",
      "s3:ListBucket",
    ]);

    expect(await findings("unknown-condition-key", policy)).to.deep.equal([]);
  });

  it("accepts the keys of an OpenID Connect provider", async () => {
    const trust = role({
      Effect: "Allow",
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/api.pulumi.com/oidc" },
      Condition: { StringEquals: { "api.pulumi.com/oidc:sub": "x" } },
    });

    expect(await findings("unknown-condition-key", trust)).to.deep.equal([]);
  });

  it("has nothing to say of a condition that is not known yet", async () => {
    const grant = { sid: "Late", actions: ["sns:Publish"], resources: [arn], conditions: unknown };

    expect(await findings("unknown-condition-key", component(grant))).to.deep.equal([]);
  });

  it("does not apply to resources without a document", async () => {
    expect(await isNotApplicable("unknown-condition-key", { type: "x:y:Z", props: {} })).to.equal(
      true,
    );
  });
});

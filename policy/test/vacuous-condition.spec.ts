import { expect } from "chai";
import { component, findings, isNotApplicable, rolePolicy, topic, unknown } from "./support.ts";

const arn = "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0";
const when = (Condition: unknown) =>
  rolePolicy({ Effect: "Allow", Action: "ec2:RebootInstances", Resource: arn, Condition });

describe("vacuous-condition", () => {
  for (const Condition of [
    { StringEquals: { "aws:SourceVpc": "vpc-1" } },
    { StringEquals: { "aws:SourceVpc": "*" } },
    { StringLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/*" } },
    { StringLike: { "ec2:ResourceTag/Owner": "*" } },
    { StringLike: { "kms:EncryptionContext:aws:s3:arn": "*" } },
    { ArnLike: { "aws:SourceArn": "arn:aws:sns:us-east-1:111122223333:*" } },
    { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:*" } },
    { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } },
    { IpAddress: { "aws:SourceIp": "192.0.2.1" } },
    { IpAddress: { "aws:SourceIp": "no range at all" } },
    { ArnLike: { "aws:SourceArn": "no ARN at all" } },
    { Null: { "aws:SourceVpc": "false" } },
    { Bool: { "aws:MultiFactorAuthPresent": "true" } },
    { "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] }, Null: { "aws:TagKeys": "false" } },
    { "ForAnyValue:StringEquals": { "aws:TagKeys": ["a"] } },
    {
      "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] },
      StringEquals: { "aws:RequestTag/a": "b" },
    },
    { "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt"] } },
    { "ForAllValues:StringEquals": { "oam:ResourceTypes": ["AWS::CloudWatch::Metric"] } },
    { StringNotEquals: { "aws:RequestedRegion": "us-west-2" } },
  ]) {
    it(`lets ${JSON.stringify(Condition)} pass`, async () => {
      expect(await findings("vacuous-condition", when(Condition))).to.deep.equal([]);
    });
  }

  it("says why it narrows nothing, and gives the statement without it", async () => {
    const Condition = {
      StringLike: { "aws:PrincipalArn": "*" },
      StringEquals: { "aws:SourceAccount": "111122223333" },
    };

    expect(await findings("vacuous-condition", when(Condition))).to.deep.equal([
      "it: policy, statement number 1: Condition StringLike aws:PrincipalArn: it restricts nothing: * matches every value. " +
        "Require the intended values, or remove it. " +
        `Instead: {"Effect":"Allow","Action":["ec2:RebootInstances"],"Resource":["${arn}"],"Condition":{"StringEquals":{"aws:SourceAccount":["111122223333"]}}}`,
    ]);
  });

  for (const Condition of [
    { StringLike: { "aws:userid": "**" } },
    { ArnLike: { "aws:PrincipalArn": "arn:aws:*" } },
    { ArnEquals: { "aws:SourceArn": "arn:*:*:*:*:*" } },
    { IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"] } },
    { IpAddress: { "aws:SourceIp": "::/0" } },
    { StringEquals: { "aws:SourceVpc": "${aws:SourceVpc}" } },
    { Null: { "aws:PrincipalArn": "false" } },
    { Bool: { "aws:SecureTransport": ["true", "false"] } },
    { StringLikeIfExists: { "ec2:ResourceTag/Owner": "*" } },
  ]) {
    it(`reports ${JSON.stringify(Condition)}`, async () => {
      expect(await findings("vacuous-condition", when(Condition))).to.have.length(1);
    });
  }

  for (const [Condition, why] of [
    [
      { StringLike: { "aws:SourceVpc": ["vpc-1", "*"] } },
      "it matches every value, so it only requires that the request has the key",
    ],
    [
      { IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "128.0.0.0/1"] } },
      "its range is larger than any one network",
    ],
    [
      { "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] } },
      'it also allows requests that do not have the key (add "Null": {KEY: "false"})',
    ],
  ] as const) {
    it(`is advisory for ${JSON.stringify(Condition)}, which restricts a little`, async () => {
      const [finding, ...others] = await findings("vacuous-condition", when(Condition));

      expect(finding).to.match(/^advisory: /);
      expect(finding).to.include(`: ${why}. Require the intended values`);
      expect(others).to.deep.equal([]);
    });
  }

  it("reads the policies of resources", async () => {
    const open = topic({
      Effect: "Allow",
      Action: "sns:Publish",
      Principal: "*",
      Condition: { StringLike: { "aws:userid": "*" } },
    });

    expect(await findings("vacuous-condition", open)).to.have.length(1);
  });

  it("prints no value that could be a secret", async () => {
    const Condition = {
      StringLike: { "aws:userid": "*" },
      StringEquals: { "aws:Referer": "hunter2 secret" },
    };

    expect((await findings("vacuous-condition", when(Condition))).join()).not.to.include("hunter2");
  });

  it("has nothing to say of values that are not known yet", async () => {
    const conditions = { StringLike: { "aws:SourceArn": unknown } };
    const grant = { sid: "Late", actions: ["sns:Publish"], resources: [arn], conditions };

    expect(await findings("vacuous-condition", component(grant))).to.deep.equal([]);
  });

  it("does not apply to resources without a document", async () => {
    expect(await isNotApplicable("vacuous-condition", { type: "x:y:Z", props: {} })).to.equal(true);
  });
});

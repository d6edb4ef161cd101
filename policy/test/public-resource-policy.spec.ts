import { expect } from "chai";
import { documentOf, findings, isNotApplicable, rolePolicy, topic, unknown } from "./support.ts";

const permission = (props: object) => ({
  type: "aws:lambda/permission:Permission",
  name: "permission",
  props: { action: "lambda:InvokeFunction", function: unknown, ...props },
});

describe("public-resource-policy", () => {
  const publicStatement = { Effect: "Allow", Action: "sns:Publish", Principal: "*" };

  it("names statement, reason and fix", async () => {
    expect(await findings("public-resource-policy", topic(publicStatement))).to.deep.equal([
      "it: policy, statement number 1: Principal * with sns:Publish: anyone may use the resource, and no condition restricts the caller. " +
        "List the principals, or add a condition, e.g. on aws:SourceAccount.",
    ]);
  });

  for (const type of [
    "aws:sns/topic:Topic",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sqs/queue:Queue",
    "aws:sqs/queuePolicy:QueuePolicy",
    "aws:kms/key:Key",
    "aws:kms/keyPolicy:KeyPolicy",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:secretsmanager/secret:Secret",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
  ]) {
    it(`reads the policy of ${type}`, async () => {
      const props = { policy: documentOf({ ...publicStatement, Principal: { AWS: "*" } }) };

      expect(await findings("public-resource-policy", { type, props })).to.have.length(1);
    });
  }

  for (const statement of [
    { ...publicStatement, Principal: { AWS: "arn:aws:iam::111122223333:root" } },
    { ...publicStatement, Principal: { Service: "events.amazonaws.com" } },
    { ...publicStatement, Effect: "Deny" },
    { ...publicStatement, Condition: { StringEquals: { "AWS:SourceOwner": "111122223333" } } },
    { ...publicStatement, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-abc123" } } },
    {
      ...publicStatement,
      Condition: { StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } },
    },
    {
      ...publicStatement,
      Condition: {
        "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-1/*" },
      },
    },
    {
      ...publicStatement,
      Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
    },
    {
      ...publicStatement,
      Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:us-east-1:111122223333:rule/*" } },
    },
  ]) {
    it(`lets ${JSON.stringify(statement)} pass`, async () => {
      expect(await findings("public-resource-policy", topic(statement))).to.deep.equal([]);
    });
  }

  for (const Condition of [
    { Bool: { "aws:SecureTransport": "true" } },
    { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } },
    { StringLike: { "aws:PrincipalArn": "*" } },
    { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/admin" } },
    { StringNotEquals: { "aws:PrincipalOrgID": "o-abc123" } },
    { StringEquals: { "aws:PrincipalArn": "${aws:PrincipalArn}" } },
    { StringEquals: { "aws:SourceAccount": "${AWS:sourceaccount}" } },
    { StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount, 'x'}" } },
    { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/*" } },
    { StringEquals: { "kms:CallerAccount": "${aws:PrincipalAccount}" } },
    { IpAddress: { "aws:SourceIp": Array.from({ length: 256 }, (_, it) => `${it}.0.0.0/8`) } },
    { Bool: { "elasticfilesystem:AccessedViaMountTarget": "false" } },
    { StringLike: { "aws:PrincipalOrgID": "o-*" } },
    { StringLike: { "aws:SourceAccount": "1*" } },
    { StringLike: { "aws:SourceArn": "arn*" } },
    { StringLike: { "aws:userid": "A*" } },
    { NumericGreaterThan: { "aws:SourceAccount": "0" } },
    { DateGreaterThan: { "aws:PrincipalAccount": "2001-01-01" } },
    { StringEqualsIfExists: { "lambda:FunctionUrlAuthType": "NONE" } },
  ]) {
    it(`does not believe the condition ${JSON.stringify(Condition)}`, async () => {
      expect(
        await findings("public-resource-policy", topic({ ...publicStatement, Condition })),
      ).to.have.length(1);
    });
  }

  for (const [what, props, count] of [
    ["for everybody", { principal: "*" }, 1],
    ["for everybody of an organization", { principal: "*", principalOrgId: "o-abc123" }, 0],
    ["for an account", { principal: "111122223333" }, 0],
    ["for a service", { principal: "events.amazonaws.com", sourceArn: unknown }, 0],
    ["for an unknown principal", { principal: unknown }, 1],
    ["for signed calls of everybody", { principal: "*", functionUrlAuthType: "AWS_IAM" }, 1],
    ["for a public function URL", { principal: "*", functionUrlAuthType: "NONE" }, 0],
    ["for calls by a function URL", { principal: "*", invokedViaFunctionUrl: true }, 0],
    [
      "for everything by a function URL",
      { principal: "*", invokedViaFunctionUrl: true, action: "lambda:*" },
      1,
    ],
  ] as const) {
    it(`finds ${count} in a Lambda permission ${what}`, async () => {
      expect(await findings("public-resource-policy", permission(props))).to.have.length(count);
    });
  }

  it("leaves an unknown document to unknown-document", async () => {
    const late = { type: "aws:sns/topic:Topic", props: { policy: unknown } };

    expect(await findings("public-resource-policy", late)).to.deep.equal([]);
  });

  it("does not apply to a topic without policy, nor to identity policies", async () => {
    const bare = { type: "aws:sns/topic:Topic", props: {} };
    const policy = rolePolicy({ Effect: "Allow", Action: "sns:Publish", Resource: "*" });

    expect(await isNotApplicable("public-resource-policy", bare)).to.equal(true);
    expect(await isNotApplicable("public-resource-policy", policy)).to.equal(true);
  });
});

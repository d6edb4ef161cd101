import { expect } from "chai";
import {
  documentOf,
  findings,
  isNotApplicable,
  role,
  rolePolicy,
  topic,
  unknown,
} from "./support.ts";

const trusting = (Service: string, Condition?: object) =>
  role({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service }, Condition });
const permission = (props: object) => ({
  type: "aws:lambda/permission:Permission",
  props: { action: "lambda:InvokeFunction", function: unknown, ...props },
});

describe("confused-deputy", () => {
  it("names service, reason with its source, and fix", async () => {
    expect(await findings("confused-deputy", trusting("scheduler.amazonaws.com"))).to.deep.equal([
      "it: assumeRolePolicy, statement number 1: Principal Service scheduler.amazonaws.com: the service acts on behalf of any account, and no condition restricts the source " +
        "(https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html). " +
        'Add the condition "StringEquals": {"aws:SourceAccount": "ACCOUNT"}, and aws:SourceArn if you know the ARN.',
    ]);
  });

  for (const Condition of [
    { StringEquals: { "aws:SourceAccount": "111122223333" } },
    { ArnLike: { "aws:SourceArn": "arn:aws:scheduler:*:111122223333:schedule/*" } },
    { ArnLike: { "aws:SourceArn": "arn:aws:scheduler:us-east-1:111122223333:*" } },
    { StringEquals: { "aws:SourceOrgID": "o-abc123" } },
  ]) {
    it(`lets ${JSON.stringify(Condition)} pass`, async () => {
      expect(
        await findings("confused-deputy", trusting("scheduler.amazonaws.com", Condition)),
      ).to.deep.equal([]);
    });
  }

  for (const Condition of [
    { StringLike: { "aws:SourceAccount": "*" } },
    { ArnLike: { "aws:SourceArn": "arn:aws:scheduler:*:*:schedule/*" } },
    { ArnLike: { "aws:SourceArn": "arn:aws:s3:::bucket" } },
    { StringEqualsIfExists: { "aws:SourceAccount": "111122223333" } },
    { StringNotEquals: { "aws:SourceAccount": "111122223333" } },
    { Bool: { "aws:SecureTransport": "true" } },
    { StringLike: { "aws:SourceArn": "arn*" } },
    { StringEquals: { "aws:SourceAccount": "${aws:SourceAccount}" } },
    { ArnLike: { "aws:SourceArn": "arn:aws:scheduler:*:${aws:SourceAccount}:*" } },
  ]) {
    it(`does not believe ${JSON.stringify(Condition)}`, async () => {
      expect(
        await findings("confused-deputy", trusting("scheduler.amazonaws.com", Condition)),
      ).to.have.length(1);
    });
  }

  it("knows the principal's type in any case", async () => {
    const Principal = { service: "scheduler.amazonaws.com" };

    expect(
      await findings(
        "confused-deputy",
        role({ Effect: "Allow", Action: "sts:AssumeRole", Principal }),
      ),
    ).to.have.length(1);
  });

  it("knows a service's principal of one region, and how Logs names its source to a key", async () => {
    const Principal = { Service: "logs.eu-west-1.amazonaws.com" };
    const key = (Condition?: object) => ({
      type: "aws:kms/key:Key",
      props: {
        policy: documentOf({
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: "*",
          Principal,
          Condition,
        }),
      },
    });
    const context = {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:*" },
    };

    expect(
      await findings("confused-deputy", trusting("states.eu-west-1.amazonaws.com")),
    ).to.have.length(1);
    expect(await findings("confused-deputy", key())).to.have.length(1);
    expect(await findings("confused-deputy", key(context))).to.deep.equal([]);
  });

  it("asks for the distribution that reads a bucket", async () => {
    const bucket = (Condition?: object) => ({
      type: "aws:s3/bucketPolicy:BucketPolicy",
      props: {
        policy: documentOf({
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: "arn:aws:s3:::bucket/*",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Condition,
        }),
      },
    });
    const source = {
      StringEquals: {
        "aws:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E1234567890ABC",
      },
    };

    expect(await findings("confused-deputy", bucket())).to.have.length(1);
    expect(await findings("confused-deputy", bucket(source))).to.deep.equal([]);
  });

  it("asks nothing of services that do not send the keys", async () => {
    expect(await findings("confused-deputy", trusting("lambda.amazonaws.com"))).to.deep.equal([]);
    expect(await findings("confused-deputy", trusting("ec2.amazonaws.com"))).to.deep.equal([]);
  });

  it("checks the policy of a resource", async () => {
    const Principal = { Service: "events.amazonaws.com" };

    expect(
      await findings(
        "confused-deputy",
        topic({ Effect: "Allow", Action: "sns:Publish", Principal }),
      ),
    ).to.have.length(1);
  });

  for (const [what, props, count] of [
    ["without a source", { principal: "events.amazonaws.com" }, 1],
    ["with a source", { principal: "events.amazonaws.com", sourceAccount: "111122223333" }, 0],
    [
      "with a source that is not known yet",
      { principal: "sns.amazonaws.com", sourceArn: unknown },
      0,
    ],
    [
      "of a bucket without account",
      { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::a" },
      1,
    ],
    ["of an unknown principal", { principal: unknown }, 0],
  ] as const) {
    it(`finds ${count} in a Lambda permission ${what}`, async () => {
      expect(await findings("confused-deputy", permission(props))).to.have.length(count);
    });
  }

  it("has nothing to say of an unknown document", async () => {
    const late = { type: "aws:iam/role:Role", props: { assumeRolePolicy: unknown } };

    expect(await findings("confused-deputy", late)).to.deep.equal([]);
  });

  it("does not apply to identity policies", async () => {
    const policy = rolePolicy({ Effect: "Allow", Action: "sns:Publish", Resource: "*" });

    expect(await isNotApplicable("confused-deputy", policy)).to.equal(true);
  });
});

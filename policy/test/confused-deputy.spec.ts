import { expect } from "chai";
import {
  documentOf,
  findings,
  isNotApplicable,
  type Resource,
  role,
  rolePolicy,
  stackFindings,
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

  it("asks for the account of a bucket whose events a topic gets", async () => {
    const statement = {
      Effect: "Allow",
      Action: "sns:Publish",
      Resource: "*",
      Principal: { Service: "s3.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::uploads" } },
    };

    expect(await findings("confused-deputy", topic(statement))).to.deep.equal([
      "it: policy, statement number 1: Principal Service s3.amazonaws.com: the ARN in aws:SourceArn has no account, so another account may create a resource with the same ARN " +
        '(https://docs.aws.amazon.com/AmazonS3/latest/userguide/ways-to-add-notification-config-to-bucket.html). Add the condition "StringEquals": {"aws:SourceAccount": "ACCOUNT"}.',
    ]);
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

  for (const service of [
    "pipes.amazonaws.com",
    "lakeformation.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "sagemaker.amazonaws.com",
    "firehose.amazonaws.com",
    "batch.amazonaws.com",
    "eks.amazonaws.com",
  ]) {
    it(`asks for the source of ${service}`, async () => {
      const condition = { StringEquals: { "aws:SourceAccount": "111122223333" } };

      expect(await findings("confused-deputy", trusting(service))).to.have.length(1);
      expect(await findings("confused-deputy", trusting(service, condition))).to.deep.equal([]);
    });
  }

  for (const service of [
    "backup.amazonaws.com",
    "glue.amazonaws.com",
    "redshift.amazonaws.com",
    "ec2.amazonaws.com",
  ]) {
    it(`asks for nothing in a role of ${service}, for which AWS documents no such key`, async () => {
      expect(await findings("confused-deputy", trusting(service))).to.deep.equal([]);
    });
  }

  it("asks for the source of a backup that notifies a topic", async () => {
    const notify = topic({
      Effect: "Allow",
      Principal: { Service: "backup.amazonaws.com" },
      Action: "sns:Publish",
      Resource: "arn:aws:sns:us-east-1:111122223333:backups",
    });

    expect(await findings("confused-deputy", notify)).to.deep.equal([
      "it: policy, statement number 1: Principal Service backup.amazonaws.com: the service acts on behalf of any account, and no condition restricts the source (https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-service-confused-deputy-prevention.html). " +
        'Add the condition "StringEquals": {"aws:SourceAccount": "ACCOUNT"}, and aws:SourceArn if you know the ARN.',
    ]);
  });

  it("asks Firehose for the external id, which AWS's page has", async () => {
    expect(await findings("confused-deputy", trusting("firehose.amazonaws.com"))).to.deep.equal([
      "it: assumeRolePolicy, statement number 1: Principal Service firehose.amazonaws.com: the service acts on behalf of any account, and no condition restricts the source (https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html). " +
        'Add the condition "StringEquals": {"sts:ExternalId": "ACCOUNT"}.',
    ]);
  });

  it("accepts the external id of services that identify the account by it", async () => {
    const condition = { StringEquals: { "sts:ExternalId": "111122223333" } };

    for (const [service, count] of [
      ["firehose.amazonaws.com", 0],
      ["cognito-idp.amazonaws.com", 0],
      ["scheduler.amazonaws.com", 1],
    ] as const) {
      expect(await findings("confused-deputy", trusting(service, condition))).to.have.length(count);
    }
  });

  for (const [what, props, why] of [
    [
      "no source",
      {},
      "the service acts on behalf of any account, and neither sourceArn nor sourceAccount restricts the source (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ways-to-add-notification-config-to-bucket.html). Set sourceAccount to the account, and sourceArn if you know the ARN.",
    ],
    [
      "a source without an account",
      { sourceArn: "arn:aws:s3:::uploads" },
      "sourceArn has no account, so another account may have a resource with such an ARN (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ways-to-add-notification-config-to-bucket.html). Set sourceAccount to the account.",
    ],
  ] as const) {
    it(`names the property of a Lambda permission that has ${what}`, async () => {
      const it = permission({ principal: "s3.amazonaws.com", ...props });

      expect(await findings("confused-deputy", it)).to.deep.equal([
        `it: permission: Principal Service s3.amazonaws.com: ${why}`,
      ]);
    });
  }

  describe("in a preview, of a Lambda permission whose source is not known yet", () => {
    const source = (type: string): Resource => ({ type, name: "uploads", props: {} });
    const bucket = source("aws:s3/bucket:Bucket");
    const from = (it: Resource, props: object = {}): Resource => ({
      ...permission({ principal: "s3.amazonaws.com", sourceArn: unknown, ...props }),
      dependsOn: { sourceArn: [it] },
    });

    for (const type of ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"]) {
      it(`asks for the account if it is ${type}, whose ARN has none`, async () => {
        const it = source(type);

        expect(await stackFindings("confused-deputy", [it, from(it)])).to.deep.equal([
          `it: permission: Principal Service s3.amazonaws.com: the ARN of ${type} uploads has no account, so another account may create a resource with the same ARN ` +
            "(https://docs.aws.amazon.com/AmazonS3/latest/userguide/ways-to-add-notification-config-to-bucket.html). Set sourceAccount to the account.",
        ]);
      });
    }

    it("passes with an account, known or not", async () => {
      for (const sourceAccount of ["111122223333", unknown]) {
        const resources = [bucket, from(bucket, { sourceAccount })];

        expect(await stackFindings("confused-deputy", resources)).to.deep.equal([]);
      }
    });

    it("passes if the source's ARN has an account, or is of another stack", async () => {
      const topic = source("aws:sns/topic:Topic");
      const stack = source("pulumi:pulumi:StackReference");
      // Of its two ARNs, the one that calls has the account.
      const apis = ["apigatewayv2/api:Api", "apigatewayv2/stage:Stage", "apigateway/stage:Stage"];

      for (const it of [topic, stack, ...apis.map((api) => source(`aws:${api}`))]) {
        expect(await stackFindings("confused-deputy", [it, from(it)])).to.deep.equal([]);
      }
    });

    it("leaves a source that is known to the check before the permission is created", async () => {
      const known = from(bucket, { sourceArn: "arn:aws:s3:::uploads" });

      expect(await stackFindings("confused-deputy", [bucket, known])).to.deep.equal([]);
      expect(await findings("confused-deputy", known)).to.have.length(1);
    });
  });

  it("has nothing to say of an unknown document", async () => {
    const late = { type: "aws:iam/role:Role", props: { assumeRolePolicy: unknown } };

    expect(await findings("confused-deputy", late)).to.deep.equal([]);
  });

  it("does not apply to identity policies", async () => {
    const policy = rolePolicy({ Effect: "Allow", Action: "sns:Publish", Resource: "*" });

    expect(await isNotApplicable("confused-deputy", policy)).to.equal(true);
  });
});

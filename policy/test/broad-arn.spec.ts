import { expect } from "chai";
import { component, findings, isNotApplicable, rolePolicy, unknown } from "./support.ts";

const policyFor = (Action: string, Resource: string | string[], Condition?: object) =>
  rolePolicy({ Effect: "Allow", Action, Resource, Condition });

describe("broad-arn", () => {
  for (const [action, arn] of [
    ["ec2:RebootInstances", "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"],
    ["ec2:RebootInstances", "arn:aws:ec2:*:*:instance/i-0123456789abcdef0"],
    ["ec2:RebootInstances", "arn:aws:ec2:*:*:instance/i-0123*"],
    ["s3:GetObject", "arn:aws:s3:::*-logs/*"],
    ["kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/1234abcd-*"],
    ["lambda:InvokeFunction", "arn:aws:lambda:*:*:function:a*"],
    ["secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:db-password-??????"],
    ["ssm:GetParameter", "arn:aws:ssm:*:*:parameter/shop/*"],
    ["s3:GetObject", "arn:aws:s3:::bucket/*"],
    ["s3:GetObject", "arn:aws:s3:::bucket/${aws:username}/*"],
    ["s3:ListBucket", "arn:aws:s3:::team-*"],
    ["dynamodb:Query", "arn:aws:dynamodb:*:*:table/orders/index/*"],
    ["logs:PutLogEvents", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/web:*"],
    ["iam:GetRole", "arn:aws:iam::*:role/web-*"],
    // An account has one.
    ["s3:ListCallerAccessGrants", "arn:aws:s3:us-east-1:111122223333:access-grants/*"],
    ["ec2:RebootInstances", "*"],
  ] as const) {
    it(`lets ${action} on ${arn} pass`, async () => {
      expect(await findings("broad-arn", policyFor(action, arn))).to.deep.equal([]);
    });
  }

  it("names statement, ARN, action, type and the form of a narrow ARN", async () => {
    const arn = "arn:aws:ec2:us-east-1:111122223333:instance/*";

    expect(await findings("broad-arn", policyFor("ec2:RebootInstances", arn))).to.deep.equal([
      `it: policy, statement number 1: Resource ${arn} with ec2:RebootInstances: for ec2:RebootInstances it matches every instance. ` +
        "List the intended ones (arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}).",
    ]);
  });

  it("names the ARN of what is in a function's log group", async () => {
    const classic = policyFor("logs:PutLogEvents", "arn:aws:logs:*:*:*");

    expect(await findings("broad-arn", classic)).to.deep.equal([
      "it: policy, statement number 1: Resource arn:aws:logs:*:*:* with logs:PutLogEvents: for logs:PutLogEvents it matches every log-stream. " +
        "List the intended ones (of a function: arn:aws:logs:REGION:ACCOUNT:log-group:/aws/lambda/NAME:*).",
    ]);
  });

  for (const [action, arn] of [
    ["ec2:RebootInstances", "arn:aws:ec2:*:*:instance/*"],
    ["ec2:RebootInstances", "arn:*:ec2:*:*:*"],
    ["ec2:RebootInstances", "arn:aws:ec2"],
    ["ec2:RebootInstances", "arn:aws:ec2:*"],
    ["ec2:RebootInstances", "arn:aws:*"],
    ["ec2:RebootInstances", "arn:aws:ec2:us-east-1:111122223333:inst*"],
    ["s3:ListBucket", "arn:aws:s3:::*"],
    ["s3:GetObject", "arn:aws:s3:::*/*"],
    ["sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:*"],
    ["iam:PassRole", "arn:aws:iam::111122223333:role/*"],
    ["logs:PutLogEvents", "arn:aws:logs:*:*:*"],
    ["ec2:*", "arn:aws:ec2:*:*:instance/*"],
    ["ec2:TerminateInstances", "arn:aws:ec2:*:*:*/i-*"],
    ["ec2:TerminateInstances", "arn:aws:ec2:*:*:instance/i-0*"],
    ["ec2:AuthorizeSecurityGroupIngress", "arn:aws:ec2:*:*:security-group/sg-*"],
    ["ec2:DeleteVolume", "arn:aws:ec2:*:*:volume/vol-*"],
    ["elasticfilesystem:ClientRootAccess", "arn:aws:elasticfilesystem:*:*:file-system/fs-*"],
    ["route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z*"],
    ["cloudfront:DeleteDistribution", "arn:aws:cloudfront::111122223333:distribution/E*"],
    ["kms:Decrypt", "arn:aws:kms:*:*:key/*-*-*-*-*"],
    ["kms:ScheduleKeyDeletion", "arn:aws:kms:*:*:key/????????-*"],
    ["secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:*-??????"],
    ["ssm:GetParameter", "arn:aws:ssm:*:*:parameter/*/*"],
    ["lambda:InvokeFunction", "arn:aws:lambda:*:*:function:*:*"],
    ["s3:DeleteObject", "arn:aws:s3:::*-*"],
    ["kms:Decrypt", "arn:aws:kms:*:*:key/????????-????-????-????-????????????"],
    ["kms:Decrypt", "arn:aws:kms:*:*:key/*-4*"],
    ["kms:Decrypt", "arn:aws:kms:*:*:key/mrk-*"],
    ["ec2:TerminateInstances", `arn:aws:ec2:*:*:instance/i-${"?".repeat(17)}`],
    ["sts:AssumeRole", "arn:aws:iam::????????????:role/*"],
    ["cognito-idp:AdminSetUserPassword", "arn:aws:cognito-idp:*:*:userpool/eu-west-1_*"],
    ["rds-db:connect", "arn:aws:rds-db:*:*:dbuser:db-*/*"],
    ["ssm:SendCommand", "arn:aws:ssm:*:*:managed-instance/mi-*"],
    ["fsx:DeleteVolume", "arn:aws:fsx:*:*:volume/fs-*/fsvol-*"],
    ["s3:DeleteObject", "arn:aws:s3:::*s*"],
  ] as const) {
    it(`reports ${action} on ${arn}`, async () => {
      expect(await findings("broad-arn", policyFor(action, arn))).to.have.length(1);
    });
  }

  const keepId =
    "The call creates them, so keep the wildcard for the id only, and write the region and the account.";

  for (const [action, arn, type] of [
    ["ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/*", "instance"],
    ["ec2:CreateImage", "arn:aws:ec2:us-east-1::image/*", "image"],
    ["ec2:CreateImage", "arn:aws:ec2:us-east-1::snapshot/*", "snapshot"],
    ["ec2:CopySnapshot", "arn:aws:ec2:us-east-1::snapshot/*", "snapshot"],
    ["ec2:CreateVolume", "arn:aws:ec2:us-east-1:111122223333:volume/*", "volume"],
    [
      "comprehend:StartEntitiesDetectionJob",
      "arn:aws:comprehend:us-east-1:111122223333:entities-detection-job/*",
      "entities-detection-job",
    ],
    [
      "comprehend:StartTopicsDetectionJob",
      "arn:aws:comprehend:us-east-1:111122223333:topics-detection-job/*",
      "topics-detection-job",
    ],
    ["fis:StartExperiment", "arn:aws:fis:us-east-1:111122223333:experiment/*", "experiment"],
    ["omics:StartRun", "arn:aws:omics:us-east-1:111122223333:run/*", "run"],
  ] as const) {
    it(`advises a wildcard id where the call creates the resource: ${action}, ${type}`, async () => {
      const [finding, ...others] = await findings("broad-arn", policyFor(action, arn));

      expect(finding).to.match(/^advisory: /);
      expect(finding).to.include(`for ${action} it matches every ${type}. ${keepId}`);
      expect(others).to.deep.equal([]);
    });
  }

  for (const [action, arn] of [
    ["ec2:CreateImage", "arn:aws:ec2:us-east-1:111122223333:instance/*"],
    ["ec2:StartInstances", "arn:aws:ec2:us-east-1:111122223333:instance/*"],
    ["ec2:CreateNetworkAclEntry", "arn:aws:ec2:us-east-1:111122223333:network-acl/*"],
    ["comprehend:StopEntitiesDetectionJob", "arn:aws:comprehend:*:*:entities-detection-job/*"],
    ["dynamodb:CreateTable", "arn:aws:dynamodb:us-east-1:111122223333:table/*"],
  ] as const) {
    it(`does not excuse a resource that exists, or that the caller names: ${action}`, async () => {
      const [finding] = await findings("broad-arn", policyFor(action, arn));

      expect(finding).to.match(/^it: /);
    });
  }

  it("believes a condition on the resource, and no other", async () => {
    const arn = "arn:aws:ec2:*:*:instance/*";
    const tag = { StringEquals: { "aws:ResourceTag/Owner": "web" } };
    const transport = { Bool: { "aws:SecureTransport": "true" } };

    expect(await findings("broad-arn", policyFor("ec2:RebootInstances", arn, tag))).to.deep.equal(
      [],
    );
    expect(
      await findings("broad-arn", policyFor("ec2:RebootInstances", arn, transport)),
    ).to.have.length(1);
  });

  it("believes the ids of instances, and no pattern of ids", async () => {
    const arn = "arn:aws:ec2:us-east-1:111122223333:instance/*";
    const ids = ["i-0123456789abcdef0", "i-0123456789abcdef1"];
    const policy = (Condition: object) => policyFor("ec2:RebootInstances", arn, Condition);

    expect(
      await findings("broad-arn", policy({ StringEquals: { "ec2:InstanceID": ids } })),
    ).to.deep.equal([]);
    expect(
      await findings("broad-arn", policy({ StringLike: { "ec2:InstanceID": [...ids, "i-*"] } })),
    ).to.have.length(1);
  });

  it("believes a named prefix of a key's alias, and not any alias", async () => {
    const aliases = (value: string) => ({
      "ForAnyValue:StringLike": { "kms:ResourceAliases": value },
    });
    const key = "arn:aws:kms:us-east-1:111122223333:key/*";

    expect(
      await findings("broad-arn", policyFor("kms:Decrypt", key, aliases("alias/shop-*"))),
    ).to.deep.equal([]);
    expect(
      await findings("broad-arn", policyFor("kms:Decrypt", key, aliases("alias/*"))),
    ).to.have.length(1);
  });

  it("leaves an unknown ARN to the deployment", async () => {
    const grant = { sid: "Late", actions: ["sns:Publish"], resources: [unknown] };

    expect(await findings("broad-arn", component(grant))).to.deep.equal([]);
  });

  it("does not apply to resources without an identity policy", async () => {
    expect(await isNotApplicable("broad-arn", { type: "aws:sns/topic:Topic", props: {} })).to.equal(
      true,
    );
  });
});

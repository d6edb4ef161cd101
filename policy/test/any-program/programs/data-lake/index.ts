import * as aws from "@pulumi/aws";

const current = aws.getCallerIdentity({});
const partition = aws.getPartition({});

const keyPolicy = Promise.all([current, partition]).then(([{ accountId }, { partition: name }]) =>
  aws.iam.getPolicyDocument({
    statements: [
      {
        sid: "EnableRoot",
        actions: ["kms:*"],
        resources: ["*"],
        principals: [{ type: "AWS", identifiers: [`arn:${name}:iam::${accountId}:root`] }],
      },
      {
        // As in the CloudWatch Logs guide.
        sid: "AllowLogs",
        actions: ["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        resources: ["*"],
        principals: [{ type: "Service", identifiers: ["logs.us-east-1.amazonaws.com"] }],
        conditions: [
          {
            test: "ArnLike",
            variable: "kms:EncryptionContext:aws:logs:arn",
            values: [`arn:${name}:logs:us-east-1:${accountId}:*`],
          },
        ],
      },
    ],
  }),
);
const key = new aws.kms.Key("lake", {
  enableKeyRotation: true,
  policy: keyPolicy.then((it) => it.json),
});
new aws.kms.Alias("lake", { name: "alias/lake", targetKeyId: key.keyId });

const lake = new aws.s3.Bucket("lake");
new aws.s3.BucketServerSideEncryptionConfiguration("lake", {
  bucket: lake.id,
  rules: [
    {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
      bucketKeyEnabled: true,
    },
  ],
});
const logs = new aws.cloudwatch.LogGroup("delivery", { kmsKeyId: key.arn });
const stream = new aws.cloudwatch.LogStream("delivery", { logGroupName: logs.name });

const assumeRole = aws.iam.getPolicyDocumentOutput({
  statements: [
    {
      actions: ["sts:AssumeRole"],
      principals: [{ type: "Service", identifiers: ["firehose.amazonaws.com"] }],
    },
  ],
});
const role = new aws.iam.Role("delivery", { assumeRolePolicy: assumeRole.json });

const permissions = aws.iam.getPolicyDocumentOutput({
  statements: [
    {
      actions: [
        "s3:AbortMultipartUpload",
        "s3:GetBucketLocation",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
        "s3:PutObject",
      ],
      resources: [lake.arn, lake.arn.apply((arn) => `${arn}/*`)],
    },
    { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [key.arn] },
    { actions: ["logs:PutLogEvents"], resources: [logs.arn.apply((arn) => `${arn}:*`)] },
  ],
});
new aws.iam.RolePolicy("delivery", { role: role.id, policy: permissions.json });

const delivery = new aws.kinesis.FirehoseDeliveryStream("events", {
  destination: "extended_s3",
  extendedS3Configuration: {
    roleArn: role.arn,
    bucketArn: lake.arn,
    kmsKeyArn: key.arn,
    cloudwatchLoggingOptions: {
      enabled: true,
      logGroupName: logs.name,
      logStreamName: stream.name,
    },
  },
});

// A reader in another account, named by its ARN.
const bucketPolicy = aws.iam.getPolicyDocumentOutput({
  statements: [
    {
      sid: "Analysts",
      actions: ["s3:GetObject", "s3:ListBucket"],
      resources: [lake.arn, lake.arn.apply((arn) => `${arn}/*`)],
      principals: [{ type: "AWS", identifiers: ["arn:aws:iam::999988887777:role/analyst"] }],
    },
  ],
});
new aws.s3.BucketPolicy("lake", { bucket: lake.id, policy: bucketPolicy.json });

export const streamName = delivery.name;

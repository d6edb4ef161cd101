import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const caller = aws.getCallerIdentity({});

// The account is a Promise, which JSON.stringify writes as {}.
new aws.kms.Key("photos", {
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: caller.then(({ accountId }) => `arn:aws:iam::${accountId}:root`) },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  }),
});

new aws.kms.Key("backups", {
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Allow the whole company to decrypt",
        Effect: "Allow",
        Principal: "*",
        Action: "kms:Decrypt",
        Resource: "*",
      },
    ],
  }),
});

const photos = new aws.s3.Bucket("acmePhotos", {});

const uploads = new aws.sns.Topic("uploads", {
  name: "photo-uploads",
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "allow-s3-events",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: "sns:Publish",
        Resource: "arn:aws:sns:us-east-1:123456789012:photo-uploads",
        Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::acme-photos" } },
      },
    ],
  }),
});

new aws.s3.BucketNotification("uploads", {
  bucket: photos.id,
  topics: [{ topicArn: uploads.arn, events: ["s3:ObjectCreated:*"] }],
});

const apiRole = new aws.iam.Role("api", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
  managedPolicyArns: [aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole],
});

const handler = new aws.lambda.Function("api", {
  runtime: "nodejs22.x",
  handler: "index.handler",
  role: apiRole.arn,
  code: new pulumi.asset.AssetArchive({
    "index.mjs": new pulumi.asset.StringAsset(
      "export const handler = async () => ({ statusCode: 202 });",
    ),
  }),
});

const api = new aws.apigateway.RestApi("api", {
  body: handler.invokeArn.apply((uri) =>
    JSON.stringify({
      openapi: "3.0.1",
      paths: {
        "/photos": {
          post: {
            "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri },
          },
        },
      },
    }),
  ),
});

const deployment = new aws.apigateway.Deployment("api", { restApi: api.id });

const stage = new aws.apigateway.Stage("api", {
  restApi: api.id,
  deployment: deployment.id,
  stageName: "live",
});

new aws.lambda.Permission("api", {
  action: "lambda:InvokeFunction",
  function: handler.name,
  principal: "apigateway.amazonaws.com",
  sourceArn: pulumi.interpolate`${stage.executionArn}/POST/photos`,
});

const serverRole = new aws.iam.Role("server", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "ec2.amazonaws.com" }),
});

for (const [name, policyArn] of Object.entries({
  ssm: aws.iam.ManagedPolicy.AmazonSSMManagedInstanceCore,
  metrics: aws.iam.ManagedPolicy.CloudWatchAgentServerPolicy,
})) {
  new aws.iam.RolePolicyAttachment(`server-${name}`, { role: serverRole.name, policyArn });
}

new aws.iam.RolePolicy("server-imports", {
  role: serverRole.id,
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:ListBucket"],
        Resource: ["arn:aws:s3:::acme-import-*", "arn:aws:s3:::acme-import-*/*"],
      },
    ],
  },
});

new aws.iam.InstanceProfile("server", { role: serverRole.name });

// Another account's tool assumes it, and its role has a fixed name in each of the company's accounts.
const auditor = new aws.iam.Role("auditor", {
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
          ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/auditor" },
        },
      },
    ],
  }),
});

export const auditorRole = auditor.arn;
export const url = stage.invokeUrl;

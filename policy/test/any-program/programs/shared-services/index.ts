import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const account = aws.getCallerIdentityOutput().accountId;
const partner = "arn:aws:iam::999988887777:root";

// A search domain that a network may reach without credentials, as in many tutorials.
new aws.opensearch.Domain("search", {
  domainName: "shop-search",
  clusterConfig: { instanceType: "t3.small.search" },
  ebsOptions: { ebsEnabled: true, volumeSize: 10 },
  accessPolicies: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: "*",
        Action: "es:*",
        Resource: pulumi.interpolate`arn:aws:es:us-east-1:${account}:domain/shop-search/*`,
        Condition: { IpAddress: { "aws:SourceIp": ["0.0.0.0/0"] } },
      },
    ],
  }),
});

// Images that another account pulls.
const images = new aws.ecr.Repository("images", { name: "shop/images" });
new aws.ecr.RepositoryPolicy("images", {
  repository: images.name,
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Pull",
        Effect: "Allow",
        Principal: { AWS: partner },
        Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      },
    ],
  },
});

// Alarms of every account in the organisation.
const alarms = new aws.sns.Topic("alarms", { name: "alarms" });
new aws.sns.TopicPolicy("alarms", {
  arn: alarms.arn,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Alarms",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: pulumi.interpolate`arn:aws:sns:us-east-1:${account}:alarms`,
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
      {
        Sid: "Organisation",
        Effect: "Allow",
        Principal: "*",
        Action: "sns:Publish",
        Resource: pulumi.interpolate`arn:aws:sns:us-east-1:${account}:alarms`,
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } },
      },
    ],
  }),
});

// A secret that a partner reads; the wildcard is AWS's for "this secret".
const secret = new aws.secretsmanager.Secret("partner-key", { name: "partner-key" });
new aws.secretsmanager.SecretPolicy("partner-key", {
  secretArn: secret.arn,
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: partner },
        Action: "secretsmanager:GetSecretValue",
        Resource: "*",
      },
    ],
  }),
});

// Files for everyone who can mount them, with encryption in transit.
const files = new aws.efs.FileSystem("files", { encrypted: true });
new aws.efs.FileSystemPolicy("files", {
  fileSystemId: files.id,
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        Condition: { Bool: { "aws:SecureTransport": "true" } },
      },
    ],
  }),
});

// An endpoint without a policy of its author, and one that restricts it to a bucket.
const vpc = aws.ec2.getVpcOutput({ default: true });
new aws.ec2.VpcEndpoint("dynamodb", {
  vpcId: vpc.id,
  serviceName: "com.amazonaws.us-east-1.dynamodb",
});
new aws.ec2.VpcEndpoint("s3", {
  vpcId: vpc.id,
  serviceName: "com.amazonaws.us-east-1.s3",
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::shop-packages/*",
      },
    ],
  }),
});

// Route 53 writes its query log.
const queryLog = new aws.cloudwatch.LogGroup("queries", {
  name: "/aws/route53/example.com",
  retentionInDays: 30,
});
new aws.cloudwatch.LogResourcePolicy("queries", {
  policyName: "route53-query-logs",
  policyDocument: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "route53.amazonaws.com" },
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/*",
      },
    ],
  },
});

// Visitors of the site without a login.
const visitors = new aws.cognito.IdentityPool("visitors", {
  identityPoolName: "visitors",
  allowUnauthenticatedIdentities: true,
});
const visitor = new aws.iam.Role("visitor", {
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: "cognito-identity.amazonaws.com" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: { "cognito-identity.amazonaws.com:aud": visitors.id },
          "ForAnyValue:StringLike": {
            "cognito-identity.amazonaws.com:amr": "unauthenticated",
          },
        },
      },
    ],
  }),
});
new aws.iam.RolePolicy("visitor", {
  role: visitor.id,
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["mobileanalytics:PutEvents", "cognito-sync:*"],
        Resource: ["*"],
      },
    ],
  }),
});
new aws.cognito.IdentityPoolRoleAttachment("visitors", {
  identityPoolId: visitors.id,
  roles: { unauthenticated: visitor.arn },
});

// A backup plan's role, which only a selection names.
const backupRole = new aws.iam.Role("backup", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "backup.amazonaws.com" }),
});
new aws.iam.RolePolicyAttachment("backup", {
  role: backupRole.name,
  policyArn: "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
});
const vault = new aws.backup.Vault("backup", {});
const plan = new aws.backup.Plan("daily", {
  rules: [{ ruleName: "daily", targetVaultName: vault.name, schedule: "cron(0 5 * * ? *)" }],
});
new aws.backup.Selection("files", {
  planId: plan.id,
  iamRoleArn: backupRole.arn,
  resources: [files.arn],
});

export const log = queryLog.name;

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const platform = new pulumi.StackReference(`organization/platform/${pulumi.getStack()}`);
const reportsBucket = platform.requireOutput("reportsBucket");
const reportsBucketArn = platform.requireOutput("reportsBucketArn");
const keyArn = platform.requireOutput("keyArn");

const invoices = new aws.dynamodb.Table("invoices", {
  attributes: [{ name: "number", type: "S" }],
  hashKey: "number",
  billingMode: "PAY_PER_REQUEST",
});

const group = new aws.ec2.SecurityGroup("export", {
  vpcId: platform.requireOutput("vpcId"),
  egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
});

const role = new aws.iam.Role("export", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
  managedPolicyArns: [aws.iam.ManagedPolicy.AWSLambdaVPCAccessExecutionRole],
});
// Known in the first preview: the other stack has been deployed.
new aws.iam.RolePolicy("export-reports", {
  role: role.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:PutObject"],
        Resource: pulumi.interpolate`${reportsBucketArn}/invoices/*`,
      },
      { Effect: "Allow", Action: ["kms:GenerateDataKey"], Resource: keyArn },
    ],
  }),
});
new aws.iam.RolePolicy("export-invoices", {
  role: role.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["dynamodb:Scan", "dynamodb:Query"], Resource: invoices.arn },
    ],
  }),
});

const lambda = new aws.lambda.Function("export", {
  runtime: "nodejs22.x",
  handler: "index.handler",
  timeout: 300,
  role: role.arn,
  code: new pulumi.asset.FileArchive("./export"),
  environment: { variables: { INVOICES: invoices.name, REPORTS: reportsBucket } },
  vpcConfig: {
    subnetIds: platform.requireOutput("privateSubnetIds"),
    securityGroupIds: [group.id],
  },
});

export const functionName = lambda.name;

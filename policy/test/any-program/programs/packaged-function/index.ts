import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const jobs = new aws.sqs.Queue("jobs", { visibilityTimeoutSeconds: 180 });
const orders = new aws.dynamodb.Table("orders", {
  attributes: [{ name: "id", type: "S" }],
  hashKey: "id",
  billingMode: "PAY_PER_REQUEST",
});
const sold = new aws.sns.Topic("sold");

const role = new aws.iam.Role("sell-role", {
  assumeRolePolicy: {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
    ],
  },
  managedPolicyArns: [aws.iam.ManagedPolicy.AWSLambdaSQSQueueExecutionRole],
});
new aws.iam.RolePolicy("sell-policy", {
  role: role.name,
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["dynamodb:PutItem", "dynamodb:BatchWriteItem"],
        Resource: orders.arn,
      },
      { Effect: "Allow", Action: "sns:Publish", Resource: sold.arn },
    ],
  },
});
const sell = new aws.lambda.Function("sell", {
  runtime: "python3.14",
  handler: "app.handler",
  role: role.arn,
  code: new pulumi.asset.FileArchive("./package.zip"),
  environment: {
    variables: {
      TABLE: orders.name,
      TOPIC_ARN: sold.arn,
      WEBHOOK: "https://example.com/orders",
    },
  },
});
new aws.lambda.EventSourceMapping("jobs", {
  eventSourceArn: jobs.arn,
  functionName: sell.name,
  functionResponseTypes: ["ReportBatchItemFailures"],
});

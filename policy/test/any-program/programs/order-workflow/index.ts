import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const trust = (Service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
  });

const stock = new aws.dynamodb.Table("stock", {
  attributes: [{ name: "sku", type: "S" }],
  hashKey: "sku",
  billingMode: "PAY_PER_REQUEST",
});
const paymentSecret = new aws.secretsmanager.Secret("payment-api-key");
const shipments = new aws.sqs.Queue("shipments");

const reserveRole = new aws.iam.Role("reserve-role", {
  assumeRolePolicy: trust("lambda.amazonaws.com"),
  managedPolicyArns: [aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole],
  inlinePolicies: [
    {
      name: "stock",
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["dynamodb:UpdateItem"], Resource: [stock.arn] }],
      }),
    },
  ],
});
const reserve = new aws.lambda.Function("reserve", {
  runtime: aws.lambda.Runtime.NodeJS22dX,
  handler: "reserve.handler",
  role: reserveRole.arn,
  code: new pulumi.asset.AssetArchive({
    "reserve.mjs": new pulumi.asset.FileAsset("functions/reserve.mjs"),
  }),
  environment: { variables: { STOCK_TABLE: stock.name } },
});

const chargeRole = new aws.iam.Role("charge-role", {
  assumeRolePolicy: trust("lambda.amazonaws.com"),
  managedPolicyArns: [aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole],
});
// The author forgot to let it read the secret.
const charge = new aws.lambda.Function("charge", {
  runtime: aws.lambda.Runtime.NodeJS22dX,
  handler: "charge.handler",
  role: chargeRole.arn,
  code: new pulumi.asset.AssetArchive({
    "charge.mjs": new pulumi.asset.FileAsset("functions/charge.mjs"),
  }),
  environment: { variables: { PAYMENT_SECRET_ARN: paymentSecret.arn } },
});

const logs = new aws.cloudwatch.LogGroup("workflow-logs", {
  name: "/aws/vendedlogs/states/order-workflow",
  retentionInDays: 30,
});

const workflowRole = new aws.iam.Role("workflow-role", {
  assumeRolePolicy: trust("states.amazonaws.com"),
});
new aws.iam.RolePolicy("workflow-policy", {
  role: workflowRole.id,
  policy: pulumi
    .all([reserve.arn, charge.arn, shipments.arn])
    .apply(([reserveArn, chargeArn, queueArn]) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: [reserveArn, chargeArn] },
          { Effect: "Allow", Action: "sqs:SendMessage", Resource: queueArn },
        ],
      }),
    ),
});
// AWS asks for * for the delivery of logs.
new aws.iam.RolePolicy("workflow-logs-policy", {
  role: workflowRole.id,
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: [
          "logs:CreateLogDelivery",
          "logs:GetLogDelivery",
          "logs:UpdateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:DescribeResourcePolicies",
          "logs:DescribeLogGroups",
        ],
        Resource: "*",
      },
    ],
  }),
});

const workflow = new aws.sfn.StateMachine("order-workflow", {
  roleArn: workflowRole.arn,
  loggingConfiguration: {
    level: "ERROR",
    includeExecutionData: false,
    logDestination: pulumi.interpolate`${logs.arn}:*`,
  },
  definition: pulumi.jsonStringify({
    StartAt: "Reserve",
    States: {
      Reserve: { Type: "Task", Resource: reserve.arn, Next: "Charge" },
      Charge: { Type: "Task", Resource: charge.arn, Next: "Ship" },
      Ship: {
        Type: "Task",
        Resource: "arn:aws:states:::sqs:sendMessage",
        Parameters: { QueueUrl: shipments.url, "MessageBody.$": "$" },
        End: true,
      },
    },
  }),
});

export const workflowArn = workflow.arn;

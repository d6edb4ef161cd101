import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const inventory = new aws.dynamodb.Table("inventory", {
  attributes: [{ name: "item", type: "S" }],
  hashKey: "item",
  billingMode: "PAY_PER_REQUEST",
});
const shared = new aws.lambda.LayerVersion("shared", {
  layerName: "shared",
  compatibleRuntimes: ["python3.13"],
  code: new pulumi.asset.FileArchive("./layer"),
});
const role = new aws.iam.Role("api-role", {
  assumeRolePolicy: {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
    ],
  },
  managedPolicyArns: [aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole],
});
new aws.iam.RolePolicy("api-policy", {
  role: role.name,
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["dynamodb:GetItem", "dynamodb:Scan"],
        Resource: [inventory.arn],
      },
    ],
  },
});
const settings = {
  runtime: "python3.13",
  handler: "app.handler",
  code: new pulumi.asset.FileArchive("./api"),
  environment: { variables: { INVENTORY_TABLE: inventory.name } },
};
new aws.lambda.Function("api", { ...settings, role: role.arn, layers: [shared.arn] });

const observedRole = new aws.iam.Role("observed-role", {
  assumeRolePolicy: {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
    ],
  },
  managedPolicyArns: [aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole],
});
new aws.iam.RolePolicy("observed-policy", {
  role: observedRole.name,
  policy: {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:Scan"], Resource: [inventory.arn] },
    ],
  },
});
// A layer of another account can call anything, so nothing of the role is called unused.
new aws.lambda.Function("observed", {
  ...settings,
  role: observedRole.arn,
  layers: [shared.arn, "arn:aws:lambda:us-east-1:464622532012:layer:Datadog-Extension:83"],
});

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const orders = new aws.dynamodb.Table("orders", {
  attributes: [{ name: "id", type: "S" }],
  hashKey: "id",
  billingMode: "PAY_PER_REQUEST",
});
const refunds = new aws.sqs.Queue("refunds");
const reports = new aws.s3.Bucket("reports");
const code = new pulumi.asset.FileArchive("./src");
// Powertools, as its documentation says: https://docs.powertools.aws.dev/lambda/python/latest/getting-started/install/
const powertools =
  "arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-x86_64:18";

/** A function with a role that allows `grants`: actions by the ARN of a resource. */
function service(
  name: string,
  environment: Record<string, pulumi.Input<string>>,
  grants: [actions: string[], resource: pulumi.Input<string>][],
): void {
  const role = new aws.iam.Role(`${name}-role`, {
    assumeRolePolicy: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "lambda.amazonaws.com" },
        },
      ],
    },
    managedPolicyArns: [aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole],
  });
  new aws.iam.RolePolicy(`${name}-policy`, {
    role: role.name,
    policy: {
      Version: "2012-10-17",
      Statement: grants.map(([actions, resource]) => ({
        Effect: "Allow" as const,
        Action: actions,
        Resource: [resource],
      })),
    },
  });
  new aws.lambda.Function(name, {
    runtime: "python3.13",
    handler: `${name}.handler`,
    role: role.arn,
    code,
    layers: [powertools],
    environment: { variables: environment },
  });
}

service("orders", { ORDERS_TABLE: orders.name }, [[["dynamodb:PutItem"], orders.arn]]);
// It never deletes an order. What unused code could call is no unused grant.
service("refunds", { ORDERS_TABLE: orders.name, REFUND_QUEUE: refunds.url }, [
  [["dynamodb:GetItem", "dynamodb:DeleteItem"], orders.arn],
  [["sqs:SendMessage"], refunds.arn],
]);
// It lacks the permission to write the report.
service("reports", { ORDERS_TABLE: orders.name, REPORT_BUCKET: reports.bucket }, [
  [["dynamodb:Scan"], orders.arn],
]);

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const table = new aws.dynamodb.Table("orders", {
  attributes: [{ name: "id", type: "S" }],
  hashKey: "id",
  billingMode: "PAY_PER_REQUEST",
});

const role = new aws.iam.Role("api-role", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
});

new aws.iam.RolePolicyAttachment("api-role-logs", {
  role: role.name,
  policyArn: aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole,
});

new aws.iam.RolePolicy("api-role-table", {
  role: role.id,
  policy: table.arn.apply((arn) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Scan"],
          Resource: arn,
        },
      ],
    }),
  ),
});

const handler = new aws.lambda.Function("api-handler", {
  runtime: "nodejs22.x",
  handler: "index.handler",
  role: role.arn,
  code: new pulumi.asset.FileArchive("./app"),
  environment: { variables: { TABLE_NAME: table.name } },
});

const api = new aws.apigateway.RestApi("orders-api", {});

const resource = new aws.apigateway.Resource("orders", {
  restApi: api.id,
  parentId: api.rootResourceId,
  pathPart: "{proxy+}",
});

const method = new aws.apigateway.Method("any-order", {
  restApi: api.id,
  resourceId: resource.id,
  httpMethod: "ANY",
  authorization: "NONE",
});

const integration = new aws.apigateway.Integration("orders-integration", {
  restApi: api.id,
  resourceId: resource.id,
  httpMethod: method.httpMethod,
  integrationHttpMethod: "POST",
  type: "AWS_PROXY",
  uri: handler.invokeArn,
});

new aws.lambda.Permission("api-permission", {
  action: "lambda:InvokeFunction",
  function: handler.name,
  principal: "apigateway.amazonaws.com",
  sourceArn: pulumi.interpolate`${api.executionArn}/*/*`,
});

const deployment = new aws.apigateway.Deployment(
  "orders-deployment",
  { restApi: api.id },
  { dependsOn: [integration] },
);

const stage = new aws.apigateway.Stage("orders-stage", {
  restApi: api.id,
  deployment: deployment.id,
  stageName: "prod",
});

export const url = stage.invokeUrl;

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Opens the function to HTTPS without AWS credentials, which Sumo Logic does not have: the handler
 * checks the token instead. URLs made since October 2025 need both permissions:
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
export function openUrl(
  name: string,
  lambda: aws.lambda.Function,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const functionUrl = new aws.lambda.FunctionUrl(
    `${name}-url`,
    { functionName: lambda.name, authorizationType: "NONE" },
    { parent },
  );
  new aws.lambda.Permission(
    `${name}-url-permission`,
    {
      function: lambda.name,
      action: "lambda:InvokeFunctionUrl",
      principal: "*",
      functionUrlAuthType: "NONE",
    },
    { parent },
  );
  new aws.lambda.Permission(
    `${name}-url-invoke-permission`,
    {
      function: lambda.name,
      action: "lambda:InvokeFunction",
      principal: "*",
      invokedViaFunctionUrl: true,
    },
    { parent },
  );
  return functionUrl.functionUrl;
}

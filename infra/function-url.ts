import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Opens the function to HTTPS without AWS credentials, which Sumo Logic does not have: the handler
 * checks the token instead. URLs made since October 2025 need both permissions:
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 *
 * One after the other, since Lambda answers 409 to a second change of a function's permissions at the
 * same time, and the URL adds permissions itself, without a retry
 * (docs/decisions/0029-url-permissions-one-after-the-other.md).
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
  const urlPermission = new aws.lambda.Permission(
    `${name}-url-permission`,
    {
      function: lambda.name,
      action: "lambda:InvokeFunctionUrl",
      principal: "*",
      functionUrlAuthType: "NONE",
    },
    { parent, dependsOn: [functionUrl] },
  );
  new aws.lambda.Permission(
    `${name}-url-invoke-permission`,
    {
      function: lambda.name,
      action: "lambda:InvokeFunction",
      principal: "*",
      invokedViaFunctionUrl: true,
    },
    { parent, dependsOn: [urlPermission] },
  );
  return functionUrl.functionUrl;
}

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Creates a URL that can be called without AWS credentials, which Sumo Logic does not have; the handler
 * checks a token instead. URLs created since October 2025 need both permissions:
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 *
 * The three are created one after the other: Lambda responds with 409 to concurrent changes of a function's
 * permissions. The URL adds permissions too, and does not retry
 * (docs/decisions/0029-url-permissions-one-after-the-other.md).
 */
export function createPublicUrl(
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

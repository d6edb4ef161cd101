/**
 * The HTTP methods that API Gateway's control plane uses by the first word of an operation: IAM's
 * actions are `apigateway:GET` and so on.
 *
 * Source: the method of each operation in botocore's `apigateway` and `apigatewayv2` models.
 * https://github.com/boto/botocore/tree/develop/botocore/data
 * Refresh: add the first word of a new operation; policy/test/code/operations.spec.ts has examples.
 */
export const apiGatewayMethods: Readonly<Record<string, readonly string[]>> = {
  Create: ["POST"],
  Delete: ["DELETE"],
  Export: ["GET"],
  Flush: ["DELETE"],
  Generate: ["POST"],
  Get: ["GET"],
  Import: ["POST", "PUT"],
  Put: ["PUT"],
  Reimport: ["PUT"],
  Reject: ["POST"],
  Reset: ["DELETE"],
  Tag: ["PUT", "POST"],
  Test: ["POST"],
  Untag: ["DELETE"],
  Update: ["PATCH"],
};

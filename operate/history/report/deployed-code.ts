import { GetFunctionConfigurationCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { DeployedCode } from "./report.ts";

/** The function's code as it is deployed now. Throws what Lambda throws. */
export async function readCode(lambda: LambdaClient, functionName: string): Promise<DeployedCode> {
  const { CodeSha256 = "unknown", LastModified = "" } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName }),
  );
  return { sha256: CodeSha256, modifiedMs: Date.parse(LastModified) };
}

import {
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionUrlConfigCommand,
} from "@aws-sdk/client-lambda";
import { found, functionName, type ManualChange } from "./manual-change.ts";

/** Changes of the function, its URL, permissions and event source mapping. */
export function ofFunction(lambda: LambdaClient): ManualChange[] {
  const FunctionName = functionName;
  const get = () => lambda.send(new GetFunctionCommand({ FunctionName }));
  const getUrl = () => lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
  const mapping = async () => {
    const command = new ListEventSourceMappingsCommand({ FunctionName });
    return found((await lambda.send(command)).EventSourceMappings?.[0]);
  };
  const getRetries = () => lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
  const statements = async (): Promise<{ Sid: string; Action: string }[]> => {
    const { Policy = "{}" } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    return JSON.parse(Policy).Statement;
  };
  const url = ["aws:lambda:FunctionUrl", "reboot-url"] as const;
  const itself = ["aws:lambda:Function", "reboot"] as const;
  const checks = ["aws:lambda:EventSourceMapping", "reboot-take-checks"] as const;
  const noRetry = ["aws:lambda:FunctionEventInvokeConfig", "reboot-no-retry"] as const;
  return [
    {
      title: "the URL's authorization",
      resource: url,
      change: () =>
        lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, AuthType: "AWS_IAM" })),
      read: async () => (await getUrl()).AuthType,
    },
    {
      title: "the URL opened to other origins",
      resource: url,
      change: () => {
        const Cors = { AllowOrigins: ["*"] };
        return lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, Cors }));
      },
      read: async () => (await getUrl()).Cors?.AllowOrigins ?? [],
    },
    {
      title: "one of the URL's permissions removed",
      resource: ["aws:lambda:Permission", "reboot-url-invoke-permission"],
      change: async () => {
        const own = (await statements()).find(({ Sid }) => Sid.includes("url-invoke-permission"));
        return lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: own?.Sid }));
      },
      read: async () => (await statements()).map(({ Action }) => Action).sort(),
    },
    {
      title: "the function throttled",
      resource: itself,
      change: () =>
        lambda.send(
          new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
        ),
      read: async () => (await get()).Concurrency?.ReservedConcurrentExecutions ?? "none",
    },
    {
      title: "the function's timeout and variables",
      resource: itself,
      change: () => {
        const Environment = { Variables: { INSTANCE_ID: "i-0123456789abcdef0" } };
        const change = { FunctionName, Timeout: 3, Environment };
        return lambda.send(new UpdateFunctionConfigurationCommand(change));
      },
      read: async () => {
        const { Timeout, Environment } = (await get()).Configuration ?? {};
        return { Timeout, instanceId: Environment?.Variables?.INSTANCE_ID };
      },
    },
    {
      title: "the queue's mapping disabled",
      resource: checks,
      change: async () => {
        const change = { UUID: (await mapping()).UUID, Enabled: false };
        return lambda.send(new UpdateEventSourceMappingCommand(change));
      },
      read: async () => (await mapping()).State,
    },
    {
      title: "the mapping's batch size",
      resource: checks,
      change: async () => {
        const change = { UUID: (await mapping()).UUID, BatchSize: 10 };
        return lambda.send(new UpdateEventSourceMappingCommand(change));
      },
      read: async () => (await mapping()).BatchSize,
    },
    {
      title: "the retries of asynchronous calls",
      resource: noRetry,
      change: async () => {
        const { DestinationConfig } = await getRetries();
        const change = { FunctionName, MaximumRetryAttempts: 2, DestinationConfig };
        return lambda.send(new PutFunctionEventInvokeConfigCommand(change));
      },
      read: async () => {
        const { MaximumRetryAttempts, DestinationConfig } = await getRetries();
        return { MaximumRetryAttempts, destination: DestinationConfig?.OnFailure?.Destination };
      },
    },
  ];
}

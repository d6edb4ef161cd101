import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  GetFunctionCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import { runInstances } from "../sandbox/scenario/existing-instances.ts";
import { alertBody, type StackOutputs, stackOutputs } from "../sandbox/scenario/stack-client.ts";
import {
  openFunctionUrl,
  startTestEnvironment,
  type TestEnvironment,
} from "../sandbox/test-environment.ts";

/**
 * Deploys a stack for the duration of the measurement: of the instance that it creates, or of a group of this many
 * existing ones.
 */
export async function withStack<T>(
  measure: (up: {
    environment: TestEnvironment;
    stack: StackOutputs;
    lambda: LambdaClient;
  }) => Promise<T>,
  { groupOf }: { groupOf?: number } = {},
): Promise<T> {
  const environment = await startTestEnvironment();
  try {
    const ids = groupOf && (await runInstances(environment.aws, groupOf)).join();
    const engine = await environment.createEngine(
      // The policy pack's configuration would have to list the instances.
      ids ? { policyPack: null, settings: { instanceIds: { value: ids } } } : {},
    );
    await engine.up();
    const stack = stackOutputs(await engine.stack.outputs());
    return await measure({ environment, stack, lambda: new LambdaClient(environment.aws) });
  } finally {
    await environment.stop();
  }
}

/** The minimum that a Lambda could do: two calls and no checks. botocore replaces boto3. */
const pythonFunction = `
import botocore.session, os
session = botocore.session.get_session()
ec2 = session.create_client("ec2", region_name="us-east-1")
sns = session.create_client("sns", region_name="us-east-1")
def handler(event, context):
    ec2.reboot_instances(InstanceIds=[os.environ["INSTANCE_ID"]])
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message="rebooted")
    return {"statusCode": 200}
`;

/** The stack's function, as input for creating it again under other names. */
export async function ownFunction(lambda: LambdaClient, stack: StackOutputs) {
  const { Configuration, Code } = await lambda.send(
    new GetFunctionCommand({ FunctionName: stack.functionName }),
  );
  const { Role, Runtime, Handler, Environment, Layers, Timeout, MemorySize } = Configuration ?? {};
  const zip = await (await fetch(Code?.Location ?? "")).arrayBuffer();
  return {
    FunctionName: "",
    Role,
    Runtime,
    Handler,
    Timeout,
    MemorySize,
    Environment: { Variables: Environment?.Variables },
    Layers: Layers?.map(({ Arn = "" }) => Arn),
    Code: { ZipFile: new Uint8Array(zip) },
  } satisfies CreateFunctionCommandInput;
}

/** The bare Python function with the same role and variables. */
export function bareFunction(own: CreateFunctionCommandInput): CreateFunctionCommandInput {
  return {
    ...own,
    Runtime: "python3.13",
    Handler: "index.handler",
    Layers: [],
    Code: { ZipFile: zipSync({ "index.py": strToU8(pythonFunction) }) },
  };
}

let created = 0;

/** Creates a new function, so that its first call is a cold start, and returns its open URL. */
export async function createOpen(
  lambda: LambdaClient,
  input: CreateFunctionCommandInput,
): Promise<string> {
  const FunctionName = `bench-${created++}`;
  await lambda.send(new CreateFunctionCommand({ ...input, FunctionName }));
  return openFunctionUrl(lambda, FunctionName);
}

/** Posts a fresh alert of this page and instance to a URL, with the stack's token. */
export function postAlert(
  environment: TestEnvironment,
  { instanceId }: { readonly instanceId: string },
  { url, alertUrl }: { url: string; alertUrl: string },
) {
  return environment.callUrl(url, {
    headers: {
      authorization: `Bearer ${environment.webhookToken}`,
      "content-type": "application/json",
    },
    body: alertBody(instanceId, Date.now(), { alertUrl }),
  });
}

import { randomUUID } from "node:crypto";
import { DeleteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  CreateFunctionUrlConfigCommand,
  GetFunctionCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import { type StackOutputs, stackOutputs } from "../sandbox/probe.ts";
import { startTestWorld, type TestWorld } from "../test/e2e/support.ts";
import { median, ratio, table } from "./table.ts";

const coldStarts = 5;
const warmCalls = 20;

/** The least that a Lambda could do: two calls, no check of anything. botocore stands for boto3. */
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

/** From posting an alert to the call of RebootInstances, at the gateway; cold and warm. */
export async function benchWebhook(): Promise<string> {
  const world = await startTestWorld();
  try {
    const engine = await world.createEngine();
    await engine.up();
    const stack = stackOutputs(await engine.stack.outputs());
    const lambda = new LambdaClient(world.aws);
    const own = await ownFunction(lambda, stack);
    const bare: CreateFunctionCommandInput = {
      ...own,
      Runtime: "python3.13",
      Handler: "index.handler",
      Layers: [],
      Code: { ZipFile: zipSync({ "index.py": strToU8(pythonFunction) }) },
    };
    const times = { ownCold: [], ownWarm: [], bareCold: [], bareWarm: [] } as Times;
    for (let round = 0; round < coldStarts; round++) {
      await measure(world, stack, lambda, own, times.ownCold, times.ownWarm);
      await measure(world, stack, lambda, bare, times.bareCold, times.bareWarm);
    }
    return report(times);
  } finally {
    await world.stop();
  }
}

type Times = Record<"ownCold" | "ownWarm" | "bareCold" | "bareWarm", number[]>;

/** The stack's own function, as something that can be created again under other names. */
async function ownFunction(lambda: LambdaClient, stack: StackOutputs) {
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

let created = 0;

/** Makes the function anew, so that its first call is a cold start, and calls it. */
async function measure(
  world: TestWorld,
  stack: StackOutputs,
  lambda: LambdaClient,
  input: CreateFunctionCommandInput,
  cold: number[],
  warm: number[],
): Promise<void> {
  const FunctionName = `bench-${created++}`;
  await lambda.send(new CreateFunctionCommand({ ...input, FunctionName }));
  const { FunctionUrl = "" } = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE" }),
  );
  const open = { FunctionName, Principal: "*" };
  await lambda.send(
    new AddPermissionCommand({
      ...open,
      StatementId: "url",
      Action: "lambda:InvokeFunctionUrl",
      FunctionUrlAuthType: "NONE",
    }),
  );
  await lambda.send(
    new AddPermissionCommand({
      ...open,
      StatementId: "invoke",
      Action: "lambda:InvokeFunction",
      InvokedViaFunctionUrl: true,
    }),
  );
  cold.push(await timeToReboot(world, stack, FunctionUrl));
  for (let call = 0; call < warmCalls; call++) {
    warm.push(await timeToReboot(world, stack, FunctionUrl));
  }
}

async function timeToReboot(world: TestWorld, stack: StackOutputs, url: string): Promise<number> {
  // Without a reboot before, none is held back by the limits.
  await new DynamoDBClient(world.aws).send(
    new DeleteItemCommand({
      TableName: stack.tableName,
      Key: { id: { S: `instance#${stack.instanceId}` } },
    }),
  );
  const before = world.gateway.calls.length;
  const startMs = performance.now();
  const { status, body } = await world.callUrl(url, {
    headers: { authorization: `Bearer ${world.webhookToken}`, "content-type": "application/json" },
    body: JSON.stringify({
      schema: "1",
      monitorId: "0123456789abcdef",
      monitorName: "bench",
      triggerType: "Critical",
      triggerValue: "6",
      windowStartMs: String(Date.now() - 600_000),
      windowEndMs: String(Date.now()),
      instanceId: stack.instanceId,
      alertUrl: `https://service.sumologic.com/ui/#/alert/${randomUUID()}`,
    }),
  });
  const [reboot] = world.gateway.calls
    .slice(before)
    .filter(({ action }) => action === "ec2:RebootInstances");
  if (reboot?.status !== 200) throw new Error(`no reboot: ${status} ${body}`);
  return reboot.atMs - startMs;
}

function report(times: Times): string {
  const row = (name: string, own: number[], bare: number[]) => [
    name,
    median(own).toFixed(0),
    median(bare).toFixed(0),
    ratio(median(own), median(bare)),
  ];
  return [
    "## Webhook to RebootInstances",
    "",
    `Medians of ${coldStarts} cold starts and ${coldStarts * warmCalls} warm calls, in the AWS emulator.`,
    "",
    table(
      ["start", "this function, ms", "bare Python function, ms", "against it"],
      [row("cold", times.ownCold, times.bareCold), row("warm", times.ownWarm, times.bareWarm)],
    ),
  ].join("\n");
}

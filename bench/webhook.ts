import { randomUUID } from "node:crypto";
import { DeleteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { CreateFunctionCommandInput, LambdaClient } from "@aws-sdk/client-lambda";
import type { StackOutputs } from "../sandbox/scenario/stack-client.ts";
import type { TestEnvironment } from "../sandbox/test-environment.ts";
import { bareFunction, createOpen, ownFunction, postAlert, withStack } from "./functions.ts";
import { median, ratio, table } from "./table.ts";

const coldStarts = 5;
const warmCalls = 20;

/** From posting an alert to the call of RebootInstances, at the gateway; cold and warm. */
export function benchWebhook(): Promise<string> {
  return withStack(async ({ environment, stack, lambda }) => {
    const own = await ownFunction(lambda, stack);
    const bare = bareFunction(own);
    const times = { ownCold: [], ownWarm: [], bareCold: [], bareWarm: [] } as Times;
    for (let round = 0; round < coldStarts; round++) {
      await measure(environment, stack, lambda, own, times.ownCold, times.ownWarm);
      await measure(environment, stack, lambda, bare, times.bareCold, times.bareWarm);
    }
    return report(times);
  });
}

type Times = Record<"ownCold" | "ownWarm" | "bareCold" | "bareWarm", number[]>;

/** Calls a function that was never called before, then again and again. */
async function measure(
  environment: TestEnvironment,
  stack: StackOutputs,
  lambda: LambdaClient,
  input: CreateFunctionCommandInput,
  cold: number[],
  warm: number[],
): Promise<void> {
  const url = await createOpen(lambda, input);
  cold.push(await timeToReboot(environment, stack, url));
  for (let call = 0; call < warmCalls; call++) {
    warm.push(await timeToReboot(environment, stack, url));
  }
}

async function timeToReboot(
  environment: TestEnvironment,
  stack: StackOutputs,
  url: string,
): Promise<number> {
  // Without an earlier reboot, no limit suppresses this one.
  await new DynamoDBClient(environment.aws).send(
    new DeleteItemCommand({
      TableName: stack.tableName,
      Key: { id: { S: `instance#${stack.instanceId}` } },
    }),
  );
  const before = environment.gateway.calls.length;
  const startMs = performance.now();
  const alertUrl = `https://service.sumologic.com/ui/#/alert/${randomUUID()}`;
  const { status, body } = await postAlert(environment, stack, { url, alertUrl });
  const [reboot] = environment.gateway.calls
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
      ["start", "this function, ms", "bare Python function, ms", "ratio"],
      [row("cold", times.ownCold, times.bareCold), row("warm", times.ownWarm, times.bareWarm)],
    ),
  ].join("\n");
}

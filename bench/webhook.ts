import { randomUUID } from "node:crypto";
import { DeleteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { CreateFunctionCommandInput, LambdaClient } from "@aws-sdk/client-lambda";
import type { StackOutputs } from "../sandbox/scenario/probe.ts";
import type { TestWorld } from "../sandbox/test-world.ts";
import { bareFunction, createOpen, ownFunction, postAlert, withStack } from "./functions.ts";
import { median, ratio, table } from "./table.ts";

const coldStarts = 5;
const warmCalls = 20;

/** From posting an alert to the call of RebootInstances, at the gateway; cold and warm. */
export function benchWebhook(): Promise<string> {
  return withStack(async ({ world, stack, lambda }) => {
    const own = await ownFunction(lambda, stack);
    const bare = bareFunction(own);
    const times = { ownCold: [], ownWarm: [], bareCold: [], bareWarm: [] } as Times;
    for (let round = 0; round < coldStarts; round++) {
      await measure(world, stack, lambda, own, times.ownCold, times.ownWarm);
      await measure(world, stack, lambda, bare, times.bareCold, times.bareWarm);
    }
    return report(times);
  });
}

type Times = Record<"ownCold" | "ownWarm" | "bareCold" | "bareWarm", number[]>;

/** Calls a function that was never called before, then again and again. */
async function measure(
  world: TestWorld,
  stack: StackOutputs,
  lambda: LambdaClient,
  input: CreateFunctionCommandInput,
  cold: number[],
  warm: number[],
): Promise<void> {
  const url = await createOpen(lambda, input);
  cold.push(await timeToReboot(world, stack, url));
  for (let call = 0; call < warmCalls; call++) {
    warm.push(await timeToReboot(world, stack, url));
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
  const alertUrl = `https://service.sumologic.com/ui/#/alert/${randomUUID()}`;
  const { status, body } = await postAlert(world, stack, { url, alertUrl });
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

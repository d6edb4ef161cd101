// `npm run drill -- [--stack dev] [--notify] [--reboot [--instance ID]]`: checks a real stack's chain link by link.
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { PipesClient } from "@aws-sdk/client-pipes";
import { SNSClient } from "@aws-sdk/client-sns";
import { openStack, runCommand } from "../open-stack.ts";
import { print, printable } from "../print.ts";
import { drill } from "./drill.ts";
import type { Ports } from "./ports.ts";
import { instanceToReboot } from "./request.ts";
import { drilledStack } from "./stack.ts";
import { SumoLogicApi } from "./sumo-logic.ts";

async function post(
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string },
) {
  const signal = AbortSignal.timeout(30_000);
  const response = await fetch(url, { method: "POST", headers, body, signal });
  return { status: response.status, body: await response.text() };
}

/** Asks on the terminal. Without a terminal, or at its end, the reply is empty. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  const reply = await Promise.race([terminal.question(printable(question)), ended]);
  terminal.close();
  return reply;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      stack: { type: "string" },
      notify: { type: "boolean", default: false },
      reboot: { type: "boolean", default: false },
      instance: { type: "string" },
    },
  });
  const { project, outputs, config, aws } = await openStack(values.stack);
  const stack = drilledStack(project, outputs, config);
  const reboot = instanceToReboot(values, stack.instanceIds);
  const ports: Ports = {
    stack,
    sumoLogic: new SumoLogicApi(stack.sumoLogic),
    lambda: new LambdaClient(aws),
    sns: new SNSClient(aws),
    ec2: new EC2Client(aws),
    logs: new CloudWatchLogsClient(aws),
    events: new EventBridgeClient(aws),
    pipes: new PipesClient(aws),
    loadBalancers: new ElasticLoadBalancingV2Client(aws),
    post,
    now: Date.now,
    sleep,
  };
  return drill(ports, { notify: values.notify, reboot, ask, say: print });
}

runCommand(main);

import type { Ports } from "../../../operate/drill/ports.ts";
import type { DrilledStack } from "../../../operate/drill/stack.ts";

export const instanceId = "i-0123456789abcdef0";

export const stack: DrilledStack = {
  instanceIds: [instanceId],
  functionName: "reboot",
  functionUrl: "https://abc.lambda-url.us-east-1.on.aws/",
  logGroupName: "/aws/lambda/reboot",
  topicArn: "arn:aws:sns:us-east-1:000000000000:topic",
  logSourceUrl: "https://endpoint.sumologic.com/receiver/v1/http/source-secret",
  logCheckSearchId: "00000000000000C1",
  savedSearchId: "00000000000000C2",
  monitorId: "00000000000000A1",
  silenceMonitorIds: { [instanceId]: "00000000000000A2" },
  alertRule: {
    apiPath: "/api/data",
    slowResponseSeconds: 3,
    maxSlowResponses: 5,
    windowMinutes: 10,
  },
  webhookToken: "token-secret",
  notificationEmails: ["a@example.com", "b@example.com"],
  sumoLogic: { baseUrl: "https://api.sumologic.com/api/", accessId: "id", accessKey: "key-secret" },
};

/** The same stack with three instances, and a target group. */
export const group: DrilledStack = {
  ...stack,
  instanceIds: ["i-0000000a", "i-0000000b", "i-0000000c"],
  silenceMonitorIds: {
    "i-0000000a": "00000000000000AA",
    "i-0000000b": "00000000000000AB",
    "i-0000000c": "00000000000000AC",
  },
  checks: { checkEveryMinutes: 3, maxChecks: 9 },
  targetGroupArn:
    "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/0123456789abcdef",
};

/** A client of AWS that responds to each command by its name; paginators check its class. */
export function awsClient(
  responses: Record<string, (input: Record<string, unknown>) => unknown>,
  { prototype }: { prototype: object } = Object,
) {
  return Object.assign(Object.create(prototype), {
    config: {},
    async send(command: { input: Record<string, unknown> }) {
      const response = responses[command.constructor.name];
      if (!response) throw new Error(`unexpected ${command.constructor.name}`);
      return response(command.input);
    },
  });
}

/** Ports that fail when they are used, but for those that are given; sleeping makes time pass. */
export function ports(given: Record<string, unknown> = {}): Ports & { slept: () => number } {
  let nowMs = Date.parse("2026-01-01T12:00:00Z");
  let sleptMs = 0;
  const refuse = async () => {
    throw new Error("unexpected call");
  };
  return {
    stack,
    sumoLogic: { get: refuse, search: refuse },
    lambda: awsClient({}),
    sns: awsClient({}),
    ec2: awsClient({}),
    logs: awsClient({}),
    events: awsClient({}),
    pipes: awsClient({}),
    loadBalancers: awsClient({}),
    post: refuse,
    now: () => nowMs,
    async sleep(milliseconds: number) {
      nowMs += milliseconds;
      sleptMs += milliseconds;
    },
    slept: () => sleptMs,
    ...given,
  } as unknown as Ports & { slept: () => number };
}

export async function errorOf(run: Promise<unknown>): Promise<string> {
  const outcome = await run.then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (outcome === undefined) throw new Error("it did not fail");
  return outcome;
}

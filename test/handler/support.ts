import { createHash } from "node:crypto";
import type {
  AttributeValue,
  GetItemCommandInput,
  TransactWriteItemsCommandInput,
  UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { InstanceStatus } from "@aws-sdk/client-ec2";
import type { SendMessageCommandInput } from "@aws-sdk/client-sqs";
import type { Clients } from "../../handler/aws-clients.ts";
import type { DeployedOptions } from "../../handler/options.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";

export const { createHandler } =
  loadProgram<typeof import("../../handler/index.ts")>("handler/index.ts");

export type Item = Record<string, AttributeValue>;

/** Three minutes after the window of `alertBody`: 2026-11-18T11:19:40Z. */
export const nowMs = 1795000780000;
export const instanceId = "i-0123456789abcdef0";
export const token = "a".repeat(64);
export const previousToken = "b".repeat(64);
/** The incident of `alertBody`. */
export const incidentId = "alert-dcb8bb778c60d551";
export const queueArn = "arn:aws:sqs:us-east-1:111122223333:checks";

/** The variables of the deployed function. */
export const functionVariables = {
  INSTANCE_ID: "i-0123456789abcdef0",
  TOPIC_ARN: "arn:aws:sns:us-east-1:111122223333:topic",
  TOKEN_SHA256: "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb",
  MONITOR_NAME: "monitor",
  ALERT_RULE: "rule",
  ALERT_SYMPTOM: "slow responses",
  LOG_GROUP: "group",
  TABLE_NAME: "table",
  COOLDOWN_MINUTES: "30",
  MAX_REBOOTS_PER_DAY: "3",
  QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/111122223333/checks",
  QUEUE_ARN: "arn:aws:sqs:us-east-1:111122223333:checks",
  CHECK_EVERY_MINUTES: "3",
  MAX_CHECKS: "8",
  AWS_LAMBDA_FUNCTION_NAME: "reboot",
};

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");

/** An error as the AWS SDK throws it. */
export function awsError(name: string, httpStatusCode?: number): Error {
  const error = Object.assign(new Error(`${name} happened`), { $metadata: { httpStatusCode } });
  error.name = name;
  return error;
}

/** A call to AWS that fails so. */
export function failing(error: unknown): () => Promise<never> {
  return async () => {
    throw error;
  };
}

/** The error of a transaction of which these parts did not hold, with their old items. */
export function cancelled(...items: (Item | undefined)[]): Error {
  const reason = (item: Item | undefined) =>
    item ? { Code: "ConditionalCheckFailed", Item: item } : { Code: "None" };
  return Object.assign(new Error("Transaction cancelled"), {
    name: "TransactionCanceledException",
    CancellationReasons: items.map(reason),
  });
}

/** A table whose updates leave an item like this. */
export function leaving(Attributes: Item): Clients["updateItem"] {
  return async () => ({ $metadata: {}, Attributes });
}

/** The attribute `event` of a write as the plain strings that others receive; `undefined` if it has none. */
export function eventOf(event: AttributeValue | undefined) {
  return event?.M && Object.fromEntries(Object.entries(event.M).map(([key, { S }]) => [key, S]));
}

/** An e-mail as an incident's item keeps it. */
export const storedMail = (at: number, subject: string, text: string): AttributeValue => ({
  M: { at: number(at), subject: { S: subject }, text: { S: text } },
});

export const number = (value: number): AttributeValue => ({ N: String(value) });

type HandlerResponse = { outcome: string; reason: string; notified: boolean; incidentId: string };
type Response = { statusCode: number; body: string };
type BatchResponse = { batchItemFailures: { itemIdentifier: string }[] };

/** An instance that runs well, as EC2 describes it. */
export const running: InstanceStatus = {
  InstanceId: instanceId,
  InstanceState: { Name: "running" },
  InstanceStatus: { Status: "ok" },
  SystemStatus: { Status: "ok" },
};

/** A handler with clients that record what they are asked and do what the test says. */
export function makeHandler({
  remainingMs = () => 20_000,
  options = {},
  ...behaviour
}: Partial<Clients> & {
  remainingMs?: () => number;
  options?: Partial<DeployedOptions>;
} = {}) {
  const willing: Clients = {
    loadForReboot: async () => {},
    transactWrite: async () => ({}),
    updateItem: async () => ({ $metadata: {} }),
    getItem: async () => ({ $metadata: {}, Item: { t0: number(nowMs) } }),
    describeInstanceStatus: async () => ({ $metadata: {}, InstanceStatuses: [running] }),
    sendMessage: async () => ({}),
    rebootInstances: async () => ({}),
    publish: async () => ({}),
    ...behaviour,
  };
  const calls: (keyof Clients)[] = [];
  const claims: TransactWriteItemsCommandInput[] = [];
  const updates: UpdateItemCommandInput[] = [];
  const gets: GetItemCommandInput[] = [];
  const statusCalls: unknown[] = [];
  const messages: SendMessageCommandInput[] = [];
  const reboots: unknown[] = [];
  const mails: { Subject: string; Message: string; TopicArn: string }[] = [];
  const waits: number[] = [];
  const records: Record<string, unknown>[] = [];
  const levels: string[] = [];
  const lines: string[] = [];
  const clients: Clients = {
    loadForReboot: willing.loadForReboot,
    transactWrite(input, limitMs) {
      calls.push("transactWrite");
      claims.push(input);
      return willing.transactWrite(input, limitMs);
    },
    updateItem(input, limitMs) {
      calls.push("updateItem");
      updates.push(input);
      return willing.updateItem(input, limitMs);
    },
    getItem(input, limitMs) {
      calls.push("getItem");
      gets.push(input);
      return willing.getItem(input, limitMs);
    },
    describeInstanceStatus(input, limitMs) {
      calls.push("describeInstanceStatus");
      statusCalls.push(input);
      return willing.describeInstanceStatus(input, limitMs);
    },
    sendMessage(input, limitMs) {
      calls.push("sendMessage");
      messages.push(input);
      return willing.sendMessage(input, limitMs);
    },
    rebootInstances(input, limitMs) {
      calls.push("rebootInstances");
      reboots.push(input);
      return willing.rebootInstances(input, limitMs);
    },
    publish(input, limitMs) {
      calls.push("publish");
      mails.push(input as (typeof mails)[number]);
      return willing.publish(input, limitMs);
    },
  };
  const handler = createHandler({
    instanceIds: [instanceId],
    topicArn: "arn:aws:sns:us-east-1:111122223333:topic",
    tokenDigests: [digestOf(token), digestOf(previousToken)],
    monitorName: "Slow responses of api data",
    alertRule: "more than 5 responses of /api/data over 3 s in 10 minutes",
    alertSymptom: "responses of /api/data took over 3 s",
    logGroupName: "/aws/lambda/reboot",
    functionName: "reboot",
    tableName: "table",
    limits: { cooldownMinutes: 30, maxRebootsPerDay: 3 },
    queueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/checks",
    queueArn,
    checks: { checkEveryMinutes: 3, maxChecks: 8 },
    clients,
    now: () => nowMs,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
    log: (level, record) => {
      levels.push(level);
      records.push(record);
    },
    writeLine: (line) => {
      lines.push(line);
    },
    ...options,
  });
  const context = { awsRequestId: "request-1", getRemainingTimeInMillis: () => remainingMs() };
  return {
    /** Lambda's context, which the test may change. */
    context,
    /** The names of the AWS calls, in their order. */
    calls,
    claims,
    updates,
    gets,
    statusCalls,
    messages,
    reboots,
    mails,
    waits,
    records,
    levels,
    /** What was written to the standard output as it is. */
    lines,
    /** Sends an event as it is. */
    handle: (event: unknown) => handler(event, context) as Promise<unknown>,
    /** Sends a webhook and reads its response. */
    async post(event: unknown) {
      const { statusCode, body } = (await handler(event, context)) as Response;
      return { status: statusCode, body, response: JSON.parse(body || "{}") as HandlerResponse };
    },
    invoke: async (payload: unknown) => (await handler(payload, context)) as HandlerResponse,
    /** Brings a message of the queue, and returns which one is given back, if one is. */
    async check(event: unknown = queueEvent()) {
      const { batchItemFailures } = (await handler(event, context)) as BatchResponse;
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
  };
}

/** The names of the metrics that these lines count. */
export function metricsOf(lines: readonly string[]): string[] {
  type Line = { _aws: { CloudWatchMetrics: { Metrics: { Name: string }[] }[] } };
  return lines.flatMap((line) =>
    (JSON.parse(line) as Line)._aws.CloudWatchMetrics.flatMap(({ Metrics }) =>
      Metrics.map(({ Name }) => Name),
    ),
  );
}

/** The error of a promise that must be rejected. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    (value) => {
      throw new Error(`not rejected, but returned ${JSON.stringify(value)}`);
    },
    (error: Error) => error,
  );
}

export const alertBody = {
  schema: "1",
  monitorId: "0123456789abcdef",
  triggerType: "Critical",
  triggerValue: "6",
  windowStartMs: "1795000000000",
  windowEndMs: "1795000600000",
  instanceId,
  alertUrl: "https://service.sumologic.com/ui/#/alert/1",
};

/** A function URL event (payload 2.0) with this body; `overrides` replace parts of the event. */
export function webhook(body: unknown = alertBody, overrides: Record<string, unknown> = {}) {
  return {
    version: "2.0",
    rawPath: "/",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    requestContext: { http: { method: "POST", path: "/" } },
    body: typeof body === "string" ? body : JSON.stringify(body),
    isBase64Encoded: false,
    ...overrides,
  };
}

/** The valid alert with other fields. */
export function alert(fields: Record<string, unknown> = {}) {
  return webhook({ ...alertBody, ...fields });
}

/** The nonce of the claim whose checks `checkMessage` are. */
export const claimNonce = "0f9e8d7c-6b5a-4f3e-9d2c-1b0a9f8e7d6c";

/** What the function queues for the next check of an incident. */
export function checkMessage(id: string = incidentId, nonce: string = claimNonce): string {
  return `{"incidentId":"${id}","nonce":"${nonce}","instanceId":"${instanceId}"}`;
}

/** A message of SQS as Lambda has it; `overrides` replace its parts. */
export function queueRecord(
  body: unknown = checkMessage(),
  overrides: Record<string, unknown> = {},
) {
  return {
    messageId: "message-1",
    receiptHandle: "handle",
    body,
    attributes: { ApproximateReceiveCount: "1" },
    messageAttributes: {},
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: "us-east-1",
    ...overrides,
  };
}

/** The event with this one message. */
export function queueEvent(
  body: unknown = checkMessage(),
  overrides: Record<string, unknown> = {},
) {
  return { Records: [queueRecord(body, overrides)] };
}

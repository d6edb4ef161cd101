import { createHash } from "node:crypto";
import type {
  TransactWriteItemsCommandInput,
  UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { InstanceStatus } from "@aws-sdk/client-ec2";
import type { Clients } from "../../handler/clients.ts";
import type { HandlerOptions } from "../../handler/options.ts";
import { loadProgram } from "../../sandbox/program.ts";

export const { createHandler } =
  loadProgram<typeof import("../../handler/index.ts")>("handler/index.ts");

/** Three minutes after the window of `alertBody`: 2026-11-18T11:33:00Z. */
export const nowMs = 1795000780000;
export const instanceId = "i-0123456789abcdef0";
export const token = "a".repeat(64);
export const previousToken = "b".repeat(64);

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");

/** An error as the AWS SDK throws it. */
export function awsError(name: string, httpStatusCode?: number): Error {
  const error = Object.assign(new Error(`${name} happened`), { $metadata: { httpStatusCode } });
  error.name = name;
  return error;
}

type Answer = { outcome: string; reason: string; notified: boolean; incidentId: string };
type Response = { statusCode: number; body: string };

/** An instance that runs well, as EC2 describes it. */
export const running: InstanceStatus = {
  InstanceId: instanceId,
  InstanceState: { Name: "running" },
  InstanceStatus: { Status: "ok" },
  SystemStatus: { Status: "ok" },
};

/** A handler with clients that record what they are asked and do what the test says. */
export function makeHandler({
  transactWrite = async () => ({}),
  updateItem = async () => ({}),
  describeInstanceStatus = async () => ({ $metadata: {}, InstanceStatuses: [running] }),
  rebootInstances = async () => ({}),
  publish = async () => ({}),
  createClients,
  remainingMs = () => 20_000,
  options = {},
}: Partial<Clients> & {
  createClients?: () => Promise<Clients>;
  remainingMs?: () => number;
  options?: Partial<HandlerOptions>;
} = {}) {
  const claims: TransactWriteItemsCommandInput[] = [];
  const updates: UpdateItemCommandInput[] = [];
  const waits: number[] = [];
  const looks: unknown[] = [];
  const reboots: unknown[] = [];
  const mails: { Subject: string; Message: string; TopicArn: string }[] = [];
  const records: Record<string, unknown>[] = [];
  const levels: string[] = [];
  const clients: Clients = {
    transactWrite: (input, limitMs) => {
      claims.push(input);
      return transactWrite(input, limitMs);
    },
    updateItem: (input, limitMs) => {
      updates.push(input);
      return updateItem(input, limitMs);
    },
    describeInstanceStatus: (input, limitMs) => {
      looks.push(input);
      return describeInstanceStatus(input, limitMs);
    },
    rebootInstances: (input, limitMs) => {
      reboots.push(input);
      return rebootInstances(input, limitMs);
    },
    publish: (input, limitMs) => {
      mails.push(input as (typeof mails)[number]);
      return publish(input, limitMs);
    },
  };
  const handler = createHandler({
    instanceId,
    topicArn: "arn:aws:sns:us-east-1:111122223333:topic",
    tokenDigests: [digestOf(token), digestOf(previousToken)],
    alertRule: "more than 5 responses of /api/data over 3 s in 10 minutes",
    logGroupName: "/aws/lambda/reboot",
    limits: { tableName: "table", cooldownMinutes: 30, maxRebootsPerDay: 3 },
    createClients: createClients ?? (async () => clients),
    now: () => nowMs,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
    log: (level, record) => {
      levels.push(level);
      records.push(record);
    },
    ...options,
  });
  const context = { awsRequestId: "request-1", getRemainingTimeInMillis: () => remainingMs() };
  return {
    claims,
    updates,
    waits,
    looks,
    reboots,
    mails,
    records,
    levels,
    /** Sends an event as it is. */
    handle: (event: unknown) => handler(event, context) as Promise<unknown>,
    /** Sends a webhook and reads its answer. */
    async post(event: unknown) {
      const { statusCode, body } = (await handler(event, context)) as Response;
      return { status: statusCode, body, answer: JSON.parse(body || "{}") as Answer };
    },
    byHand: async (payload: unknown) => (await handler(payload, context)) as Answer,
  };
}

/** The error of a promise that must be rejected. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    (value) => {
      throw new Error(`not rejected, but answered ${JSON.stringify(value)}`);
    },
    (error: Error) => error,
  );
}

export const alertBody = {
  schema: "1",
  monitorId: "0123456789abcdef",
  monitorName: "Slow responses",
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

import { setTimeout as sleep } from "node:timers/promises";
import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { EC2Client, StartInstancesCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import {
  LambdaClient,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Environment } from "../../../sandbox/environment.ts";
import { alertBody } from "../../../sandbox/scenario/stack-client.ts";
import { incidentIdOf } from "../../../sandbox/test-environment.ts";
import { waitFor } from "../../../sandbox/wait.ts";
import type { Recorder } from "./recorder.ts";
import type { Row, Scenario } from "./rows.ts";
import type { Worker } from "./workers.ts";

/** SNS delivers asynchronously. */
export const deliveryMs = 150;

/** The result of a row. */
export interface Result<S = Scenario> {
  readonly row: Row<S>;
  /** How often EC2 rebooted the instance, including the repeated alert. */
  readonly reboots: number;
  /** The e-mails, in order, and the alarms. */
  readonly mails: readonly string[];
  readonly alarms: readonly string[];
  /** Minutes until the first notification, with the default settings. */
  readonly notifiedMinutes: number;
  /** What the same alert does when it is delivered again without a fault. */
  readonly repeat: string;
}

/** The row whose fault is armed, by the worker's function name. */
export type Armed = Map<string, Row<unknown>>;

/** Runs one row on a worker, and restores the worker's state. */
export async function runRow(
  row: Row,
  worker: Worker,
  {
    environment,
    recorder,
    tableName,
    armed,
  }: {
    environment: Environment;
    recorder: Recorder;
    tableName: string;
    armed: Armed;
  },
): Promise<Result> {
  const { scenario } = row.call;
  const callsOfWorker = () =>
    environment.gateway.calls
      .slice(callsBefore)
      .filter(({ functionName }) => functionName === worker.functionName);
  const sqs = new SQSClient(environment.aws);
  const ec2 = new EC2Client(environment.aws);
  const db = new DynamoDBClient(environment.aws);
  const lambda = new LambdaClient(environment.aws);
  const key = { id: { S: `instance#${worker.instanceId}` } };
  const sinceMs = Date.now();
  const callsBefore = environment.gateway.calls.length;
  // A check must not be delivered again while it waits for time-outs or holds the lease.
  const VisibilityTimeout = row.kind === "time-out" || row.call.holdsLease ? "18" : "6";
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: worker.queueUrl, Attributes: { VisibilityTimeout } }),
  );
  if (scenario === "suppressed" || scenario === "end within the cool-down") {
    const Item = { ...key, t0: { N: String(Date.now() - 60_000) } };
    await db.send(new PutItemCommand({ TableName: tableName, Item }));
  }
  if (scenario === "not running") {
    await ec2.send(new StopInstancesCommand({ InstanceIds: [worker.instanceId] }));
  }
  const quiet = quietScenarios.includes(scenario) ? quietHoursAround(sinceMs) : undefined;
  const setQuietHours = (variables: Readonly<Record<string, string>>) =>
    lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: worker.functionName,
        Environment: { Variables: { ...worker.variables, ...variables } },
      }),
    );
  if (quiet) await setQuietHours({ QUIET_HOURS: quiet.text });
  const alertUrl = `https://service.sumologic.com/ui/#/alert/${worker.functionName}-${sinceMs}`;
  // A crashed function does not return it.
  const incidentId = incidentIdOf(alertUrl);
  const post = (triggerType: string) =>
    postAlert(
      environment,
      worker,
      alertBody(worker.instanceId, Date.now(), { triggerType, alertUrl }),
    );
  const postResolution = () =>
    postAlert(environment, worker, resolutionBody(worker.instanceId, Date.now(), alertUrl));
  const during = async <T>(its: readonly Scenario[], action: () => Promise<T>): Promise<T> => {
    if (its.includes(scenario)) armed.set(worker.functionName, row);
    const result = await action();
    armed.delete(worker.functionName);
    return result;
  };
  const consumeChecks = (Enabled: boolean) =>
    lambda.send(new UpdateEventSourceMappingCommand({ UUID: worker.mappingId, Enabled }));

  await during(["alert", "suppressed", "not running", "quiet hours"], () => post("Critical"));
  await sleep(deliveryMs);
  const mailsAtOnce = await recorder.mailsOf(incidentId);
  await setRebootBack(db, tableName, incidentId);
  if (quiet) await setQuietHours({});
  else await during(["resolved", "end within the cool-down"], postResolution);
  await during(["check", "end of quiet hours"], async () => {
    await consumeChecks(true);
    await untilEmpty(sqs, worker.queueUrl);
    await consumeChecks(false);
  });
  await sleep(deliveryMs);
  const mails = await recorder.mailsOf(incidentId);
  const crashes = callsOfWorker().filter(({ fault }) => fault?.kind === "crash").length;
  const alarms = await recorder.alarmsOf(worker, {
    incidentIds: [incidentId, ...(quiet ? [quiet.periodId] : [])],
    sinceMs,
    crashes,
  });
  const checks = callsOfWorker().filter(({ delaySeconds }) => delaySeconds !== undefined).length;
  const notifiedMinutes = minutesUntilNotified({ mailsAtOnce, mails, alarms, checks });
  if (scenario === "not running") {
    await ec2.send(new StartInstancesCommand({ InstanceIds: [worker.instanceId] }));
  }
  const repeat = await post("Critical");

  const reboots = callsOfWorker().filter(
    ({ action, status, isDryRun }) =>
      action === "ec2:RebootInstances" && status === 200 && !isDryRun,
  ).length;
  await sqs.send(new PurgeQueueCommand({ QueueUrl: worker.queueUrl }));
  await db.send(new DeleteItemCommand({ TableName: tableName, Key: key }));
  return { row, reboots, mails, alarms, notifiedMinutes, repeat };
}

const quietScenarios: readonly Scenario[] = ["quiet hours", "end of quiet hours"];

/** Each row has its own end, since the workers share the table and so the quiet periods. */
let quietRows = 0;

/** Quiet hours since yesterday, and the incident of the quiet period. */
function quietHoursAround(nowMs: number): { text: string; periodId: string } {
  const minuteMs = 60_000;
  const untilMs = (Math.floor(nowMs / minuteMs) + 120 + quietRows++) * minuteMs;
  const dayAndTime = (ms: number) => {
    const day = new Date(ms).toLocaleDateString("en-GB", { weekday: "short", timeZone: "UTC" });
    return `${day} ${new Date(ms).toISOString().slice(11, 16)}`;
  };
  const text = `${dayAndTime(nowMs - 24 * 60 * minuteMs)}-${dayAndTime(untilMs)} UTC`;
  return { text, periodId: `quiet-${untilMs}` };
}

/**
 * Minutes until the first notification, with the default settings: checks run every three minutes, a failed one is
 * delivered again after two, five times in total; an alarm evaluates five minutes.
 */
function minutesUntilNotified({
  mailsAtOnce,
  mails,
  alarms,
  checks,
}: {
  mailsAtOnce: readonly string[];
  mails: readonly string[];
  alarms: readonly string[];
  checks: number;
}): number {
  if (mailsAtOnce.length > 0) return 0;
  if (alarms.includes("errors") || alarms.includes("notification-failed")) return 5;
  if (mails.length > 0) return 3 * checks;
  return alarms.includes("dead-letters") ? 3 * checks + 5 * 2 + 1 : Number.POSITIVE_INFINITY;
}

/** How long after the reboot the alert resolves: long enough that the last response is later. */
const resolvedMs = 12 * 60_000;

/** Moves the incident's reboot into the past, if one is recorded, instead of waiting that long. */
async function setRebootBack(
  db: DynamoDBClient,
  TableName: string,
  incidentId: string,
): Promise<void> {
  const update = new UpdateItemCommand({
    TableName,
    Key: { id: { S: `incident#${incidentId}` } },
    ConditionExpression: "attribute_exists(rebootRequestedAt)",
    UpdateExpression: "SET rebootRequestedAt = rebootRequestedAt - :earlier",
    ExpressionAttributeValues: { ":earlier": { N: String(resolvedMs) } },
  });
  await db.send(update).catch((error: Error) => {
    if (error.name !== "ConditionalCheckFailedException") throw error;
  });
}

/** The body of a resolution after successful requests. */
export function resolutionBody(instanceId: string, windowEndMs: number, alertUrl: string): string {
  return alertBody(instanceId, windowEndMs, {
    triggerType: "ResolvedCritical",
    triggerValue: "0",
    alertUrl,
    requestCount: "20",
    failedCount: "0",
    lastSuccessMs: String(windowEndMs - 1_000),
  });
}

/** Posts an alert, and returns the limit that suppressed it, or else the outcome. */
export async function postAlert(
  environment: Environment,
  worker: Worker,
  alert: string,
): Promise<string> {
  const { status, body } = await environment.callUrl(worker.functionUrl, {
    headers: {
      authorization: `Bearer ${environment.webhookToken}`,
      "content-type": "application/json",
    },
    body: alert,
  });
  const response = status === 200 ? JSON.parse(body) : {};
  const limit = /suppressed (?:as a|by the|by) ([\w -]+?):/.exec(response.reason ?? "")?.[1];
  return limit ?? response.outcome ?? `no response (${status})`;
}

/** Resolves when the queue has no message in any state; throws after five minutes. */
async function untilEmpty(sqs: SQSClient, QueueUrl: string): Promise<void> {
  const names = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
  ] as const;
  await waitFor(
    `${QueueUrl} to be empty`,
    async () => {
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] });
      const { Attributes = {} } = await sqs.send(command);
      return names.every((name) => Number(Attributes[name]) === 0);
    },
    // Polling more often would keep the emulator busy with nothing else.
    { intervalMs: 300, timeoutMs: 300_000 },
  );
}

import { setTimeout as sleep } from "node:timers/promises";
import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { EC2Client, StartInstancesCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { LambdaClient, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { alertBody } from "../../../sandbox/scenario/probe.ts";
import { incidentIdOf } from "../../../sandbox/test-world.ts";
import type { World } from "../../../sandbox/world.ts";
import type { Lane } from "./lanes.ts";
import type { Row, Scenario } from "./rows.ts";
import type { Witness } from "./witness.ts";

/** SNS delivers by itself, a little later. */
const deliveryMs = 150;

/** Lanes that ask more often would keep the emulator busy with nothing else. */
const pollMs = 300;

/** What a row came to. */
export interface Result {
  readonly row: Row;
  /** How often EC2 rebooted the instance, the repeated alert included. */
  readonly reboots: number;
  /** The e-mails, in order, and the alarms. */
  readonly mails: readonly string[];
  readonly alarms: readonly string[];
  /** After how many minutes people got the first of them, with the settings' defaults. */
  readonly toldMinutes: number;
  /** What the same alert does when it comes again, with everything well. */
  readonly repeat: string;
}

/** Which row goes wrong in which lane just now. */
export type Armed = Map<string, Row>;

/** Runs one row in a lane, and leaves the lane as it was. */
export async function runRow(
  row: Row,
  lane: Lane,
  {
    world,
    witness,
    tableName,
    armed,
  }: {
    world: World;
    witness: Witness;
    tableName: string;
    armed: Armed;
  },
): Promise<Result> {
  const { scenario } = row.call;
  const callsOfLane = () =>
    world.gateway.calls
      .slice(callsBefore)
      .filter(({ functionName }) => functionName === lane.functionName);
  const sqs = new SQSClient(world.aws);
  const ec2 = new EC2Client(world.aws);
  const db = new DynamoDBClient(world.aws);
  const lambda = new LambdaClient(world.aws);
  const key = { id: { S: `instance#${lane.instanceId}` } };
  const sinceMs = Date.now();
  const callsBefore = world.gateway.calls.length;
  // A check must not be delivered again while it waits for time-outs, or has its turn to tell.
  const VisibilityTimeout = row.kind === "time-out" || row.call.isInTurn ? "18" : "6";
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: lane.queueUrl, Attributes: { VisibilityTimeout } }),
  );
  if (scenario === "held back" || scenario === "end within the cool-down") {
    const Item = { ...key, t0: { N: String(Date.now() - 60_000) } };
    await db.send(new PutItemCommand({ TableName: tableName, Item }));
  }
  if (scenario === "not running") {
    await ec2.send(new StopInstancesCommand({ InstanceIds: [lane.instanceId] }));
  }
  const alertUrl = `https://service.sumologic.com/ui/#/alert/${lane.functionName}-${sinceMs}`;
  // A function that crashed does not answer it.
  const incidentId = incidentIdOf(alertUrl);
  const post = (triggerType: string) =>
    postAlert(world, lane, alertBody(lane.instanceId, Date.now(), { triggerType, alertUrl }));
  const postResolution = () =>
    postAlert(world, lane, resolutionBody(lane.instanceId, Date.now(), alertUrl));
  const during = async <T>(its: readonly Scenario[], action: () => Promise<T>): Promise<T> => {
    if (its.includes(scenario)) armed.set(lane.functionName, row);
    const result = await action();
    armed.delete(lane.functionName);
    return result;
  };
  const takeChecks = (Enabled: boolean) =>
    lambda.send(new UpdateEventSourceMappingCommand({ UUID: lane.mappingId, Enabled }));

  await during(["alert", "held back", "not running"], () => post("Critical"));
  await sleep(deliveryMs);
  const mailsAtOnce = await witness.mailsOf(incidentId);
  await setRebootBack(db, tableName, incidentId);
  await during(["resolved", "end within the cool-down"], postResolution);
  await during(["check"], async () => {
    await takeChecks(true);
    await untilEmpty(sqs, lane.queueUrl);
    await takeChecks(false);
  });
  await sleep(deliveryMs);
  const mails = await witness.mailsOf(incidentId);
  const crashes = callsOfLane().filter(({ fault }) => fault?.kind === "crash").length;
  const alarms = await witness.alarmsOf(lane, { incidentId, sinceMs, crashes });
  const checks = callsOfLane().filter(({ delaySeconds }) => delaySeconds !== undefined).length;
  const toldMinutes = minutesUntilTold({ mailsAtOnce, mails, alarms, checks });
  if (scenario === "not running") {
    await ec2.send(new StartInstancesCommand({ InstanceIds: [lane.instanceId] }));
  }
  const repeat = await post("Critical");

  const reboots = callsOfLane().filter(
    ({ action, status, isDryRun }) =>
      action === "ec2:RebootInstances" && status === 200 && !isDryRun,
  ).length;
  await sqs.send(new PurgeQueueCommand({ QueueUrl: lane.queueUrl }));
  await db.send(new DeleteItemCommand({ TableName: tableName, Key: key }));
  return { row, reboots, mails, alarms, toldMinutes, repeat };
}

/**
 * When the first word comes, by the clock of the settings' defaults: a check comes every three
 * minutes, a failed one again after two, five times in all; an alarm looks at five minutes.
 */
function minutesUntilTold({
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
  if (alarms.includes("errors") || alarms.includes("not-told")) return 5;
  if (mails.length > 0) return 3 * checks;
  return alarms.includes("dead-letters") ? 3 * checks + 5 * 2 + 1 : Number.POSITIVE_INFINITY;
}

/** How long after the reboot the alert resolves: long enough that the last response came after it. */
const resolvedMs = 12 * 60_000;

/** Has the incident's reboot happened so long ago, if one is noted: nobody waits that long. */
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
function resolutionBody(instanceId: string, windowEndMs: number, alertUrl: string): string {
  return alertBody(instanceId, windowEndMs, {
    triggerType: "ResolvedCritical",
    triggerValue: "0",
    alertUrl,
    requestCount: "20",
    failedCount: "0",
    lastSuccessMs: String(windowEndMs - 1_000),
  });
}

/** Posts an alert, and returns which limit held it back, or else the outcome. */
async function postAlert(world: World, lane: Lane, alert: string): Promise<string> {
  const { status, body } = await world.callUrl(lane.functionUrl, {
    headers: { authorization: `Bearer ${world.webhookToken}`, "content-type": "application/json" },
    body: alert,
  });
  const answer = status === 200 ? JSON.parse(body) : {};
  const limit = /held back (?:as a|by the) ([\w -]+?):/.exec(answer.reason ?? "")?.[1];
  return limit ?? answer.outcome ?? `no answer (${status})`;
}

/** Resolves when the queue has no message in any state; throws after five minutes. */
async function untilEmpty(sqs: SQSClient, QueueUrl: string): Promise<void> {
  const names = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
  ] as const;
  for (let waitedMs = 0; waitedMs < 300_000; waitedMs += pollMs) {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] });
    const { Attributes = {} } = await sqs.send(command);
    if (names.every((name) => Number(Attributes[name]) === 0)) return;
    await sleep(pollMs);
  }
  throw new Error(`${QueueUrl} still has messages after five minutes`);
}

import { setTimeout as sleep } from "node:timers/promises";
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, PurgeQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { readGroup } from "../../handler/incidents/group-item.ts";
import { type Item, readIncident } from "../../handler/incidents/table.ts";
import { setMode } from "../../operate/mode/mode.ts";
import { runInstances } from "../../sandbox/scenario/existing-instances.ts";
import {
  alertBody,
  StackClient,
  type StackOutputs,
  stackOutputs,
} from "../../sandbox/scenario/stack-client.ts";
import { startTestEnvironment, type TestEnvironment } from "../../sandbox/test-environment.ts";
import { waitFor } from "../../sandbox/wait.ts";

const side = 50;

describe("a storm of alerts of a group of 50 instances", () => {
  let environment: TestEnvironment;
  let db: DynamoDBClient;
  let sqs: SQSClient;
  let stack: StackOutputs;
  let client: StackClient;
  let checkQueueUrl: string;
  before(async () => {
    environment = await startTestEnvironment();
    const { aws, gateway } = environment;
    [db, sqs] = [new DynamoDBClient(aws), new SQSClient(aws)];
    const ids = await runInstances(aws, 50);
    const engine = await environment.createEngine({
      policyPack: null,
      settings: {
        instanceIds: { value: ids.join() },
        // Otherwise 50 alerts have a shared cause, and none reboots.
        maxAffectedPercent: { value: "100" },
        maxRebootsPerDayInGroup: { value: "2" },
      },
    });
    await engine.up();
    stack = stackOutputs(await engine.stack.outputs());
    client = new StackClient(environment, stack);
    const { Environment } = await new LambdaClient(aws).send(
      new GetFunctionConfigurationCommand({ FunctionName: stack.functionName }),
    );
    checkQueueUrl = Environment?.Variables?.QUEUE_URL ?? "";
    gateway.longestDelaySeconds = 5;
    await startFunctions();
  });
  after(() => environment.stop());

  /**
   * Starts as many functions as the storm needs, while the kill switch is off: fifty cold starts take many
   * seconds on two processors, and calls would run into their time limits.
   */
  async function startFunctions(): Promise<void> {
    const { tableName, instanceIds } = stack;
    const [instanceId = "", ...others] = instanceIds;
    await setMode(
      { db, tableName, instanceId, otherCount: others.length },
      { mode: "off", reason: "start", nowMs: environment.clock.now(), forMs: undefined },
    );
    environment.gateway.faults = () => ({ kind: "slow", milliseconds: 1_500 });
    await storm(instanceIds.map((id) => alertOf(id, "start")));
    environment.gateway.faults = undefined;
    await sleep(10_000);
    for (const QueueUrl of [checkQueueUrl, stack.deadLetterQueueUrl]) {
      await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    }
    for (const { id } of await items()) {
      await db.send(
        new DeleteItemCommand({ TableName: tableName, Key: { id: id as AttributeValue } }),
      );
    }
    client.newReboots();
  }

  function alertOf(instanceId: string, page: string, triggerType = "Critical"): string {
    const alertUrl = `https://service.sumologic.com/ui/#/alert/${instanceId}-${page}`;
    return alertBody(instanceId, environment.clock.now(), { alertUrl, triggerType });
  }

  /**
   * Posts webhooks in this order, 50 at a time, and returns the outcomes of their responses. One that fails, because
   * calls run into their time limits on a busy machine, is delivered again.
   */
  async function storm(bodies: readonly string[]): Promise<string[]> {
    const outcomes: string[] = [];
    const queue = [...bodies].reverse();
    await Promise.all(
      Array.from({ length: side }, async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
          const { body } = await client.postWebhook(environment.webhookToken, next);
          const { outcome } = JSON.parse(body);
          outcomes.push(outcome);
          if (outcome === "failed") queue.unshift(next);
        }
      }),
    );
    return outcomes.filter((it) => it !== "failed");
  }

  async function items(): Promise<Item[]> {
    const { Items = [] } = await db.send(
      new ScanCommand({ TableName: stack.tableName, ConsistentRead: true }),
    );
    return Items;
  }

  const incidents = async () =>
    (await items()).filter(({ id }) => id?.S?.startsWith("incident#")).map(readIncident);

  async function groupItem(): Promise<Item> {
    const [item = {}] = (await items()).filter(({ id }) => id?.S === "group");
    return item;
  }

  /** Messages of a queue that are visible, delayed or in flight. */
  async function messagesIn(QueueUrl: string): Promise<number> {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    return (["", "Delayed", "NotVisible"] as const)
      .map((it) => Number(Attributes[`ApproximateNumberOfMessages${it}`]))
      .reduce((a, b) => a + b);
  }

  it("with each alert delivered twice and responses to claims 2 s late stores each once, loses none and stays below every limit", async () => {
    const isClaim = (body: string) => body.includes("leaseUntil#");
    environment.gateway.faults = ({ action, body }) =>
      action === "dynamodb:TransactWriteItems" && isClaim(body)
        ? { kind: "slow", milliseconds: 2_000 }
        : undefined;
    const callsBefore = environment.gateway.calls.length;

    const outcomes = await storm(
      stack.instanceIds.map((id) => alertOf(id, "storm")).flatMap((it) => [it, it]),
    );
    await waitFor(
      "the end of all incidents",
      async () => (await incidents()).every(({ closedAtMs }) => closedAtMs !== undefined),
      { intervalMs: 2_000, timeoutMs: 400_000 },
    );
    environment.gateway.faults = undefined;

    const canceledClaims = environment.gateway.calls
      .slice(callsBefore)
      .filter(({ fault, error }) => fault && error === "TransactionCanceledException");
    expect(outcomes).to.have.length(100);
    expect(new Set(outcomes)).to.deep.equal(new Set(["waiting", "skipped"]));
    const ended = await incidents();
    expect(ended.map(({ instanceId }) => instanceId)).to.have.members(stack.instanceIds);
    const [first, second, ...others] = ended
      .filter(({ rebootRequestedAtMs }) => rebootRequestedAtMs !== undefined)
      .sort((a, b) => a.claimedAtMs - b.claimedAtMs);
    expect(others).to.deep.equal([]);
    expect(second?.claimedAtMs).to.be.at.least(first?.closedAtMs ?? Number.NaN);
    expect(client.newReboots().map(({ instanceIds }) => instanceIds.join())).to.deep.equal([
      first?.instanceId,
      second?.instanceId,
    ]);
    expect(ended.filter(({ outcome }) => outcome === "suppressed")).to.have.length(48);
    const { alerts, leases, rebootsMs } = readGroup(await groupItem());
    expect([alerts.size, leases.size, rebootsMs.length]).to.deep.equal([50, 0, 2]);
    expect(canceledClaims.length).to.be.below(50);
    await waitFor("an empty queue", async () => (await messagesIn(checkQueueUrl)) === 0, {
      timeoutMs: 150_000,
    });
    expect(await messagesIn(stack.deadLetterQueueUrl)).to.equal(0);
  });

  it("records 50 resolutions at once in an item of less than 10 KB", async () => {
    await storm(stack.instanceIds.map((id) => alertOf(id, "storm", "ResolvedCritical")));

    const item = await groupItem();
    const resolved = [...readGroup(item).alerts.values()].filter(
      ({ resolvedAtMs }) => resolvedAtMs !== undefined,
    );
    expect(resolved).to.have.length(50);
    expect(sizeOf(item)).to.be.below(10_000);
  });
});

/**
 * The size of an item of strings, numbers and lists, in bytes, as DynamoDB counts it:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
function sizeOf(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOfValue(value),
    0,
  );
}

function sizeOfValue({ S, N, L = [] }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  return 3 + L.reduce((sum, it) => sum + 1 + sizeOfValue(it), 0);
}

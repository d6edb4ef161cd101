import { randomUUID } from "node:crypto";
import {
  DynamoDBClient,
  GetItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import fc from "fast-check";
import type { Clients } from "../../handler/aws-clients.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";
import {
  createClaims,
  incidentIdOf,
  startTestEnvironment,
  type TestEnvironment,
} from "../../sandbox/test-environment.ts";

const { createHandler } = loadProgram<typeof import("../../handler/index.ts")>("handler/index.ts");

const minute = 60_000;
const day = 24 * 60 * minute;
const queueArn = "arn:aws:sqs:us-east-1:111122223333:checks";
const token = "a".repeat(64);
const tokenDigest = "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb";

/** The handler's AWS calls. Each of them may fail or end the process. */
const callNames = [
  "transactWrite",
  "updateItem",
  "getItem",
  "describeInstanceStatus",
  "sendMessage",
  "rebootInstances",
  "publish",
] as const;
type CallName = (typeof callNames)[number];

interface Fault {
  readonly call: CallName;
  readonly how: "error" | "crash";
  readonly when: "before" | "after";
}

const step = fc.record({
  minutes: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 900 })),
  event: fc.oneof(
    fc.record({ kind: fc.constant("alert" as const), alert: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ kind: fc.constant("manual" as const), force: fc.boolean() }),
    fc.record({ kind: fc.constant("check" as const), alert: fc.integer({ min: 1, max: 6 }) }),
  ),
  faults: fc.array(
    fc.record<Fault>({
      call: fc.constantFrom(...callNames),
      how: fc.constantFrom("error", "crash"),
      when: fc.constantFrom("before", "after"),
    }),
    { maxLength: 2 },
  ),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The whole handler against a table that evaluates its conditions; EC2, SNS and SQS accept every call. */
describe("the handler over any sequence of alerts, manual invocations, checks, faults and clock steps", () => {
  let environment: TestEnvironment;
  let db: DynamoDBClient;
  let runs = 0;
  before(async () => {
    environment = await startTestEnvironment();
    db = new DynamoDBClient(environment.aws);
    await createClaims(db);
  });
  after(() => environment.stop());

  /** Runs the steps. Returns when the instance was rebooted, and which kind of event caused it. */
  async function play(steps: readonly Step[]) {
    const run = ++runs;
    const instanceId = `i-${String(run).padStart(8, "0")}`;
    /** The latest message of each incident, by its id. */
    const messages = new Map<string, string>();
    const reboots: { atMs: number; isForced: boolean; event: string }[] = [];
    let nowMs = Date.parse("2026-01-01T12:00:00Z");
    for (const { minutes, event, faults } of steps) {
      nowMs += minutes * minute;
      let crash = () => {};
      const crashed = new Promise<void>((resolve) => {
        crash = resolve;
      });

      /** The call with its faults; after a crash it never returns. */
      const call =
        <Input, Output>(name: CallName, effect: (input: Input) => Promise<Output>) =>
        async (input: Input): Promise<Output> => {
          const fault = faults.find((it) => it.call === name);
          const output = fault?.when === "before" ? undefined : await effect(input);
          if (fault?.how === "crash") {
            crash();
            return new Promise(() => {});
          }
          if (fault) throw Object.assign(new Error("injected"), { name: "TimeoutError" });
          return output as Output;
        };
      const clients = {
        loadForReboot: async () => {},
        transactWrite: call("transactWrite", (input: never) =>
          db.send(new TransactWriteItemsCommand(input)),
        ),
        updateItem: call("updateItem", (input: never) => db.send(new UpdateItemCommand(input))),
        getItem: call("getItem", (input: never) => db.send(new GetItemCommand(input))),
        describeInstanceStatus: call("describeInstanceStatus", async () => ({
          InstanceStatuses: [
            {
              InstanceId: instanceId,
              InstanceState: { Name: "running" },
              SystemStatus: { Status: "ok" },
              InstanceStatus: { Status: "ok" },
            },
          ],
        })),
        sendMessage: call("sendMessage", async ({ MessageBody }: { MessageBody: string }) => {
          messages.set(JSON.parse(MessageBody).incidentId, MessageBody);
        }),
        rebootInstances: call("rebootInstances", async () => {
          const isForced = event.kind === "manual" && event.force;
          reboots.push({ atMs: nowMs, isForced, event: event.kind });
        }),
        publish: call("publish", async () => ({})),
      } as unknown as Clients;
      const handler = createHandler({
        instanceIds: [instanceId],
        topicArn: "arn:aws:sns:us-east-1:111122223333:topic",
        tokenDigests: [tokenDigest],
        monitorName: "model",
        alertRule: "rule",
        alertSymptom: "slow responses",
        logGroupName: "group",
        functionName: "function",
        tableName: "claims",
        limits: { cooldownMinutes: 30, maxRebootsPerDay: 3 },
        queueUrl: "https://queue",
        queueArn,
        checks: { checkEveryMinutes: 3, maxChecks: 8 },
        clients,
        log: () => {},
        writeLine: () => {},
        now: () => nowMs,
        wait: async () => {},
      });
      const context = {
        awsRequestId: `request-${run}-${nowMs}`,
        getRemainingTimeInMillis: () => 60_000,
      };
      // Only a manual invocation throws, because it shows the error to its caller.
      const handled = handler(eventOf(event, { run, instanceId, nowMs, messages }), context).catch(
        () => {},
      );
      await Promise.race([handled, crashed]);
    }
    return reboots;
  }

  function eventOf(
    event: Step["event"],
    {
      run,
      instanceId,
      nowMs,
      messages,
    }: {
      run: number;
      instanceId: string;
      nowMs: number;
      messages: ReadonlyMap<string, string>;
    },
  ): unknown {
    if (event.kind === "manual") return { force: event.force };
    const alertUrl = `https://service.sumologic.com/ui/#/alert/${run}-${event.alert}`;
    if (event.kind === "check") {
      const incidentId = incidentIdOf(alertUrl);
      const forged = JSON.stringify({ incidentId, nonce: randomUUID() });
      const body = messages.get(incidentId) ?? forged;
      return {
        Records: [{ eventSource: "aws:sqs", eventSourceARN: queueArn, messageId: "m", body }],
      };
    }
    return {
      headers: { authorization: `Bearer ${token}` },
      requestContext: { http: { method: "POST" } },
      body: JSON.stringify({
        schema: "1",
        monitorId: "1",
        triggerType: "Critical",
        triggerValue: "6",
        windowStartMs: String(nowMs - 10 * minute),
        windowEndMs: String(nowMs),
        instanceId,
        alertUrl,
      }),
    };
  }

  it("never reboots twice within the cool-down, or more often than the daily limit", async () => {
    let rebootCount = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 16 }), async (steps) => {
        const reboots = await play(steps);

        rebootCount += reboots.length;
        for (const [index, { atMs, isForced, event }] of reboots.entries()) {
          expect(event, "a check rebooted").not.to.equal("check");
          const before = reboots.slice(0, index);
          const isCool = before.every((it) => atMs - it.atMs >= 30 * minute);
          expect(isCool || isForced, "within the cool-down").to.equal(true);
          const ofDay = before.filter((it) => atMs - it.atMs < day);
          expect(ofDay.length, "reboots in the 24 hours before").to.be.below(3);
        }
      }),
      { numRuns: 40 },
    );
    // Otherwise a handler that does nothing would pass.
    expect(rebootCount).to.be.above(40);
  });
});

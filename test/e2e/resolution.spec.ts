import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
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
const start = Date.parse("2026-01-01T12:00:00Z");
const token = "a".repeat(64);
const tokenDigest = "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb";

/** The handler against a table that evaluates its conditions. */
describe("a resolution in DynamoDB", () => {
  let environment: TestEnvironment;
  let db: DynamoDBClient;
  let nowMs: number;
  let instanceId: string;
  let alertUrl: string;
  let mails: string[];
  let count = 0;
  before(async () => {
    environment = await startTestEnvironment();
    db = new DynamoDBClient(environment.aws);
    await createClaims(db);
  });
  after(() => environment.stop());
  beforeEach(() => {
    nowMs = start;
    instanceId = `i-${String(++count).padStart(8, "0")}`;
    alertUrl = `https://service.sumologic.com/ui/#/alert/${count}`;
    mails = [];
  });

  /** Sends a resolution whose window ended at a time. Returns the reason in the response. */
  async function resolve(windowEndMs: number): Promise<string> {
    const clients = {
      updateItem: (input: never) => db.send(new UpdateItemCommand(input)),
      getItem: (input: never) => db.send(new GetItemCommand(input)),
      publish: async ({ Subject }: { Subject: string }) => void mails.push(Subject),
    } as unknown as Clients;
    const handler = createHandler({
      instanceIds: [instanceId],
      topicArn: "arn:aws:sns:us-east-1:111122223333:topic",
      tokenDigests: [tokenDigest],
      monitorName: "monitor",
      alertRule: "rule",
      alertSymptom: "slow responses",
      logGroupName: "group",
      functionName: "function",
      tableName: "claims",
      limits: { cooldownMinutes: 30, maxRebootsPerDay: 3 },
      queueUrl: "https://queue",
      queueArn: "arn:aws:sqs:us-east-1:111122223333:checks",
      checks: { checkEveryMinutes: 3, maxChecks: 8 },
      clients,
      log: () => {},
      writeLine: () => {},
      now: () => nowMs,
      wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
    });
    const event = {
      headers: { authorization: `Bearer ${token}` },
      requestContext: { http: { method: "POST" } },
      body: JSON.stringify({
        schema: "1",
        monitorId: "1",
        triggerType: "ResolvedCritical",
        triggerValue: "0",
        windowStartMs: String(windowEndMs - 10 * minute),
        windowEndMs: String(windowEndMs),
        instanceId,
        alertUrl,
      }),
    };
    const context = { awsRequestId: "request", getRemainingTimeInMillis: () => 60_000 };
    const { body } = (await handler(event, context)) as { body: string };
    return JSON.parse(body).reason;
  }

  const key = () => ({ id: { S: `incident#${incidentIdOf(alertUrl)}` } });

  async function putIncident(fields: Record<string, { N: string }>): Promise<void> {
    await db.send(new PutItemCommand({ TableName: "claims", Item: { ...key(), ...fields } }));
  }

  async function resolvedAt(): Promise<string | undefined> {
    const { Item } = await db.send(new GetItemCommand({ TableName: "claims", Key: key() }));
    return Item?.resolvedAt?.N;
  }

  for (const [what, windowEndMs] of [
    ["an old one", start - 16 * minute],
    ["one from the future", start + 2 * minute],
  ] as const) {
    it(`causes no e-mail when ${what} is sent 30 times`, async () => {
      const reasons = await Promise.all(Array.from({ length: 30 }, () => resolve(windowEndMs)));

      expect(mails).to.deep.equal([]);
      expect(reasons.filter((it) => it.includes("ResolvedCritical alert"))).to.have.length(30);
    });
  }

  it("causes one e-mail per cool-down when a fresh one is sent 30 times at once", async () => {
    const reasons = await Promise.all(
      Array.from({ length: 30 }, () => resolve(nowMs - 2 * minute)),
    );

    expect(mails).to.deep.equal([`Alert resolved for EC2 instance ${instanceId}`]);
    expect(reasons.filter((it) => it.includes("no e-mail: a resolution was"))).to.have.length(29);
    nowMs += 30 * minute - 1;
    await resolve(nowMs);
    expect(mails).to.have.length(1);
    nowMs += 1;
    await resolve(nowMs);
    expect(mails).to.have.length(2);
  });

  for (const [what, windowEndMs] of [
    ["before the reboot", start - 1],
    ["at the reboot", start],
  ] as const) {
    it(`does not count for an incident if its window ends ${what}`, async () => {
      await putIncident({ rebootRequestedAt: { N: String(start) } });
      nowMs += 2 * minute;

      await resolve(windowEndMs);

      expect([await resolvedAt(), mails]).to.deep.equal([undefined, []]);
    });
  }

  it("counts once if its window ends after the reboot", async () => {
    await putIncident({ rebootRequestedAt: { N: String(start) } });
    nowMs += 2 * minute;

    await resolve(start + 1);
    nowMs += minute;
    await Promise.all(Array.from({ length: 30 }, () => resolve(nowMs)));

    expect([await resolvedAt(), mails]).to.deep.equal([String(start + 2 * minute), []]);
  });

  it("does not count for an incident that does not exist or has no reboot", async () => {
    await resolve(nowMs);
    expect(await resolvedAt()).to.equal(undefined);

    await putIncident({ claimedAt: { N: String(start) } });
    await resolve(nowMs);

    expect(await resolvedAt()).to.equal(undefined);
  });

  it("of a closed incident causes one e-mail, however often it is sent", async () => {
    const atStart = { N: String(start) };
    await putIncident({ rebootRequestedAt: atStart, closedAt: atStart });
    nowMs += 5 * minute;

    await resolve(nowMs);
    nowMs += 60 * minute;
    await Promise.all(Array.from({ length: 30 }, () => resolve(nowMs)));

    expect(mails).to.have.length(1);
  });
});

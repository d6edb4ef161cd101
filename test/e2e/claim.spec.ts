import { readFileSync } from "node:fs";
import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import fc from "fast-check";
import type { Claim } from "../../handler/incidents/claim-result.ts";
import type { Alert, ManualRequest } from "../../handler/requests/types.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";
import {
  createClaims,
  startTestEnvironment,
  type TestEnvironment,
} from "../../sandbox/test-environment.ts";

const { claimReboot } = loadProgram<typeof import("../../handler/incidents/claim.ts")>(
  "handler/incidents/claim.ts",
);

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.parse("2026-01-01T12:00:00Z");
const tableName = "claims";
const limits = { cooldownMinutes: 30, maxRebootsPerDay: 3 };

/** The claim against a table that evaluates its conditions. */
describe("a claim in DynamoDB", () => {
  let environment: TestEnvironment;
  let db: DynamoDBClient;
  let nowMs: number;
  let count = 0;
  before(async () => {
    environment = await startTestEnvironment();
    db = new DynamoDBClient(environment.aws);
    await createClaims(db);
  });
  after(() => environment.stop());
  let instanceId: string;
  beforeEach(() => {
    nowMs = start;
    instanceId = `i-${String(++count).padStart(8, "0")}`;
  });

  function claim(request: Partial<Alert> | Partial<ManualRequest> = {}): Promise<Claim> {
    const alert = {
      kind: "alert",
      incidentId: `alert-${++count}`,
      triggerValue: 6,
      windowStartMs: 1,
      windowEndMs: 2,
      reason: "",
      force: false,
      ...request,
    };
    const transactWrite = (input: ConstructorParameters<typeof TransactWriteItemsCommand>[0]) =>
      db.send(new TransactWriteItemsCommand(input));
    const options = {
      instanceId,
      tableName,
      limits,
      monitorName: "m",
      clients: { transactWrite },
      now: () => nowMs,
      wait: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
    };
    const wanted = { request: alert as Alert, reason: "slow", nonce: `nonce-${++count}` };
    return claimReboot(wanted, { options: options as never, limitMs: 120_000 });
  }

  const invoke = (force: boolean) => claim({ kind: "manual", force });
  const textOf = (it: Claim) => (it.kind === "suppressed" ? it.limit : it.kind);

  async function put(fields: Record<string, { S: string } | { N: string } | { BOOL: boolean }>) {
    const Item = { id: { S: `instance#${instanceId}` }, ...fields };
    await db.send(new PutItemCommand({ TableName: "claims", Item }));
  }

  it("succeeds once per incident", async () => {
    const incidentId = `alert-${++count}`;

    expect(textOf(await claim({ incidentId }))).to.equal("claimed");
    expect(textOf(await claim({ incidentId }))).to.equal("duplicate");
    nowMs += 2 * day;
    expect(textOf(await claim({ incidentId }))).to.equal("duplicate");
  });

  for (const [milliseconds, expected] of [
    [30 * minute - 1, "cool-down"],
    [30 * minute, "claimed"],
  ] as const) {
    it(`is ${expected} ${milliseconds} ms after the previous one`, async () => {
      await claim();
      nowMs += milliseconds;

      expect(textOf(await claim())).to.equal(expected);
    });
  }

  for (const [milliseconds, expected] of [
    [day - 1, "daily limit"],
    [day, "claimed"],
  ] as const) {
    it(`is ${expected} for the fourth reboot, ${milliseconds} ms after the first of three`, async () => {
      for (const hours of [0, 1, 2]) {
        nowMs = start + hours * 60 * minute;
        expect(textOf(await claim())).to.equal("claimed");
      }
      nowMs = start + milliseconds;

      expect(textOf(await claim())).to.equal(expected);
    });
  }

  it("passes the cool-down with force, never the daily limit", async () => {
    expect(textOf(await invoke(true))).to.equal("claimed");
    expect(textOf(await invoke(false))).to.equal("cool-down");
    expect(textOf(await invoke(true))).to.equal("claimed");
    expect(textOf(await invoke(true))).to.equal("claimed");
    expect(textOf(await invoke(true))).to.equal("daily limit");
  });

  for (const [what, item, expected] of [
    ["mode on", { mode: { S: "on" } }, "claimed"],
    ["mode off", { mode: { S: "off" } }, "mode"],
    ["mode dryrun", { mode: { S: "dryrun" } }, "only-dry-run"],
    ["an unknown mode", { mode: { S: "On" } }, "mode"],
    ["a mode that is not a string", { mode: { BOOL: true } }, "mode"],
    ["mode off until now", { mode: { S: "off" }, modeUntil: { N: String(start) } }, "claimed"],
    ["mode off for longer", { mode: { S: "off" }, modeUntil: { N: String(start + 1) } }, "mode"],
    ["mode off until a string", { mode: { S: "off" }, modeUntil: { S: "1" } }, "mode"],
    ["a last reboot that is a string", { t0: { S: "1" } }, "cool-down"],
    ["a last reboot in the future", { t0: { N: String(start + day) } }, "cool-down"],
    ["a third reboot that is a string", { t2: { S: "1" } }, "daily limit"],
    ["no attributes", {}, "claimed"],
  ] as const) {
    it(`is ${expected} with an item with ${what}`, async () => {
      await put(item);

      expect(textOf(await claim())).to.equal(expected);
      if (expected === "mode") expect(textOf(await invoke(true))).to.equal("mode");
    });
  }

  it("is stopped by the runbook's aws CLI command, even after a mode that has expired", async () => {
    await put({ mode: { S: "off" }, modeUntil: { N: String(start - 1) } });
    const runbook = readFileSync("docs/runbook.md", "utf8");
    const [, command = ""] =
      /^(aws dynamodb update-item --table-name TABLE .*)$/m.exec(runbook) ?? [];
    const option = (name: string) =>
      new RegExp(`--${name} '([^']*)'`).exec(command)?.[1]?.replace("i-…", instanceId) ?? "";

    await db.send(
      new UpdateItemCommand({
        TableName: "claims",
        Key: JSON.parse(option("key")),
        UpdateExpression: option("update-expression"),
        ExpressionAttributeNames: JSON.parse(option("expression-attribute-names")),
        ExpressionAttributeValues: JSON.parse(option("expression-attribute-values")),
      }),
    );

    expect(textOf(await claim())).to.equal("mode");
  });

  it("succeeds once for fifty different concurrent alerts", async () => {
    const claims = await Promise.all(Array.from({ length: 50 }, () => claim()));

    expect(claims.filter(({ kind }) => kind === "claimed")).to.have.length(1);
  });

  it("is independent for another instance", async () => {
    await claim();
    instanceId = `i-${++count}`;

    expect(textOf(await claim())).to.equal("claimed");
  });

  it("keeps the cool-down and the daily limit over any sequence of claims and times", async () => {
    const step = fc.record({
      minutes: fc.integer({ min: 0, max: 600 }),
      force: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async (steps) => {
        instanceId = `i-${++count}`;
        nowMs = start;
        const given: { atMs: number; force: boolean }[] = [];
        for (const { minutes, force } of steps) {
          nowMs += minutes * minute;
          const last = given.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;
          const ofDay = given.filter(({ atMs }) => nowMs - atMs < day).length;
          const isAllowed = ofDay < 3 && (force || nowMs - last >= 30 * minute);

          const { kind } = await invoke(force);

          expect(kind === "claimed", JSON.stringify({ given, nowMs })).to.equal(isAllowed);
          if (kind === "claimed") given.push({ atMs: nowMs, force });
        }
      }),
      { numRuns: 15 },
    );
  });

  it("starts from zero when its item is deleted", async () => {
    await claim();
    const Key = { id: { S: `instance#${instanceId}` } };
    await db.send(new DeleteItemCommand({ TableName: "claims", Key }));

    expect(textOf(await claim())).to.equal("claimed");
  });
});

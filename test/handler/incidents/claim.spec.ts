import type { TransactWriteItemsCommandInput } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import {
  alert,
  awsError,
  cancelled,
  failing,
  type Item,
  instanceId,
  makeHandler,
  nowMs,
  number,
  webhook,
} from "../support.ts";

function conflict(): Error {
  const CancellationReasons = [{ Code: "TransactionConflict" }, { Code: "None" }];
  return Object.assign(new Error("conflict"), {
    name: "TransactionCanceledException",
    CancellationReasons,
  });
}

/** The two parts of the first claim. */
function partsOf(claims: TransactWriteItemsCommandInput[]) {
  const [instance, incident] = claims[0]?.TransactItems ?? [];
  if (!instance?.Update || !incident?.Put?.Item) throw new Error("no claim of two parts");
  return { Update: instance.Update, Put: { ...incident.Put, Item: incident.Put.Item } };
}

const minute = 60_000;

describe("the claim", () => {
  it("precedes the reboot and writes the instance's item and a new one for the incident", async () => {
    const { claims, reboots, post } = makeHandler();

    await post(webhook());

    expect(reboots).to.have.length(1);
    const { Update, Put } = partsOf(claims);
    expect([Update.TableName, Put.TableName]).to.deep.equal(["table", "table"]);
    expect(Update.Key).to.deep.equal({ id: { S: `instance#${instanceId}` } });
    expect(Put.ConditionExpression).to.equal("attribute_not_exists(id)");
    const { nonce, event: _, ...incident } = Put.Item;
    expect(nonce).to.have.property("S").with.length(36);
    expect(incident).to.deep.equal({
      id: { S: "incident#alert-dcb8bb778c60d551" },
      source: { S: "webhook" },
      why: { S: "Slow responses of api data" },
      count: { S: "6" },
      windowStartMs: number(1795000000000),
      windowEndMs: number(1795000600000),
      alertUrl: { S: "https://service.sumologic.com/ui/#/alert/1" },
      instanceId: { S: "i-0123456789abcdef0" },
      claimedAt: number(1795000780000),
      // 90 days later, in seconds.
      expiresAt: number(1802776780),
    });
  });

  it("checks mode, cool-down and daily limit in one condition", async () => {
    const { claims, post } = makeHandler();

    await post(webhook());

    const { ConditionExpression, ExpressionAttributeValues } = partsOf(claims).Update;
    expect(ConditionExpression).to.equal(
      "(attribute_not_exists(#mode) OR #mode = :on OR modeUntil <= :now) AND " +
        "(attribute_not_exists(t2) OR t2 <= :dayAgo) AND " +
        "(attribute_not_exists(t0) OR t0 <= :cooled)",
    );
    expect(ExpressionAttributeValues).to.deep.include({
      ":now": number(1795000780000),
      ":dayAgo": number(1795000780000 - 24 * 60 * minute),
      ":cooled": number(1795000780000 - 30 * minute),
    });
  });

  it("passes the cool-down, and nothing else, of a manual invocation with force", async () => {
    const { claims, invoke } = makeHandler();

    await invoke({ force: true });

    const { ConditionExpression } = partsOf(claims).Update;
    expect(ConditionExpression).to.equal(
      "(attribute_not_exists(#mode) OR #mode = :on OR modeUntil <= :now) AND " +
        "(attribute_not_exists(t2) OR t2 <= :dayAgo)",
    );
  });

  for (const payload of [{ dryRun: true }, { dryRun: true, force: true }]) {
    it(`is not made for ${JSON.stringify(payload)}`, async () => {
      const { claims, invoke } = makeHandler();

      await invoke(payload);

      expect(claims).to.deep.equal([]);
    });
  }

  for (const [what, error, reason] of [
    [
      "the incident was claimed",
      cancelled(undefined, { nonce: { S: "other" }, claimedAt: number(nowMs - minute) }),
      "suppressed as a duplicate: this incident was already claimed at 2026-11-18T11:18:40.000Z",
    ],
    [
      "the incident was claimed and the cool-down holds",
      cancelled({ t0: number(nowMs - minute) }, { nonce: { S: "other" } }),
      "suppressed as a duplicate: this incident was already claimed at an unknown time",
    ],
    [
      "the last reboot was 29 minutes ago",
      cancelled({ t0: number(nowMs - 29 * minute) }),
      "suppressed by the cool-down: the last reboot was claimed at 2026-11-18T10:50:40.000Z, less than 30 minutes ago, until 2026-11-18T11:20:40.000Z",
    ],
    [
      "the daily limit is reached",
      cancelled({ t0: number(nowMs - 60 * minute), t2: number(nowMs - 23 * 60 * minute) }),
      "suppressed by the daily limit: the limit of 3 reboots in 24 hours is reached, until 2026-11-18T12:19:40.000Z",
    ],
    [
      "it is switched off",
      cancelled({
        mode: { S: "off" },
        modeSince: number(nowMs - 60 * minute),
        modeReason: { S: "release" },
        modeUntil: number(nowMs + 60 * minute),
      }),
      "suppressed by the kill switch: the mode is off since 2026-11-18T10:19:40.000Z: release, until 2026-11-18T12:19:40.000Z",
    ],
    [
      "the mode is a word that nobody knows",
      cancelled({ mode: { S: "OFF!" } }),
      "suppressed by the kill switch: the mode is OFF! since an unknown time",
    ],
    [
      "the mode is no string",
      cancelled({ mode: { BOOL: true } }),
      "suppressed by the kill switch: the mode is not a string since an unknown time",
    ],
    [
      "a time has a wrong type",
      cancelled({ t0: { S: "yesterday" } }),
      "suppressed by the cool-down: the last reboot was claimed at an unknown time, less than 30 minutes ago",
    ],
    [
      "the kill switch ends at a number that is no time, such as nanoseconds",
      cancelled({ mode: { S: "off" }, modeUntil: number(nowMs * 1_000_000) }),
      "suppressed by the kill switch: the mode is off since an unknown time",
    ],
    [
      "the time of the last reboot is a number that is no time",
      cancelled({ t0: { N: "1e300" } }),
      "suppressed by the cool-down: the last reboot was claimed at an unknown time, less than 30 minutes ago",
    ],
    [
      "a time of the daily limit has a wrong type",
      cancelled({ t2: { S: "yesterday" } }),
      "suppressed by the daily limit: the limit of 3 reboots in 24 hours is reached",
    ],
  ] as const) {
    it(`responds 200 and reboots nothing when ${what}`, async () => {
      const { reboots, mails, post } = makeHandler({
        transactWrite: failing(error),
      });

      const { status, response } = await post(webhook());

      expect(status).to.equal(200);
      expect(response.outcome).to.equal("skipped");
      expect(response.reason).to.equal(reason);
      expect(reboots).to.deep.equal([]);
      const isDuplicate = reason.includes("duplicate");
      expect(mails.map(({ Subject }) => Subject)).to.deep.equal(
        isDuplicate ? [] : ["NOT rebooted: suppressed for EC2 instance i-0123456789abcdef0"],
      );
    });
  }

  const suppressing = failing(cancelled({ t0: number(nowMs - minute) }));

  it("notifies people of the first suppressed alert in a cool-down, with the reason", async () => {
    const { updates, mails, post } = makeHandler({ transactWrite: suppressing });

    expect((await post(webhook())).response.notified).to.equal(true);
    expect(updates).to.deep.equal([
      {
        TableName: "table",
        Key: { id: { S: "instance#i-0123456789abcdef0" } },
        ConditionExpression: "attribute_not_exists(heldBackToldAt) OR heldBackToldAt <= :before",
        UpdateExpression: "SET heldBackToldAt = :now, event = :event",
        ExpressionAttributeValues: {
          ":now": number(nowMs),
          ":before": number(nowMs - 30 * minute),
          ":event": updates[0]?.ExpressionAttributeValues?.[":event"],
        },
      },
    ]);
    expect(mails[0]?.Message.split("\n").slice(0, 5)).to.deep.equal([
      "What:     Responses are slow, but a limit, quiet hours or the kill switch prevented the reboot.",
      "Next:     No further automatic action for this alert. A new alert can trigger a reboot unless a limit, quiet hours or the kill switch prevents it.",
      "To do:    Check the instance now. The reason says what prevented the reboot.",
      "",
      "Why:      suppressed by the cool-down: the last reboot was claimed at 2026-11-18T11:18:40.000Z, less than 30 minutes ago, until 2026-11-18T11:48:40.000Z",
    ]);
  });

  for (const [what, name, count] of [
    ["does not notify people of the later ones", "ConditionalCheckFailedException", 0],
    ["notifies people if nobody knows whether it is the first", "ThrottlingException", 1],
  ] as const) {
    it(what, async () => {
      const { mails, post } = makeHandler({
        transactWrite: suppressing,
        updateItem: failing(awsError(name, 400)),
      });

      const { status, response } = await post(webhook());

      expect([status, response.outcome, response.notified]).to.deep.equal([
        200,
        "skipped",
        count > 0,
      ]);
      expect(mails).to.have.length(count);
    });
  }

  for (const [what, notifiedAt, count] of [
    ["another e-mail was sent a minute ago", nowMs - minute, 0],
    ["this one was, and the response was lost", nowMs, 1],
    ["another one was sent before the cool-down", nowMs - 30 * minute, 1],
    ["none was sent", undefined, 1],
  ] as const) {
    it(`sends ${count} e-mails where the write fails and a read says that ${what}`, async () => {
      const Item: Item = notifiedAt === undefined ? {} : { heldBackToldAt: number(notifiedAt) };
      const { mails, post } = makeHandler({
        transactWrite: suppressing,
        updateItem: failing(awsError("TransactionConflictException", 400)),
        getItem: async () => ({ $metadata: {}, Item }),
      });

      await post(webhook());

      expect(mails).to.have.length(count);
    });
  }

  it("sends no e-mail for a manual invocation: the response says it", async () => {
    const { updates, mails, invoke } = makeHandler({ transactWrite: suppressing });

    expect((await invoke({})).reason).to.include("suppressed by the cool-down");
    expect([updates, mails]).to.deep.equal([[], []]);
  });

  it("says in the e-mail that force passed the cool-down", async () => {
    const { mails, invoke } = makeHandler();

    await invoke({ force: true, reason: "release" });

    expect(mails[0]?.Message).to.include(
      "Why:      manual invocation with force, without the cool-down: release",
    );
  });

  it("only asks EC2 while the mode is dryrun, and says why", async () => {
    const item = { mode: { S: "dryrun" }, modeSince: number(nowMs), modeReason: { S: "trial" } };
    const { reboots, mails, post } = makeHandler({
      transactWrite: failing(cancelled(item)),
      rebootInstances: failing(awsError("DryRunOperation", 412)),
    });

    const { response } = await post(webhook());

    expect(reboots).to.deep.equal([{ InstanceIds: [instanceId], DryRun: true }]);
    expect(response.outcome).to.equal("dry-run");
    expect(response.reason).to.equal(
      "EC2 would permit the reboot; the mode is dryrun since 2026-11-18T11:19:40.000Z: trial",
    );
    expect(mails.map(({ Subject }) => Subject)).to.deep.equal([
      "NOT rebooted, only a dry run, for EC2 instance i-0123456789abcdef0",
    ]);
  });

  it("ignores a mode that has ended", async () => {
    const item = { mode: { S: "off" }, modeUntil: number(nowMs), t0: number(nowMs - minute) };
    const { post } = makeHandler({
      transactWrite: failing(cancelled(item)),
    });

    expect((await post(webhook())).response.reason).to.include("suppressed by the cool-down");
  });

  it("knows itself when its response was lost and the SDK asked again", async () => {
    const { reboots, post } = makeHandler({
      transactWrite: async ({ TransactItems }) => {
        throw cancelled({ t0: number(nowMs) }, TransactItems?.[1]?.Put?.Item);
      },
    });

    const { response } = await post(webhook());

    expect(response.outcome).to.equal("rebooted");
    expect(reboots).to.have.length(1);
  });

  it("is another one in each invocation, also of the same event", async () => {
    const { claims, invoke } = makeHandler();

    await invoke({});
    await invoke({});

    const nonces = claims.map(({ TransactItems }) => TransactItems?.[1]?.Put?.Item?.nonce?.S);
    expect(new Set(nonces).size).to.equal(2);
    const ids = claims.map(({ TransactItems }) => TransactItems?.[1]?.Put?.Item?.id?.S);
    expect(ids).to.deep.equal(["incident#manual-request-1", "incident#manual-request-1"]);
  });

  it("tries again when claims met, and then succeeds", async () => {
    let calls = 0;
    const { reboots, waits, post } = makeHandler({
      transactWrite: async () => {
        if (++calls < 3) throw conflict();
      },
    });

    expect((await post(webhook())).response.outcome).to.equal("rebooted");
    expect(reboots).to.have.length(1);
    expect(waits).to.have.length(2);
  });

  for (const [what, error] of [
    ["DynamoDB is throttled", Object.assign(new Error("slow"), { name: "ThrottlingException" })],
    ["access is denied", Object.assign(new Error("no"), { name: "AccessDeniedException" })],
    ["the response is lost", Object.assign(new Error("aborted"), { name: "AbortError" })],
    ["a reason has no form", Object.assign(new Error("?"), { CancellationReasons: [null, 7] })],
    ["what is thrown is no error", "rubbish"],
  ] as const) {
    it(`reboots nothing and notifies people when ${what}`, async () => {
      const { reboots, mails, post } = makeHandler({
        transactWrite: failing(error),
      });

      const { status, response } = await post(webhook());

      expect(status).to.equal(200);
      expect(response.outcome).to.equal("failed");
      expect(response.reason).to.include("the reboot could not be claimed");
      expect(reboots).to.deep.equal([]);
      expect(mails).to.have.length(1);
    });
  }

  it("reboots nothing when claims meet again and again, and a storm of them notifies people once", async () => {
    let notifiedAt: number | undefined;
    const { reboots, mails, post } = makeHandler({
      transactWrite: failing(conflict()),
      updateItem: async () => {
        if (notifiedAt !== undefined) throw awsError("TransactionConflictException", 400);
        notifiedAt = nowMs - 1;
        return { $metadata: {} };
      },
      getItem: async () => ({
        $metadata: {},
        Item: { heldBackToldAt: number(Number(notifiedAt)) },
      }),
    });

    const responses: { outcome: string; reason: string }[] = [];
    for (let index = 0; index < 20; index++) {
      const alertUrl = `https://service.sumologic.com/ui/#/alert/${index}`;
      responses.push((await post(alert({ alertUrl }))).response);
    }

    expect(new Set(responses.map(({ outcome }) => outcome))).to.deep.equal(new Set(["skipped"]));
    expect(responses[0]?.reason).to.equal(
      "suppressed by concurrent alerts: every attempt conflicted with a concurrent claim",
    );
    expect(reboots).to.deep.equal([]);
    expect(mails.map(({ Subject }) => Subject)).to.deep.equal([
      "NOT rebooted: suppressed for EC2 instance i-0123456789abcdef0",
    ]);
  });

  it("ends within its time, however often claims meet", async () => {
    let clock = nowMs;
    const limits: number[] = [];
    const { post } = makeHandler({
      options: { now: () => clock },
      transactWrite: async (_input, limitMs) => {
        limits.push(limitMs);
        clock += 2_500;
        throw conflict();
      },
    });

    expect((await post(webhook())).response.outcome).to.equal("skipped");
    expect(limits).to.deep.equal([4_000, 1_500]);
  });
});

describe("the age of an alert", () => {
  for (const [what, windowEndMs, outcome] of [
    ["15 minutes ago", nowMs - 15 * minute, "rebooted"],
    ["a millisecond more than 15 minutes ago", nowMs - 15 * minute - 1, "skipped"],
    ["in a minute", nowMs + minute, "rebooted"],
    ["in a minute and a millisecond", nowMs + minute + 1, "skipped"],
  ] as const) {
    it(`${outcome === "rebooted" ? "is right" : "claims and reboots nothing"} when the window ended ${what}`, async () => {
      const { claims, reboots, post } = makeHandler();

      const { response } = await post(alert({ windowEndMs: String(windowEndMs) }));

      expect(response.outcome).to.equal(outcome);
      const count = outcome === "rebooted" ? 1 : 0;
      expect([claims.length, reboots.length]).to.deep.equal([count, count]);
    });
  }
});

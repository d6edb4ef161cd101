import { expect } from "chai";
import type { Clients } from "../../handler/aws-clients.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";
import {
  alert,
  awsError,
  cancelled,
  failing,
  type Item,
  incidentId,
  makeHandler,
  nowMs,
  number,
  webhook,
} from "./support.ts";

const { parseQuietHours } =
  loadProgram<typeof import("../../handler/quiet-hours.ts")>("handler/quiet-hours.ts");

const minute = 60_000;
/** The alert arrives on a Wednesday at 11:19:40 UTC. */
const untilMs = Date.parse("2026-11-18T13:00:00Z");
const quiet = { quietHours: parseQuietHours("Wed 12:00-14:00 Europe/Berlin") };

/** A table in which the alert that is stored first begins the period. */
function storing(): Partial<Clients> {
  let period: Item = {};
  return {
    async transactWrite({ TransactItems = [] }) {
      const [{ Update } = {}] = TransactItems;
      const values = Update?.ExpressionAttributeValues ?? {};
      period = {
        nonce: values[":nonce"] ?? { S: "" },
        quietUntil: values[":until"] ?? number(0),
        claimedAt: values[":now"] ?? number(0),
        ...period,
      };
    },
    getItem: async ({ Key }) => ({
      $metadata: {},
      Item: Key?.id?.S?.startsWith("incident#quiet-") ? period : { t0: number(0) },
    }),
  };
}

function quietHandler(behaviour: Partial<Clients> = {}, options = {}) {
  return makeHandler({ ...storing(), ...behaviour, options: { ...quiet, ...options } });
}

describe("an alert in quiet hours", () => {
  it("reboots nothing, and the response says why and until when", async () => {
    const { post, calls, reboots } = quietHandler();

    const { status, response } = await post(webhook());

    expect([status, response.outcome, response.notified]).to.deep.equal([200, "skipped", true]);
    expect(response.reason).to.equal(
      "suppressed by quiet hours: the alert waits for their end, until 2026-11-18T13:00:00.000Z",
    );
    expect(reboots).to.deep.equal([]);
    expect(calls).to.deep.equal([
      "transactWrite",
      "getItem",
      "sendMessage",
      "updateItem",
      "getItem",
      "publish",
    ]);
  });

  it("is stored, and joins its quiet period in the same write", async () => {
    const { post, claims } = quietHandler();

    await post(webhook());

    const [{ Update = undefined } = {}, { Put = undefined } = {}] = claims[0]?.TransactItems ?? [];
    const nonce = Update?.ExpressionAttributeValues?.[":nonce"];
    expect(nonce?.S).to.match(/^[\w-]{36}$/);
    expect(Update).to.deep.equal({
      TableName: "table",
      Key: { id: { S: "incident#quiet-1795006800000" } },
      ConditionExpression:
        "attribute_not_exists(closedAt) AND (attribute_not_exists(alerts) OR size(alerts) < :most)",
      UpdateExpression:
        "SET #source = :source, instanceId = if_not_exists(instanceId, :instanceId), quietUntil = :until, nonce = if_not_exists(nonce, :nonce), claimedAt = if_not_exists(claimedAt, :now), expiresAt = if_not_exists(expiresAt, :expiresAt), alerts = list_append(if_not_exists(alerts, :none), :alert) REMOVE event",
      ExpressionAttributeNames: { "#source": "source" },
      ExpressionAttributeValues: {
        ":source": { S: "quiet hours" },
        ":instanceId": { S: "i-0123456789abcdef0" },
        ":until": number(1795006800000),
        ":nonce": nonce,
        ":now": number(1795000780000),
        ":expiresAt": number(1802776780),
        ":none": { L: [] },
        ":alert": { L: [{ S: "alert-dcb8bb778c60d551" }] },
        ":most": number(20),
      },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    expect(Put).to.deep.equal({
      TableName: "table",
      Item: {
        id: { S: "incident#alert-dcb8bb778c60d551" },
        source: { S: "webhook" },
        why: { S: "Slow responses of api data" },
        count: { S: "6" },
        windowStartMs: number(1795000000000),
        windowEndMs: number(1795000600000),
        alertUrl: { S: "https://service.sumologic.com/ui/#/alert/1" },
        instanceId: { S: "i-0123456789abcdef0" },
        nonce,
        claimedAt: number(1795000780000),
        expiresAt: number(1802776780),
        quietUntil: number(1795006800000),
      },
      ConditionExpression: "attribute_not_exists(id)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
  });

  it("queues a check of its period, for 15 minutes later, which is SQS's longest delay", async () => {
    const { post, claims, messages } = quietHandler();

    await post(webhook());

    const nonce = claims[0]?.TransactItems?.[0]?.Update?.ExpressionAttributeValues?.[":nonce"]?.S;
    expect(messages).to.deep.equal([
      {
        QueueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/checks",
        MessageBody: `{"incidentId":"quiet-1795006800000","nonce":"${nonce}","instanceId":"i-0123456789abcdef0"}`,
        DelaySeconds: 900,
      },
    ]);
  });

  for (const [end, seconds] of [
    ["11:20", 80],
    ["11:33", 860],
    ["11:34", 900],
  ] as const) {
    it(`queues the check for a minute after the end, or 15 minutes later if that is sooner: ${end}`, async () => {
      const { post, messages } = quietHandler(
        {},
        { quietHours: parseQuietHours(`Wed 11:00-${end} UTC`) },
      );

      await post(webhook());

      expect(messages.map(({ DelaySeconds }) => DelaySeconds)).to.deep.equal([seconds]);
    });
  }

  it("sends the e-mail of a suppressed alert, which says what comes next", async () => {
    const { post, mails } = quietHandler();

    await post(webhook());

    expect(mails.map(({ Subject }) => Subject)).to.deep.equal([
      "NOT rebooted: suppressed for EC2 instance i-0123456789abcdef0",
    ]);
    expect(mails[0]?.Message.split("\n").slice(0, 5)).to.deep.equal([
      "What:     Responses are slow, but alerts do not reboot the instance in quiet hours.",
      "Next:     You will get an e-mail when quiet hours end unless the alert has resolved. This alert will not cause a reboot.",
      "To do:    Reboot the instance manually if it cannot wait. The reason says when quiet hours end.",
      "",
      "Why:      suppressed by quiet hours: the alert waits for their end, until 2026-11-18T13:00:00.000Z",
    ]);
  });

  it("sends no e-mail if people were notified of another one in this cool-down", async () => {
    const { post, mails, messages } = quietHandler({
      updateItem: failing(awsError("ConditionalCheckFailedException", 400)),
    });

    const { response } = await post(webhook());

    expect([response.outcome, response.notified]).to.deep.equal(["skipped", false]);
    expect([mails.length, messages.length]).to.deep.equal([0, 1]);
  });

  it("queues no check if another one began the period", async () => {
    const { post, messages, calls } = quietHandler();
    await post(webhook());

    const { response } = await post(
      alert({ alertUrl: "https://service.sumologic.com/ui/#/alert/2" }),
    );

    expect(response.reason).to.include("the alert waits for their end");
    expect(messages).to.have.length(1);
    expect(calls.filter((it) => it === "transactWrite")).to.have.length(2);
  });

  for (const [what, item, expected] of [
    ["no check ran in 16 minutes", { claimedAt: number(nowMs - 16 * minute - 1) }, 1],
    ["the first check is still to come", { claimedAt: number(nowMs - 16 * minute) }, 0],
    ["checks run", { claimedAt: number(nowMs - 60 * minute), checkCount: number(4) }, 0],
  ] as const) {
    it(`queues ${expected === 1 ? "the missing" : "no"} check of a period of another alert if ${what}`, async () => {
      const nonce = { S: "0f9e8d7c-6b5a-4f3e-9d2c-1b0a9f8e7d6c" };
      const period = { nonce, quietUntil: number(untilMs), ...item };
      const { post, messages } = quietHandler({
        getItem: async () => ({ $metadata: {}, Item: period }),
      });

      await post(webhook());

      expect(messages.map(({ MessageBody }) => MessageBody)).to.deep.equal(
        Array(expected).fill(
          '{"incidentId":"quiet-1795006800000","nonce":"0f9e8d7c-6b5a-4f3e-9d2c-1b0a9f8e7d6c","instanceId":"i-0123456789abcdef0"}',
        ),
      );
    });
  }

  it("that is delivered again is a duplicate, in quiet hours and after them", async () => {
    const stored = {
      nonce: { S: "another" },
      claimedAt: number(nowMs - minute),
      quietUntil: number(untilMs),
    };
    const behaviour = { transactWrite: failing(cancelled(undefined, stored)) };
    const inThem = quietHandler(behaviour);
    const afterThem = makeHandler({ ...behaviour, options: { ...quiet, now: () => untilMs } });
    const windowEndMs = String(untilMs - minute);

    const first = await inThem.post(webhook());
    const second = await afterThem.post(alert({ windowEndMs }));

    for (const { response } of [first, second]) {
      expect([response.outcome, response.notified]).to.deep.equal(["skipped", false]);
      expect(response.reason).to.equal(
        "suppressed as a duplicate: this alert was already suppressed by quiet hours at 2026-11-18T11:18:40.000Z",
      );
    }
    expect(inThem.calls).to.deep.equal(["transactWrite"]);
    expect(afterThem.calls).to.deep.equal(["transactWrite"]);
  });

  it("is stored if only DynamoDB's response was lost", async () => {
    let nonce: Item[string] = { S: "" };
    const { post, messages } = quietHandler({
      async transactWrite({ TransactItems }) {
        nonce = TransactItems?.[1]?.Put?.Item?.nonce ?? nonce;
        throw cancelled(undefined, { nonce });
      },
      getItem: async () => ({ $metadata: {}, Item: { nonce, quietUntil: number(untilMs) } }),
    });

    const { response } = await post(webhook());

    expect(response.reason).to.include("the alert waits for their end");
    expect(messages).to.have.length(1);
  });

  for (const [what, period, reason] of [
    [
      "20 others are stored",
      { alerts: { L: Array(20).fill({ S: incidentId }) } },
      "suppressed by quiet hours: 20 alerts already wait for their end, so this one is not stored, until 2026-11-18T13:00:00.000Z",
    ],
    [
      "their end was reported, after a deployment that had shortened them",
      { closedAt: number(nowMs - minute) },
      "suppressed by quiet hours: their end was already reported, until 2026-11-18T13:00:00.000Z",
    ],
  ] as const) {
    it(`is suppressed and not stored if ${what}`, async () => {
      const { post, calls, mails } = quietHandler({
        transactWrite: failing(cancelled(period, undefined)),
      });

      const { response } = await post(webhook());

      expect(response.reason).to.equal(reason);
      expect(calls).to.deep.equal(["transactWrite", "updateItem", "getItem", "publish"]);
      expect(mails[0]?.Message).to.include("Next:     No further automatic action for this alert.");
    });
  }

  it("is suppressed if every write conflicts with those of other alerts", async () => {
    const conflict = Object.assign(new Error("conflict"), {
      name: "TransactionCanceledException",
      CancellationReasons: [{ Code: "TransactionConflict" }, { Code: "None" }],
    });
    const { post, claims } = quietHandler({ transactWrite: failing(conflict) });

    const { response } = await post(webhook());

    expect(response.reason).to.match(/^suppressed by concurrent alerts: /);
    expect(claims).to.have.length(4);
  });

  it("that cannot be stored fails, and people are notified", async () => {
    const { post, mails, reboots } = quietHandler({
      transactWrite: failing(awsError("AccessDeniedException", 400)),
    });

    const { response } = await post(webhook());

    expect([response.outcome, response.notified]).to.deep.equal(["failed", true]);
    expect(response.reason).to.match(
      /^quiet hours, and the alert could not be stored until they end: AccessDeniedException: AccessDeniedException happened \(/,
    );
    expect(mails[0]?.Subject).to.equal(
      "NOT rebooted: the reboot failed for EC2 instance i-0123456789abcdef0",
    );
    expect(reboots).to.deep.equal([]);
  });

  for (const [what, behaviour] of [
    ["SQS accepts no message", { sendMessage: failing(awsError("ServiceUnavailable", 503)) }],
    ["the period cannot be read", { getItem: failing(awsError("ServiceUnavailable", 503)) }],
  ] as const) {
    it(`whose end cannot be checked fails, and people are notified: ${what}`, async () => {
      const { post, mails, updates } = quietHandler(behaviour);

      const { response } = await post(webhook());

      expect([response.outcome, response.notified]).to.deep.equal(["failed", true]);
      expect(response.reason).to.match(
        /^quiet hours, and their end cannot be checked: ServiceUnavailable: /,
      );
      expect(mails).to.have.length(1);
      expect(updates.at(-1)?.Key).to.deep.equal({ id: { S: "incident#alert-dcb8bb778c60d551" } });
      expect(updates.at(-1)?.ExpressionAttributeValues?.[":outcome"]).to.deep.equal({
        S: "failed",
      });
    });
  }

  it("storms write and send no more than in a cool-down: two writes each, one e-mail, one check", async () => {
    let stored = 0;
    let isNotified = false;
    const table = storing();
    const { post, calls, mails, messages } = quietHandler({
      ...table,
      async transactWrite(input, limitMs) {
        if (stored === 20) throw cancelled({ alerts: { L: Array(20).fill({ S: "x" }) } });
        stored++;
        await table.transactWrite?.(input, limitMs);
      },
      async updateItem() {
        if (isNotified) throw awsError("ConditionalCheckFailedException", 400);
        isNotified = true;
        return { $metadata: {} };
      },
    });

    for (let page = 0; page < 200; page++) {
      await post(alert({ alertUrl: `https://service.sumologic.com/ui/#/alert/${page}` }));
    }

    const count = (name: string) => calls.filter((it) => it === name).length;
    expect([count("transactWrite"), count("updateItem")]).to.deep.equal([200, 200]);
    expect([mails.length, messages.length, count("rebootInstances")]).to.deep.equal([1, 1, 0]);
    expect(calls).not.to.include("describeInstanceStatus");
  });
});

describe("an alert outside quiet hours", () => {
  for (const [what, text] of [
    ["at their end", "Wed 10:00-11:19 UTC"],
    ["before their start", "Wed 11:20-12:00 UTC"],
    ["on another day", "Thu 00:00-24:00 UTC"],
  ] as const) {
    it(`reboots ${what}`, async () => {
      const { post, reboots } = makeHandler({ options: { quietHours: parseQuietHours(text) } });

      const { response } = await post(webhook());

      expect(response.outcome).to.equal("rebooted");
      expect(reboots).to.deep.equal([{ InstanceIds: ["i-0123456789abcdef0"], DryRun: false }]);
    });
  }

  it("reboots from the millisecond of their end on, and not from that of their start on", async () => {
    const outcomes: string[] = [];
    for (const at of ["10:59:59.999", "11:00:00.000", "12:59:59.999", "13:00:00.000"]) {
      const now = Date.parse(`2026-11-18T${at}Z`);
      const { post } = makeHandler({ ...storing(), options: { ...quiet, now: () => now } });
      outcomes.push((await post(alert({ windowEndMs: String(now) }))).response.outcome);
    }

    expect(outcomes).to.deep.equal(["rebooted", "skipped", "skipped", "rebooted"]);
  });
});

describe("in quiet hours", () => {
  for (const payload of [{}, { reason: "slow" }, { force: true }]) {
    it(`a manual invocation reboots: ${JSON.stringify(payload)}`, async () => {
      const { invoke, reboots } = quietHandler({ transactWrite: async () => ({}) });

      const { outcome } = await invoke(payload);

      expect(outcome).to.equal("rebooted");
      expect(reboots).to.have.length(1);
    });
  }

  it("a stale alert is not stored", async () => {
    const { post, calls } = quietHandler();

    const { response } = await post(alert({ windowEndMs: String(nowMs - 15 * minute - 1) }));

    expect(response.reason).to.include("stale");
    expect(calls).to.deep.equal([]);
  });
});

describe("quiet hours that cannot be read", () => {
  const unread = { quietHours: parseQuietHours("Sat 02:00-04:00 Mars") };

  it("suppress each alert, and people are notified why", async () => {
    const { post, calls, mails } = makeHandler({ options: unread });

    const { response } = await post(webhook());

    expect([response.outcome, response.notified]).to.deep.equal(["skipped", true]);
    expect(response.reason).to.equal(
      "suppressed by quiet hours: they cannot be read, so no alert reboots (variable QUIET_HOURS, setting quietHours)",
    );
    expect(calls).to.deep.equal(["updateItem", "getItem", "publish"]);
    expect(mails[0]?.Subject).to.equal(
      "NOT rebooted: suppressed for EC2 instance i-0123456789abcdef0",
    );
  });

  it("do not affect a manual invocation", async () => {
    const { invoke } = makeHandler({ options: unread });

    expect((await invoke({})).outcome).to.equal("rebooted");
  });
});

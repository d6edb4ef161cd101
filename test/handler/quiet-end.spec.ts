import { expect } from "chai";
import type { Clients } from "../../handler/aws-clients.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";
import {
  alert,
  awsError,
  checkMessage,
  failing,
  type Item,
  leaving,
  makeHandler,
  number,
  queueEvent,
} from "./support.ts";

const { parseQuietHours } =
  loadProgram<typeof import("../../handler/quiet-hours.ts")>("handler/quiet-hours.ts");

const minute = 60_000;
const endMs = Date.parse("2026-11-18T13:00:00Z");
const periodId = "quiet-1795006800000";
const quiet = parseQuietHours("Wed 12:00-14:00 Europe/Berlin");
const event = () => queueEvent(checkMessage(periodId));

/** A quiet period with two alerts, as the count leaves it. */
const period: Item = {
  id: { S: "incident#quiet-1795006800000" },
  source: { S: "quiet hours" },
  instanceId: { S: "i-0123456789abcdef0" },
  quietUntil: number(endMs),
  claimedAt: number(endMs - 100 * minute),
  checkCount: number(7),
  upCount: number(0),
  alerts: { L: [{ S: "alert-1" }, { S: "alert-2" }] },
};

/** A stored alert of the period. */
function stored(id: string, item: Item = {}): Item {
  return {
    id: { S: `incident#${id}` },
    source: { S: "webhook" },
    why: { S: "Slow responses" },
    count: { S: "6" },
    windowStartMs: number(endMs - 110 * minute),
    windowEndMs: number(endMs - 100 * minute),
    alertUrl: { S: "https://service.sumologic.com/ui/#/alert/1" },
    claimedAt: number(endMs - 98 * minute),
    quietUntil: number(endMs),
    nonce: { S: "nonce" },
    ...item,
  };
}

const resolved = { resolvedAt: number(endMs - 30 * minute) };

/** A table with the items of these ids, in which the count leaves `period`. */
function table(items: Record<string, Item>, left: Item = period): Partial<Clients> {
  return {
    updateItem: leaving(left),
    getItem: async ({ Key }) => {
      const Item = items[Key?.id?.S ?? ""];
      return { $metadata: {}, ...(Item && { Item }) };
    },
  };
}

const both = {
  "incident#alert-1": stored("alert-1"),
  "incident#alert-2": stored("alert-2", {
    count: { S: "9" },
    windowStartMs: number(endMs - 20 * minute),
    windowEndMs: number(endMs - 10 * minute),
    alertUrl: { S: "https://evil.example/" },
  }),
};

function handlerAt(nowMs: number, behaviour: Partial<Clients>, quietHours = quiet) {
  return makeHandler({ ...behaviour, options: { quietHours, now: () => nowMs } });
}

describe("a check in quiet hours", () => {
  for (const [what, nowMs, seconds] of [
    ["two hours before their end", endMs - 120 * minute, 900],
    ["14 minutes before their end", endMs - 14 * minute, 900],
    ["a second before their end", endMs - 1_000, 61],
    ["a millisecond before their end", endMs - 1, 61],
  ] as const) {
    it(`queues the next one ${what}, and does nothing else`, async () => {
      const { check, calls, messages, updates } = handlerAt(nowMs, table(both));

      expect(await check(event())).to.deep.equal([]);

      expect(calls).to.deep.equal(["updateItem", "sendMessage"]);
      expect(updates[0]).to.deep.include({
        Key: { id: { S: "incident#quiet-1795006800000" } },
        ConditionExpression: "nonce = :nonce",
      });
      expect(messages).to.deep.equal([
        {
          QueueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/checks",
          MessageBody: checkMessage(periodId),
          DelaySeconds: seconds,
        },
      ]);
    });
  }

  it("is logged", async () => {
    const { check, records } = handlerAt(endMs - minute, table(both));

    await check(event());

    expect(records).to.deep.equal([
      {
        outcome: "pending",
        source: "queue",
        instanceId: "i-0123456789abcdef0",
        incidentId: "quiet-1795006800000",
        reason: "quiet hours have not ended",
        checkCount: 7,
      },
    ]);
  });

  it("does not put off the end that people know when a deployment has extended quiet hours", async () => {
    const longer = parseQuietHours("Wed 12:00-18:00 Europe/Berlin");
    const { check, mails } = handlerAt(endMs, table(both), longer);

    await check(event());

    expect(mails).to.have.length(1);
  });
});

describe("the end of quiet hours", () => {
  it("is one e-mail, which lists what is still slow, and reboots nothing", async () => {
    const { check, calls, mails, reboots, messages } = handlerAt(endMs + minute, table(both));

    expect(await check(event())).to.deep.equal([]);

    expect(mails.map(({ Subject }) => Subject)).to.deep.equal([
      "Still slow after quiet hours: EC2 instance i-0123456789abcdef0",
    ]);
    expect(mails[0]?.Message.split("\n")).to.deep.equal([
      "What:     Quiet hours have ended, and responses are still slow. Nothing was rebooted.",
      "Next:     No further automatic action for these alerts. Sumo Logic sends a new alert only after they have resolved.",
      "To do:    Check the instance now. If it is still slow, reboot it manually.",
      "",
      "Why:      2 of 2 alerts in quiet hours have not resolved",
      "Instance: i-0123456789abcdef0",
      "When:     2026-11-18T13:01:00.000Z",
      "Alert:    6 slow responses between 11:10 and 11:20 UTC, https://service.sumologic.com/ui/#/alert/1, alert-1",
      "Alert:    9 slow responses between 12:40 and 12:50 UTC, alert-2",
      "Recent:   0 reboots claimed in 7 days",
      'Stop:     npm run mode -- off --reason "TEXT" (without a checkout: docs/runbook.md, "Stop the automation")',
      "Incident: quiet-1795006800000",
      "Log:      CloudWatch log group /aws/lambda/reboot",
    ]);
    expect(calls).to.deep.equal([
      "updateItem",
      "getItem",
      "getItem",
      "updateItem",
      "getItem",
      "publish",
      "updateItem",
    ]);
    expect([reboots, messages]).to.deep.equal([[], []]);
  });

  it("leases the period with an event, then closes it with its e-mail", async () => {
    const { check, updates, mails } = handlerAt(endMs + minute, table(both));

    await check(event());

    const [, lease, close] = updates;
    expect(lease).to.deep.include({
      Key: { id: { S: "incident#quiet-1795006800000" } },
      ConditionExpression: "attribute_not_exists(turnUntil) OR turnUntil <= :now",
      UpdateExpression: "SET turnUntil = :until, event = :event",
    });
    expect(lease?.ExpressionAttributeValues?.[":event"]?.M).to.deep.equal({
      id: { S: "quiet-1795006800000/still-slow" },
      type: { S: "Alert Suppressed" },
      schemaVersion: { S: "1" },
      time: { S: "2026-11-18T13:01:00.000Z" },
      incidentId: { S: "quiet-1795006800000" },
      instanceId: { S: "i-0123456789abcdef0" },
      outcome: { S: "still slow" },
      severity: { S: "warning" },
      title: { S: "Still slow after quiet hours: EC2 instance i-0123456789abcdef0" },
      reason: { S: "2 of 2 alerts in quiet hours have not resolved" },
      nextStep: { S: "Check the instance now. If it is still slow, reboot it manually." },
    });
    expect(close?.UpdateExpression).to.equal(
      "SET emails = :emails, closedAt = :closedAt, outcome = :outcome REMOVE event",
    );
    expect(close?.ExpressionAttributeValues).to.deep.include({
      ":closedAt": number(endMs + minute),
      ":outcome": { S: "still slow" },
    });
    expect(close?.ExpressionAttributeValues?.[":emails"]?.L?.[0]?.M?.text).to.deep.equal({
      S: mails[0]?.Message,
    });
  });

  it("does not list an alert that has resolved", async () => {
    const items = { ...both, "incident#alert-1": stored("alert-1", resolved) };
    const { check, mails } = handlerAt(endMs, table(items));

    await check(event());

    expect(mails[0]?.Message.split("\n").filter((it) => it.startsWith("Alert:"))).to.deep.equal([
      "Alert:    9 slow responses between 12:40 and 12:50 UTC, alert-2",
    ]);
    expect(mails[0]?.Message).to.include("Why:      1 of 2 alerts in quiet hours has not resolved");
  });

  it("sends no e-mail and closes the period if every alert has resolved", async () => {
    const items = {
      "incident#alert-1": stored("alert-1", resolved),
      "incident#alert-2": stored("alert-2", resolved),
    };
    const { check, calls, mails, updates, records } = handlerAt(endMs, table(items));

    expect(await check(event())).to.deep.equal([]);

    expect(mails).to.deep.equal([]);
    expect(calls).to.deep.equal(["updateItem", "getItem", "getItem", "updateItem"]);
    expect(updates[1]?.ExpressionAttributeValues).to.deep.equal({
      ":closedAt": number(endMs),
      ":outcome": { S: "all resolved" },
    });
    expect([records[0]?.outcome, records[0]?.reason, records[0]?.incidentUpdate]).to.deep.equal([
      "all resolved",
      "0 of 2 alerts in quiet hours have not resolved",
      "updated",
    ]);
  });

  it("lists an alert whose item is missing by its id", async () => {
    const { check, mails } = handlerAt(endMs, table({ "incident#alert-1": stored("alert-1") }));

    await check(event());

    expect(mails[0]?.Message).to.include("\nAlert:    alert-2\n");
  });

  it("says that there may be more alerts than those that are stored", async () => {
    const alerts = { L: Array.from({ length: 20 }, (_, it) => ({ S: `alert-${it}` })) };
    const { check, mails } = handlerAt(endMs, table({}, { ...period, alerts }));

    await check(event());

    expect(mails[0]?.Message).to.include(
      "Why:      20 of 20 alerts in quiet hours have not resolved; only the first 20 were stored",
    );
  });

  for (const [what, quietHours] of [
    ["shortened", parseQuietHours("Wed 12:00-13:00 Europe/Berlin")],
    ["made them unreadable", parseQuietHours("Wed 12:00-13:00 Mars")],
  ] as const) {
    it(`comes early if a deployment has ${what}`, async () => {
      const { check, mails } = handlerAt(endMs - 59 * minute, table(both), quietHours);

      await check(event());

      expect(mails.map(({ Subject }) => Subject)).to.deep.equal([
        "Still slow after quiet hours: EC2 instance i-0123456789abcdef0",
      ]);
    });
  }

  it("comes early if a deployment has removed quiet hours", async () => {
    const { check, mails } = makeHandler({
      ...table(both),
      options: { now: () => endMs - 59 * minute },
    });

    await check(event());

    expect(mails).to.have.length(1);
  });

  it("is reported once: a second check of a closed period does nothing", async () => {
    const closed = { ...period, closedAt: number(endMs) };
    const { check, calls, records } = handlerAt(endMs + minute, table(both, closed));

    expect(await check(event())).to.deep.equal([]);

    expect(calls).to.deep.equal(["updateItem"]);
    expect(records[0]?.outcome).to.equal("already closed");
  });

  it("is reported by one of two concurrent checks, and the other goes back to the queue", async () => {
    const { check, mails, records } = handlerAt(endMs, {
      ...table(both),
      async updateItem({ UpdateExpression = "" }) {
        if (UpdateExpression.includes("turnUntil")) {
          throw awsError("ConditionalCheckFailedException", 400);
        }
        return { $metadata: {}, Attributes: period };
      },
    });

    expect(await check(event())).to.deep.equal(["message-1"]);

    expect(mails).to.deep.equal([]);
    expect(records[0]?.reason).to.match(/^LeaseHeld: /);
  });

  for (const [what, behaviour] of [
    ["the count fails", { updateItem: failing(awsError("ServiceUnavailable", 503)) }],
    ["an alert cannot be read", { getItem: failing(awsError("ServiceUnavailable", 503)) }],
    ["SNS does not accept the e-mail", { publish: failing(awsError("InternalError", 500)) }],
  ] as const) {
    it(`is checked again if ${what}`, async () => {
      const { check, updates } = handlerAt(endMs, { ...table(both), ...behaviour });

      expect(await check(event())).to.deep.equal(["message-1"]);
      expect(JSON.stringify(updates)).not.to.include("closedAt");
    });
  }

  it("keeps the quiet hours' messages to the function: a wrong nonce does nothing", async () => {
    const { check, calls, records } = handlerAt(endMs, {
      updateItem: failing(awsError("ConditionalCheckFailedException", 400)),
    });

    expect(await check(event())).to.deep.equal(["message-1"]);

    expect(calls).to.deep.equal(["updateItem"]);
    expect(records[0]?.reason).to.match(/^UnknownIncident: /);
  });
});

describe("the resolution of an alert in quiet hours", () => {
  const resolution = alert({
    triggerType: "ResolvedCritical",
    windowEndMs: String(endMs - 31 * minute),
  });

  it("is recorded if its window ends after that of the alert, and people are notified as of others", async () => {
    const { post, updates, mails, records } = handlerAt(endMs - 30 * minute, {
      updateItem: leaving(stored("alert-1", resolved)),
    });

    await post(resolution);

    expect(updates[0]?.ConditionExpression).to.equal(
      "(rebootRequestedAt < :windowEnd OR attribute_exists(quietUntil) OR attribute_exists(waitsSince)) AND (rebootRequestedAt < :windowEnd OR windowEndMs < :windowEnd) AND attribute_not_exists(resolvedAt)",
    );
    expect(mails.map(({ Subject }) => Subject)).to.deep.equal([
      "Alert resolved for EC2 instance i-0123456789abcdef0",
    ]);
    expect(records[0]?.incidentUpdate).to.equal("updated");
  });

  it("does not count if its window ends no later", async () => {
    const Item = stored("alert-1");
    const { post, records } = handlerAt(endMs - 30 * minute, {
      async updateItem({ UpdateExpression = "" }) {
        if (!UpdateExpression.includes("resolvedAt")) return { $metadata: {} };
        throw Object.assign(awsError("ConditionalCheckFailedException", 400), { Item });
      },
    });

    await post(resolution);

    expect(records[0]?.incidentUpdate).to.equal("its window ended before that of the alert");
  });
});

import { expect } from "chai";
import type { Clients } from "../../handler/aws-clients.ts";
import {
  alert,
  awsError,
  failing,
  type Item,
  leaving,
  makeHandler,
  nowMs,
  number,
} from "./support.ts";

const minute = 60_000;
const resolution = (fields: Record<string, unknown> = {}) =>
  alert({
    triggerType: "ResolvedCritical",
    windowEndMs: String(nowMs - 2 * minute),
    ...fields,
  });
const resolved = resolution();
const subject = "Alert resolved for EC2 instance i-0123456789abcdef0";

/** A table that refuses the note of a resolution, since the incident's item is this one or is missing. */
function refusing(Item?: Item): Clients["updateItem"] {
  return async ({ UpdateExpression = "" }) => {
    if (!UpdateExpression.includes("resolvedAt")) return { $metadata: {} };
    throw Object.assign(awsError("ConditionalCheckFailedException", 400), { Item });
  };
}

describe("an alert that resolves", () => {
  it("sends no e-mail while its incident is open, since the last one says it", async () => {
    const { post, mails, records } = makeHandler({
      updateItem: leaving({ source: { S: "webhook" }, rebootRequestedAt: number(1795000600000) }),
    });

    const { status, response } = await post(resolved);

    expect([status, response.outcome, response.notified]).to.deep.equal([200, "skipped", false]);
    expect(response.reason).to.equal(
      "the alert resolved; no e-mail: the incident's last e-mail will report it",
    );
    expect(mails).to.deep.equal([]);
    expect([records[0]?.notification, records[0]?.incidentUpdate]).to.deep.equal([
      "not needed",
      "updated",
    ]);
  });

  for (const [what, item, noted] of [
    ["there is no such incident", undefined, "no incident"],
    [
      "no reboot of its incident is noted",
      { source: { S: "webhook" } },
      "its incident has no reboot",
    ],
    [
      "its window ended before the reboot of a closed incident",
      { rebootRequestedAt: number(nowMs - minute), closedAt: number(nowMs) },
      "its window ended before the reboot",
    ],
  ] as const) {
    it(`notifies people when ${what}, and does not count`, async () => {
      const { post, mails, records } = makeHandler({ updateItem: refusing(item) });

      const { response } = await post(resolved);

      expect([response.outcome, response.notified]).to.deep.equal(["skipped", true]);
      expect(mails.map(({ Subject }) => Subject)).to.deep.equal([subject]);
      expect(records[0]?.incidentUpdate).to.equal(noted);
    });
  }

  for (const [what, item, noted] of [
    [
      "its window ended before the reboot of an open incident",
      { rebootRequestedAt: number(nowMs - minute) },
      "its window ended before the reboot",
    ],
    [
      "it was noted before, and the incident is closed",
      {
        rebootRequestedAt: number(nowMs - 9 * minute),
        resolvedAt: number(nowMs - 3 * minute),
        closedAt: number(nowMs - minute),
      },
      "its resolution was recorded before",
    ],
  ] as const) {
    it(`sends no e-mail when ${what}`, async () => {
      const { post, mails, records } = makeHandler({ updateItem: refusing(item) });

      const { response } = await post(resolved);

      expect([response.outcome, response.notified]).to.deep.equal(["skipped", false]);
      expect([mails, records[0]?.incidentUpdate]).to.deep.equal([[], noted]);
    });
  }

  it("notifies people once its incident is closed", async () => {
    const { post, mails } = makeHandler({
      updateItem: leaving({
        rebootRequestedAt: number(1795000600000),
        closedAt: number(1795000700000),
      }),
    });

    const { response } = await post(resolved);

    expect([response.outcome, response.notified]).to.deep.equal(["skipped", true]);
    expect(mails.map(({ Subject }) => Subject)).to.deep.equal([subject]);
  });

  it("notifies people when nobody knows whether its incident is open", async () => {
    const { post, mails } = makeHandler({
      updateItem: failing(awsError("ThrottlingException", 400)),
    });

    const { response } = await post(resolved);

    expect([response.outcome, response.notified]).to.deep.equal(["skipped", true]);
    expect(mails.map(({ Subject }) => Subject)).to.deep.equal([subject]);
  });

  for (const [what, windowEndMs, reason] of [
    [
      "ended 15 minutes and 1 ms ago",
      nowMs - 15 * minute - 1,
      "the ResolvedCritical alert is stale: its window ended over 15 minutes ago",
    ],
    [
      "ends a minute and 1 ms from now",
      nowMs + minute + 1,
      "the window of the ResolvedCritical alert ends over a minute in the future",
    ],
  ] as const) {
    it(`does nothing when its window ${what}`, async () => {
      const { post, calls } = makeHandler();

      const { status, response } = await post(resolution({ windowEndMs: String(windowEndMs) }));

      expect([status, response.outcome, response.reason]).to.deep.equal([200, "skipped", reason]);
      expect(calls).to.deep.equal([]);
    });
  }

  for (const windowEndMs of [nowMs - 15 * minute, nowMs + minute]) {
    it(`counts when its window ends ${(windowEndMs - nowMs) / minute} minutes from now`, async () => {
      const { post, updates } = makeHandler();

      await post(resolution({ windowEndMs: String(windowEndMs) }));

      expect(updates[0]?.ExpressionAttributeValues?.[":windowEnd"]).to.deep.equal(
        number(windowEndMs),
      );
    });
  }

  it("remembers in the instance's item that people were notified, for the cool-down", async () => {
    const { post, updates } = makeHandler({ updateItem: refusing() });

    await post(resolved);

    expect(updates[1]).to.deep.equal({
      TableName: "table",
      Key: { id: { S: "instance#i-0123456789abcdef0" } },
      ConditionExpression:
        "attribute_not_exists(resolvedNotifiedAt) OR resolvedNotifiedAt <= :before",
      UpdateExpression: "SET resolvedNotifiedAt = :now REMOVE event",
      ExpressionAttributeValues: { ":now": number(nowMs), ":before": number(nowMs - 30 * minute) },
    });
  });

  it("is skipped without an e-mail when people were notified in this cool-down", async () => {
    const { post, mails } = makeHandler({
      updateItem: failing(awsError("ConditionalCheckFailedException", 400)),
    });

    const { status, response } = await post(resolved);

    expect([status, response.outcome, response.notified]).to.deep.equal([200, "skipped", false]);
    expect(response.reason).to.equal(
      "the alert resolved; no e-mail: a resolution was already reported less than 30 minutes ago",
    );
    expect(mails).to.deep.equal([]);
  });

  it("sends one e-mail of many, also where alerts that are sent with them make the writes fail", async () => {
    const { post, mails } = makeHandler({
      updateItem: failing(awsError("TransactionConflictException", 400)),
      getItem: async () => ({
        $metadata: {},
        Item: { resolvedNotifiedAt: number(nowMs - minute) },
      }),
    });

    for (let page = 0; page < 5; page++) {
      await post(resolution({ alertUrl: `https://service.sumologic.com/ui/#/alert/${page}` }));
    }

    expect(mails).to.deep.equal([]);
  });

  it("says that nothing was rebooted for it, and what comes next", async () => {
    const { post, mails } = makeHandler({ updateItem: refusing() });

    await post(resolved);

    const lines = mails[0]?.Message.split("\n") ?? [];
    expect(lines.slice(0, 3)).to.deep.equal([
      "What:     Responses are fast again, or there are none. This caused no reboot.",
      "Next:     No further automatic action for this alert. A new alert can trigger a reboot unless a limit, quiet hours or the kill switch prevents it.",
      "To do:    Check that the API responds: a server that is down has no slow responses.",
    ]);
  });

  it("is recorded before people are notified, so that a crash in between is reported", async () => {
    const { post, calls } = makeHandler({ updateItem: refusing() });

    await post(resolved);

    expect(calls).to.deep.equal(["updateItem", "updateItem", "getItem", "publish"]);
  });
});

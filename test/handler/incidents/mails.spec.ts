import { expect } from "chai";
import type { Mail } from "../../../handler/incidents/table.ts";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import {
  alert,
  awsError,
  eventOf,
  failing,
  type Item,
  leaving,
  makeHandler,
  nowMs,
  number,
  storedMail,
  webhook,
} from "../support.ts";

const { mailsAttributes, readIncident } = loadProgram<
  typeof import("../../../handler/incidents/table.ts")
>("handler/incidents/table.ts");

const minute = 60_000;
const denied = failing(awsError("UnauthorizedOperation", 403));
const refused = failing(awsError("Throttled", 429));
const rebooted = "Rebooted EC2 instance i-0123456789abcdef0";
const first = storedMail(nowMs - 6 * minute, rebooted, "What: …");

/** A recovered incident with its first e-mail, as the last check finds it. */
const recovered: Item = {
  id: { S: "incident#alert-dcb8bb778c60d551" },
  source: { S: "webhook" },
  claimedAt: number(nowMs - 6 * minute),
  rebootRequestedAt: number(nowMs - 6 * minute),
  resolvedAt: number(nowMs - 2 * minute),
  requestCount: number(20),
  failedCount: number(0),
  lastSuccessAt: number(nowMs - 3 * minute),
  checkCount: number(2),
  upCount: number(2),
  emails: { L: [first] },
};

describe("the e-mails in an incident's item", () => {
  it("have the text of the first one, before it is sent, with the record of the reboot", async () => {
    const order: string[] = [];
    const { updates, mails, post } = makeHandler({
      updateItem: async () => {
        order.push("recorded");
        return { $metadata: {} };
      },
      publish: async () => order.push("sent"),
    });

    await post(webhook());

    expect(order).to.deep.equal(["recorded", "sent"]);
    expect(updates).to.have.length(1);
    expect(updates[0]?.ExpressionAttributeValues?.[":emails"]).to.deep.equal({
      L: [storedMail(nowMs, rebooted, mails[0]?.Message ?? "")],
    });
  });

  it("lack the first one if SNS refuses it, which one more write says", async () => {
    const { claims, updates, post } = makeHandler({ publish: refused });

    await post(webhook());

    expect(updates).to.have.length(2);
    expect(updates[1]).to.deep.equal({
      TableName: "table",
      Key: { id: { S: "incident#alert-dcb8bb778c60d551" } },
      ConditionExpression: "nonce = :nonce",
      UpdateExpression: "SET emails = :emails, emailFailure = :emailFailure REMOVE event",
      ExpressionAttributeValues: {
        ":emails": { L: [] },
        ":emailFailure": {
          S: "Rebooted EC2 instance i-0123456789abcdef0: failed: Throttled: Throttled happened",
        },
        ":nonce": claims[0]?.TransactItems?.[1]?.Put?.Item?.nonce,
      },
    });
  });

  it("have the one about a failure, with the record of the failure", async () => {
    const { updates, mails, post } = makeHandler({ rebootInstances: denied });

    await post(webhook());

    expect(updates).to.have.length(1);
    expect(updates[0]?.ExpressionAttributeValues?.[":emails"]).to.deep.equal({
      L: [
        storedMail(
          nowMs,
          "NOT rebooted: the reboot failed for EC2 instance i-0123456789abcdef0",
          mails[0]?.Message ?? "",
        ),
      ],
    });
  });

  it("have the last one after the first, with the closing", async () => {
    const { updates, mails, check } = makeHandler({ updateItem: leaving(recovered) });

    await check();

    expect(updates).to.have.length(3);
    expect(updates[2]?.UpdateExpression).to.equal(
      "SET emails = :emails, closedAt = :closedAt, outcome = :outcome REMOVE event",
    );
    expect(updates[2]?.ExpressionAttributeValues?.[":emails"]).to.deep.equal({
      L: [
        first,
        storedMail(nowMs, "Recovered: EC2 instance i-0123456789abcdef0", mails[0]?.Message ?? ""),
      ],
    });
  });

  it("lack the last one if SNS refuses it, and the incident stays open", async () => {
    const { updates, check } = makeHandler({ updateItem: leaving(recovered), publish: refused });

    expect(await check()).to.deep.equal(["message-1"]);

    expect(updates).to.have.length(3);
    expect(updates[2]).to.deep.include({
      UpdateExpression: "SET emails = :emails, emailFailure = :emailFailure REMOVE event",
      ExpressionAttributeValues: {
        ":emails": { L: [first] },
        ":emailFailure": {
          S: "Recovered: EC2 instance i-0123456789abcdef0: failed: Throttled: Throttled happened",
        },
      },
    });
  });

  const resolution = alert({ triggerType: "ResolvedCritical", windowEndMs: "1795000720000" });

  it("have one about a resolution of an incident that is not open, by one more write", async () => {
    const closed = { ...recovered, closedAt: number(nowMs - minute) };
    const { updates, mails, post } = makeHandler({ updateItem: leaving(closed) });

    await post(resolution);

    expect(updates).to.have.length(3);
    expect(updates[2]).to.deep.equal({
      TableName: "table",
      Key: { id: { S: "incident#alert-dcb8bb778c60d551" } },
      ConditionExpression: "attribute_exists(id)",
      UpdateExpression: "SET emails = :emails REMOVE event",
      ExpressionAttributeValues: {
        ":emails": {
          L: [
            first,
            storedMail(
              nowMs,
              "Alert resolved for EC2 instance i-0123456789abcdef0",
              mails[0]?.Message ?? "",
            ),
          ],
        },
      },
    });
  });

  it("are written for no resolution that has no e-mail or no incident", async () => {
    const silent = makeHandler({ updateItem: leaving(recovered) });
    await silent.post(resolution);
    const unknown = makeHandler({
      updateItem: async ({ Key }) => {
        if (Key?.id?.S?.startsWith("instance#")) return { $metadata: {} };
        throw awsError("ConditionalCheckFailedException", 400);
      },
    });
    await unknown.post(resolution);

    expect([silent.mails.length, silent.updates.length]).to.deep.equal([0, 1]);
    // The resolution, and that people were notified of it.
    expect([unknown.mails.length, unknown.updates.length]).to.deep.equal([1, 2]);
  });

  it("never fill the item: ten at most, each with 8,000 characters at most", () => {
    const mail: Mail = { atMs: nowMs, subject: "s".repeat(99), text: "🐌".repeat(20_000) };

    const { emails } = mailsAttributes(Array(200).fill(mail));

    expect(emails?.L).to.have.length(10);
    expect(emails?.L?.[0]?.M?.text?.S).to.equal("🐌".repeat(4_000));
    expect(Buffer.byteLength(JSON.stringify(emails))).to.be.below(200_000);
  });

  it("end with a whole character", () => {
    const { emails } = mailsAttributes([
      { atMs: nowMs, subject: "s", text: `${"x".repeat(7_999)}🐌` },
    ]);

    expect(emails?.L?.[0]?.M?.text?.S).to.equal(`${"x".repeat(7_999)}\ufffd`);
  });

  it("are read as they were written, with the failure of one", () => {
    const incident = readIncident({ ...recovered, emailFailure: { S: "failed" } });

    expect(incident.mails).to.deep.equal([
      { atMs: nowMs - 6 * minute, subject: rebooted, text: "What: …" },
    ]);
    expect(incident.mailFailure).to.equal("failed");
  });

  for (const [what, mails] of [
    ["are absent, as in older items", undefined],
    ["are no list", { S: "text" }],
    ["are no maps", { L: [{ S: "text" }] }],
    ["lack their text", { L: [{ M: { at: number(nowMs), subject: { S: "s" } } }] }],
    ["lack a time", { L: [{ M: { subject: { S: "s" }, text: { S: "t" } } }] }],
  ] as const) {
    it(`are none if they ${what}`, () => {
      const { emails: _, ...others } = recovered;

      const item = { ...others, ...(mails && { emails: mails }) } as Item;
      expect(readIncident(item).mails).to.deep.equal([]);
    });
  }

  it("have no separate event", async () => {
    const { updates, post } = makeHandler({ publish: refused });

    await post(webhook());

    expect(
      updates.map((it) => eventOf(it.ExpressionAttributeValues?.[":event"])?.id),
    ).to.deep.equal(["alert-dcb8bb778c60d551/rebooted", undefined]);
  });
});

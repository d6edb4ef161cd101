import { expect } from "chai";
import { alert, awsError, makeHandler, nowMs, webhook } from "./support.ts";

const incidentId = "incident#alert-dcb8bb778c60d551";

function noteWith(name: string, value: object) {
  return {
    TableName: "table",
    Key: { id: { S: incidentId } },
    ConditionExpression: "attribute_exists(id)",
    UpdateExpression: `SET ${name} = :value`,
    ExpressionAttributeValues: { ":value": value },
  };
}

describe("the note on the incident", () => {
  it("says when the reboot was requested", async () => {
    const { updates, post } = makeHandler();

    await post(webhook());

    expect(updates).to.deep.equal([noteWith("rebootRequestedAt", { N: String(nowMs) })]);
  });

  it("says why there was none although it was claimed", async () => {
    const { updates, post } = makeHandler({
      rebootInstances: async () => {
        throw awsError("UnauthorizedOperation", 403);
      },
    });

    await post(webhook());

    expect(updates).to.deep.equal([
      noteWith("failure", { S: "UnauthorizedOperation: UnauthorizedOperation happened" }),
    ]);
  });

  it("says when the resolving window ended", async () => {
    const { updates, post } = makeHandler();

    await post(alert({ triggerType: "ResolvedCritical", windowEndMs: "1795001200000" }));

    expect(updates).to.deep.equal([noteWith("resolvedAt", { N: "1795001200000" })]);
  });

  for (const [what, event] of [
    ["a dry run by hand", { dryRun: true }],
    ["another trigger type", alert({ triggerType: "Warning" })],
    ["a test message", alert({ triggerType: "{{TriggerType}}" })],
  ] as const) {
    it(`is not made for ${what}`, async () => {
      const { updates, records, handle } = makeHandler({
        rebootInstances: async () => {
          throw awsError("DryRunOperation", 412);
        },
      });

      await handle(event);

      expect(updates).to.deep.equal([]);
      expect(records[0]?.noted).to.equal("not needed");
    });
  }

  it("is not made for a failed dry run, which claimed nothing", async () => {
    const { updates, byHand } = makeHandler({
      rebootInstances: async () => {
        throw awsError("UnauthorizedOperation", 403);
      },
    });

    await byHand({ dryRun: true }).catch(() => {});

    expect(updates).to.deep.equal([]);
  });

  it("is not missed where the incident was never claimed", async () => {
    const { records, post } = makeHandler({
      updateItem: async () => {
        throw awsError("ConditionalCheckFailedException", 400);
      },
    });

    await post(alert({ triggerType: "ResolvedCritical" }));

    expect(records[0]?.noted).to.equal("no incident");
  });

  it("fails without a word to the caller, and is in the log", async () => {
    const { records, mails, post } = makeHandler({
      updateItem: async () => {
        throw awsError("ThrottlingException", 400);
      },
    });

    const { answer } = await post(webhook());

    expect([answer.outcome, answer.notified]).to.deep.equal(["rebooted", true]);
    expect(mails).to.have.length(1);
    expect(records[0]?.noted).to.equal("failed: ThrottlingException: ThrottlingException happened");
  });
});

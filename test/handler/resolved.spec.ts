import { expect } from "chai";
import { alert, awsError, failing, leaving, makeHandler, number } from "./support.ts";

const resolved = alert({ triggerType: "ResolvedCritical" });
const subject = "Alert resolved for EC2 instance i-0123456789abcdef0";

describe("an alert that resolves", () => {
  it("sends no e-mail while its incident is open, since the last one says it", async () => {
    const { post, mails, records } = makeHandler({
      updateItem: leaving({ source: { S: "webhook" }, rebootRequestedAt: number(1795000700000) }),
    });

    const { status, answer } = await post(resolved);

    expect([status, answer.outcome, answer.notified]).to.deep.equal([200, "skipped", false]);
    expect(mails).to.deep.equal([]);
    expect([records[0]?.notification, records[0]?.noted]).to.deep.equal(["not needed", "noted"]);
  });

  it("tells people while its incident is claimed and no reboot is noted, as none may be followed", async () => {
    const { post, mails } = makeHandler({ updateItem: leaving({ source: { S: "webhook" } }) });

    const { answer } = await post(resolved);

    expect(answer.notified).to.equal(true);
    expect(mails.map(({ Subject }) => Subject)).to.deep.equal([subject]);
  });

  it("tells people once its incident is closed", async () => {
    const { post, mails } = makeHandler({
      updateItem: leaving({ source: { S: "webhook" }, closedAt: number(1795000700000) }),
    });

    const { answer } = await post(resolved);

    expect([answer.outcome, answer.notified]).to.deep.equal(["skipped", true]);
    expect(mails.map(({ Subject }) => Subject)).to.deep.equal([subject]);
  });

  for (const [what, name] of [
    ["there is no such incident", "ConditionalCheckFailedException"],
    ["nobody knows whether its incident is open", "ThrottlingException"],
  ] as const) {
    it(`tells people when ${what}`, async () => {
      const { post, mails } = makeHandler({ updateItem: failing(awsError(name, 400)) });

      const { answer } = await post(resolved);

      expect([answer.outcome, answer.notified]).to.deep.equal(["skipped", true]);
      expect(mails.map(({ Subject }) => Subject)).to.deep.equal([subject]);
    });
  }

  it("says that nothing was rebooted for it, and what comes next", async () => {
    const { post, mails } = makeHandler({
      updateItem: failing(awsError("ConditionalCheckFailedException", 400)),
    });

    await post(resolved);

    const lines = mails[0]?.Message.split("\n") ?? [];
    expect(lines[0]).to.equal(
      "What:     Responses are fast again, or none come. Nothing was rebooted for this message.",
    );
    expect(lines).to.include(
      "Next:     nothing more by itself for this alert; for another one it reboots unless a limit or the kill switch holds it back",
    );
  });

  it("is noted before people are told, so that a crash in between is told", async () => {
    const { post, calls } = makeHandler({
      updateItem: leaving({ closedAt: number(1795000700000) }),
    });

    await post(resolved);

    expect(calls).to.deep.equal(["updateItem", "getItem", "publish"]);
  });
});

import { expect } from "chai";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import { awsError, failing, type Item, makeHandler, nowMs, number, webhook } from "../support.ts";

const { describeReboots } = loadProgram<typeof import("../../../handler/notifications/recent.ts")>(
  "handler/notifications/recent.ts",
);

const day = 86_400_000;
const week = 604_800_000;

describe("describeReboots", () => {
  for (const [what, agesMs, text, isRecurring] of [
    ["no reboot", [], "0 reboots claimed in 7 days", false],
    ["one just now", [0], "1 reboot claimed in 7 days", false],
    ["two within 24 hours", [0, day - 1], "2 reboots claimed in 7 days", true],
    ["the second 24 hours ago exactly", [0, day], "2 reboots claimed in 7 days", false],
    ["two, both over 24 hours ago", [day, day + 1], "2 reboots claimed in 7 days", false],
    ["one just within seven days", [week - 1], "1 reboot claimed in 7 days", false],
    ["one seven days ago exactly", [week], "0 reboots claimed in 7 days", false],
    [
      "nine within seven days",
      Array<number>(9).fill(2 * day),
      "9 reboots claimed in 7 days",
      false,
    ],
    [
      "ten, all that are kept",
      Array<number>(10).fill(2 * day),
      "10 reboots or more claimed in 7 days",
      false,
    ],
    [
      "ten kept, one of them seven days ago",
      [...Array<number>(9).fill(2 * day), week],
      "9 reboots claimed in 7 days",
      false,
    ],
    ["slots that were never used", [0, nowMs, nowMs], "1 reboot claimed in 7 days", false],
  ] as [string, number[], string, boolean][]) {
    it(`says "${text}" of ${what}`, () => {
      expect(describeReboots(agesMs)).to.deep.equal({ text, isRecurring });
    });
  }
});

/** The e-mail of an alert when the instance's item is this. */
async function mailWith(Item: Item | undefined) {
  const { post, gets, mails } = makeHandler({ getItem: async () => ({ $metadata: {}, Item }) });
  await post(webhook());
  const recent = mails[0]?.Message.split("\n").find((line) => line.startsWith("Recent:"));
  return { gets, subject: mails[0]?.Subject, recent };
}

describe("the reboots in the e-mail", () => {
  it("are those of the instance's item", async () => {
    const { gets, recent } = await mailWith({ t0: number(nowMs), t1: number(nowMs - 2 * day) });

    expect(gets).to.deep.equal([
      {
        TableName: "table",
        Key: { id: { S: "instance#i-0123456789abcdef0" } },
        // The claim of a moment ago counts.
        ConsistentRead: true,
      },
    ]);
    expect(recent).to.equal("Recent:   2 reboots claimed in 7 days");
  });

  it("change the subject with the second reboot in 24 hours", async () => {
    const { subject, recent } = await mailWith({
      t0: number(nowMs),
      t1: number(nowMs - day + 1),
    });

    expect(subject).to.equal("Rebooted AGAIN, find the cause: EC2 instance i-0123456789abcdef0");
    expect(recent).to.equal("Recent:   2 reboots claimed in 7 days");
  });

  it("leave the subject when the second reboot was 24 hours ago exactly", async () => {
    const { subject } = await mailWith({ t0: number(nowMs), t1: number(nowMs - day) });

    expect(subject).to.equal("Rebooted EC2 instance i-0123456789abcdef0");
  });

  it("are counted from t0 to t9 alone", async () => {
    const { recent } = await mailWith({
      id: { S: "instance#i-0123456789abcdef0" },
      t0: number(nowMs),
      t9: number(nowMs - 1),
      t10: number(nowMs),
      heldBackToldAt: number(nowMs),
      mode: { S: "on" },
    });

    expect(recent).to.equal("Recent:   2 reboots claimed in 7 days");
  });

  for (const [what, item] of [
    ["there is no item", undefined],
    ["a time has a wrong type", { t0: { S: "yesterday" } }],
    ["a slot was never used", { t1: number(0) }],
  ] as const) {
    it(`are none when ${what}`, async () => {
      expect((await mailWith(item)).recent).to.equal("Recent:   0 reboots claimed in 7 days");
    });
  }

  it("are unknown when the table does not respond, and the e-mail is still sent", async () => {
    const { post, mails, lines } = makeHandler({ getItem: failing(awsError("TimeoutError")) });

    const { response } = await post(webhook());

    expect([response.outcome, response.notified]).to.deep.equal(["rebooted", true]);
    expect(mails[0]?.Subject).to.equal("Rebooted EC2 instance i-0123456789abcdef0");
    expect(mails[0]?.Message).to.include("\nRecent:   unknown: the table did not respond\n");
    expect(lines).to.deep.equal([]);
  });
});

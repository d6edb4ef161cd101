import { expect } from "chai";
import type { News } from "../../handler/outcome.ts";
import { loadProgram } from "../../sandbox/engine/program.ts";
import { nowMs } from "./support.ts";

const { composeMessage } =
  loadProgram<typeof import("../../handler/message.ts")>("handler/message.ts");

const place = {
  instanceId: "i-0123456789abcdef0",
  monitorName: "monitor",
  alertRule: "rule",
  logGroupName: "group",
  limits: { tableName: "table", cooldownMinutes: 30, maxRebootsPerDay: 3 },
  checks: {
    queueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/checks",
    queueArn: "arn:aws:sqs:us-east-1:111122223333:checks",
    checkEveryMinutes: 3,
    maxChecks: 8,
  },
  now: () => nowMs,
};
/** What a request can bring along, none of which belongs into a subject. */
const nasty = "🐌\r\nBcc: a@b.example";
const cause = {
  kind: "alert",
  windowStartMs: Number.NaN,
  windowEndMs: Number.NaN,
} as const;

function subjectOf(news: News, isRecurring: boolean): string {
  const letter = { news, reason: nasty, incidentId: "alert-1", cause };
  return composeMessage(letter, { text: nasty, isRecurring }, place).Subject;
}

const subjects: Record<News, string> = {
  rebooted: "Rebooted EC2 instance i-0123456789abcdef0",
  failed: "NOT rebooted: the reboot failed for EC2 instance i-0123456789abcdef0",
  resolved: "Alert resolved for EC2 instance i-0123456789abcdef0",
  "held back": "NOT rebooted: held back for EC2 instance i-0123456789abcdef0",
  "would reboot": "NOT rebooted, only a dry run, for EC2 instance i-0123456789abcdef0",
  recovered: "Recovered: EC2 instance i-0123456789abcdef0",
  "instance up": "Up after the manual reboot: EC2 instance i-0123456789abcdef0",
  "not recovered": "NOT recovered after the reboot: EC2 instance i-0123456789abcdef0",
  "recovery unconfirmed":
    "Unconfirmed: no successful request since the reboot of EC2 instance i-0123456789abcdef0",
  unconfirmed: "Reboot claimed but never confirmed: EC2 instance i-0123456789abcdef0",
};
const everyNews = Object.keys(subjects) as News[];

describe("the subject", () => {
  for (const news of everyNews) {
    it(`of the news "${news}" is fixed text`, () => {
      expect(subjectOf(news, false)).to.equal(subjects[news]);
    });

    for (const isRecurring of [false, true]) {
      it(`of the news "${news}" is one that SNS takes ${isRecurring ? "when it recurs" : "at first"}`, () => {
        expect(subjectOf(news, isRecurring)).to.match(/^[\x20-\x7e]{1,99}$/);
      });
    }
  }

  it("of a reboot that recurs asks for the cause", () => {
    expect(subjectOf("rebooted", true)).to.equal(
      "Rebooted AGAIN, find the cause: EC2 instance i-0123456789abcdef0",
    );
  });

  for (const news of everyNews.filter((it) => it !== "rebooted")) {
    it(`of the news "${news}" is the same when reboots recur`, () => {
      expect(subjectOf(news, true)).to.equal(subjects[news]);
    });
  }
});

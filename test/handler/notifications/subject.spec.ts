import { expect } from "chai";
import fc from "fast-check";
import type { NotificationKind } from "../../../handler/notifications/message.ts";
import { loadProgram } from "../../../sandbox/engine/program.ts";
import { nowMs } from "../support.ts";

const { composeMail } = loadProgram<typeof import("../../../handler/notifications/message.ts")>(
  "handler/notifications/message.ts",
);

const place = {
  instanceId: "i-0123456789abcdef0",
  monitorName: "monitor",
  alertRule: "rule",
  logGroupName: "group",
  tableName: "table",
  limits: { cooldownMinutes: 30, maxRebootsPerDay: 3 },
  queueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/checks",
  queueArn: "arn:aws:sqs:us-east-1:111122223333:checks",
  checks: { checkEveryMinutes: 3, maxChecks: 8 },
  now: () => nowMs,
};
/** What a request can bring along, none of which belongs into a subject. */
const nasty = "🐌\r\nBcc: a@b.example";
const cause = {
  kind: "alert",
  windowStartMs: Number.NaN,
  windowEndMs: Number.NaN,
} as const;

function subjectOf(kind: NotificationKind, isRecurring: boolean): string {
  const { instanceId } = place;
  const notification = { kind, reason: nasty, incidentId: "alert-1", instanceId, cause };
  return composeMail(notification, { text: nasty, isRecurring }, place).subject;
}

const subjects: Record<NotificationKind, string> = {
  rebooted: "Rebooted EC2 instance i-0123456789abcdef0",
  failed: "NOT rebooted: the reboot failed for EC2 instance i-0123456789abcdef0",
  resolved: "Alert resolved for EC2 instance i-0123456789abcdef0",
  suppressed: "NOT rebooted: suppressed for EC2 instance i-0123456789abcdef0",
  "quiet hours": "NOT rebooted: suppressed for EC2 instance i-0123456789abcdef0",
  "still slow": "Still slow after quiet hours: EC2 instance i-0123456789abcdef0",
  "waited too long": "NOT rebooted, waited too long: EC2 instance i-0123456789abcdef0",
  "shared cause": "NOT rebooting, shared cause suspected: EC2 instance i-0123456789abcdef0",
  "still affected": "Still slow after a shared cause: EC2 instance i-0123456789abcdef0",
  removed: "No longer in the group: EC2 instance i-0123456789abcdef0",
  "dry run": "NOT rebooted, only a dry run, for EC2 instance i-0123456789abcdef0",
  recovered: "Recovered: EC2 instance i-0123456789abcdef0",
  "instance up": "Up after the manual reboot: EC2 instance i-0123456789abcdef0",
  "not recovered": "NOT recovered after the reboot: EC2 instance i-0123456789abcdef0",
  "recovery unconfirmed":
    "Unconfirmed: no successful request since the reboot of EC2 instance i-0123456789abcdef0",
  unconfirmed: "Reboot claimed but never confirmed: EC2 instance i-0123456789abcdef0",
};
const everyKind = Object.keys(subjects) as NotificationKind[];

describe("the subject", () => {
  for (const kind of everyKind) {
    it(`of the kind "${kind}" is fixed text`, () => {
      expect(subjectOf(kind, false)).to.equal(subjects[kind]);
    });

    for (const isRecurring of [false, true]) {
      it(`of the kind "${kind}" is one that SNS accepts ${isRecurring ? "when it recurs" : "at first"}`, () => {
        expect(subjectOf(kind, isRecurring)).to.match(/^[\x20-\x7e]{1,99}$/);
      });
    }
  }

  it("of a reboot that recurs asks for the cause", () => {
    expect(subjectOf("rebooted", true)).to.equal(
      "Rebooted AGAIN, find the cause: EC2 instance i-0123456789abcdef0",
    );
  });

  for (const kind of everyKind.filter((it) => it !== "rebooted")) {
    it(`of the kind "${kind}" is the same when reboots recur`, () => {
      expect(subjectOf(kind, true)).to.equal(subjects[kind]);
    });
  }
});

describe("the e-mail, which is composed before the reboot is recorded", () => {
  it("is composed whatever the table or EC2 says", () => {
    const number = fc.double();
    const notifications = fc.record({
      kind: fc.constantFrom(...everyKind),
      reason: fc.string({ unit: "binary" }),
      incidentId: fc.string(),
      instanceId: fc.string(),
      cause: fc.record({
        kind: fc.constant("alert" as const),
        triggerValue: number,
        windowStartMs: number,
        windowEndMs: number,
      }),
    });
    const recents = fc.record({ text: fc.string(), isRecurring: fc.boolean() });

    fc.assert(
      fc.property(notifications, recents, (notification, recent) => {
        expect(composeMail(notification, recent, place).text).to.match(/^What: {5}/);
      }),
    );
  });
});

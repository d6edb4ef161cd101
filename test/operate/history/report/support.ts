import type { Incident } from "../../../../handler/incidents/table.ts";
import type { LogRecord } from "../../../../operate/drill/function-log.ts";
import type { ReportedStack, Sources } from "../../../../operate/history/report/report.ts";
import type { SlowResponses } from "../../../../operate/history/report/slow-responses.ts";

/** A time of the day on which the incidents of these tests are. */
export function at(time: string): number {
  return Date.parse(`2026-01-01T${time}Z`);
}

export const incident: Incident = {
  id: "alert-0123456789abcdef",
  cause: {
    kind: "alert",
    triggerValue: 6,
    windowStartMs: at("11:54:30"),
    windowEndMs: at("12:04:30"),
    alertUrl: "https://service.sumologic.com/ui/#/alert/0000000000000001",
  },
  why: "Slow responses of api data",
  instanceId: "i-0123456789abcdef0",
  arrivedAtMs: at("12:05:10"),
  claimedAtMs: at("12:05:10"),
  rebootRequestedAtMs: at("12:05:11"),
  resolvedAtMs: at("12:16:00"),
  responses: { requestCount: 25, failedCount: 1, lastSuccessMs: at("12:15:40") },
  checkCount: 5,
  upCount: 4,
  closedAtMs: at("12:20:12"),
  outcome: "recovered",
  mails: [
    {
      atMs: at("12:05:12"),
      subject: "Rebooted EC2 instance i-0123456789abcdef0",
      text: "What:     Reboot requested.\nTo do:    Wait for that e-mail.",
    },
    {
      atMs: at("12:20:11"),
      subject: "Recovered: EC2 instance i-0123456789abcdef0",
      text: "What:     The problem is over.",
    },
  ],
};

export const manual: Incident = {
  id: "manual-1",
  cause: { kind: "manual" },
  why: "slow after the release",
  instanceId: "i-0123456789abcdef0",
  arrivedAtMs: at("09:00:00"),
  claimedAtMs: at("09:00:00"),
  rebootRequestedAtMs: at("09:00:02"),
  checkCount: 2,
  upCount: 2,
  closedAtMs: at("09:06:02"),
  outcome: "instance up",
  mails: [],
};

export function record(time: string, message: Record<string, unknown>): LogRecord {
  return { atMs: at(time), message: { incidentId: incident.id, ...message } };
}

const coolDown =
  "suppressed by the cool-down: the last reboot was claimed at 2026-01-01T12:05:10.000Z, less than 30 minutes ago";

export const log: readonly LogRecord[] = [
  record("12:05:12", { outcome: "rebooted", source: "webhook", reason: "6 responses were slow" }),
  record("12:05:40", {
    outcome: "skipped",
    reason: "suppressed as a duplicate: this incident was already claimed",
  }),
  record("12:06:00", { outcome: "skipped", incidentId: "alert-2", reason: coolDown }),
  record("12:07:00", { outcome: "skipped", incidentId: "alert-3", reason: coolDown }),
  record("12:08:12", {
    outcome: "pending",
    source: "queue",
    checkCount: 1,
    reason: "the alert has not resolved",
    instanceStatus: "instance running",
  }),
  record("12:16:01", {
    outcome: "skipped",
    reason: "the alert resolved",
    request: { triggerType: "ResolvedCritical" },
  }),
  record("12:20:12", {
    outcome: "recovered",
    source: "queue",
    reason: "both status checks were ok twice",
  }),
  record("13:00:00", { outcome: "skipped", incidentId: "alert-4", reason: coolDown }),
];

export const stack: ReportedStack = {
  project: "reboot-automation",
  name: "dev",
  region: "us-east-1",
  instanceIds: ["i-0123456789abcdef0"],
  logGroupName: "/aws/lambda/function",
  rule: {
    apiPath: "/api/data",
    slowResponseSeconds: 3,
    maxSlowResponses: 5,
    windowMinutes: 10,
  },
};

export const sources: Sources = {
  stack,
  code: { value: { sha256: "c2hhMjU2", modifiedMs: at("08:00:00") } },
  log: { value: log },
  nowMs: at("13:30:00"),
};

/** Ten minutes of data, with the window of the alert before. */
export const responses: SlowResponses = {
  rule: {
    apiPath: "/api/data",
    slowResponseSeconds: 3,
    maxSlowResponses: 5,
    windowMinutes: 10,
  },
  fromMs: at("11:44:00"),
  toMs: at("12:26:00"),
  sliceMinutes: 1,
  slices: [
    { startMs: at("11:59:00"), count: 2, worstSeconds: 4.1 },
    { startMs: at("12:03:00"), count: 4, worstSeconds: 4.2 },
  ],
};

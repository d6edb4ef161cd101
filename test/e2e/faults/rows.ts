import { type FaultKind, faultKinds } from "../../../sandbox/aws/faults.ts";

/** What happens in a row before and around the call that fails. */
export type Scenario =
  /** An alert, its resolution, and the checks of a healthy instance. */
  | "alert"
  /** The same, but a call for the resolution fails. */
  | "resolved"
  /** The same, but a call of the checks fails each time. */
  | "check"
  /** An alert within the cool-down. */
  | "suppressed"
  /** The same, but a call for the resolution fails. No incident is open, so the resolution has its own e-mail. */
  | "end within the cool-down"
  /** An alert for a stopped instance. */
  | "not running"
  /** An alert in quiet hours, which a deployment then removes: the next check is their end. */
  | "quiet hours"
  /** The same, but a call of that check fails each time. */
  | "end of quiet hours";

/** An AWS call of the function, identified by its action and a part of its body. */
export interface Call<S = Scenario> {
  readonly scenario: S;
  readonly name: string;
  readonly action: string;
  readonly includes?: string;
  /** True if the check holds the lease to report the result, which no other check gets for ten seconds. */
  readonly holdsLease?: true;
}

export const calls: readonly Call[] = [
  { scenario: "alert", name: "claim the reboot", action: "dynamodb:TransactWriteItems" },
  { scenario: "alert", name: "read the instance's status", action: "ec2:DescribeInstanceStatus" },
  { scenario: "alert", name: "queue the first check", action: "sqs:SendMessage" },
  { scenario: "alert", name: "capture the console output", action: "ec2:GetConsoleOutput" },
  { scenario: "alert", name: "capture a screenshot", action: "ec2:GetConsoleScreenshot" },
  { scenario: "alert", name: "store the evidence", action: "s3:PutObject" },
  { scenario: "alert", name: "reboot", action: "ec2:RebootInstances" },
  {
    scenario: "alert",
    name: "record when the reboot was requested",
    action: "dynamodb:UpdateItem",
    includes: "rebootRequestedAt",
  },
  { scenario: "alert", name: "read the recent reboots", action: "dynamodb:GetItem" },
  { scenario: "alert", name: "send the first e-mail", action: "sns:Publish" },
  {
    scenario: "not running",
    name: "send the e-mail that nothing was rebooted",
    action: "sns:Publish",
  },
  {
    scenario: "not running",
    name: "record why nothing was rebooted",
    action: "dynamodb:UpdateItem",
    includes: "failure",
  },
  {
    scenario: "suppressed",
    name: "record the notification of the suppressed alert",
    action: "dynamodb:UpdateItem",
    includes: "heldBackToldAt",
  },
  {
    scenario: "suppressed",
    name: "send the e-mail about the suppressed alert",
    action: "sns:Publish",
  },
  {
    scenario: "resolved",
    name: "record that the alert resolved",
    action: "dynamodb:UpdateItem",
    includes: "resolvedAt",
  },
  {
    scenario: "end within the cool-down",
    name: "record the notification of the resolution",
    action: "dynamodb:UpdateItem",
    includes: "resolvedNotifiedAt",
  },
  {
    scenario: "end within the cool-down",
    name: "send the e-mail that the alert resolved",
    action: "sns:Publish",
  },
  {
    scenario: "check",
    name: "read the instance's status again",
    action: "ec2:DescribeInstanceStatus",
  },
  {
    scenario: "check",
    name: "count the check",
    action: "dynamodb:UpdateItem",
    includes: "checkCount",
  },
  { scenario: "check", name: "queue the next check", action: "sqs:SendMessage" },
  {
    scenario: "check",
    name: "acquire the lease to report the result",
    action: "dynamodb:UpdateItem",
    includes: "turnUntil",
  },
  {
    scenario: "check",
    name: "read the recent reboots again",
    action: "dynamodb:GetItem",
    holdsLease: true,
  },
  { scenario: "check", name: "send the last e-mail", action: "sns:Publish", holdsLease: true },
  {
    scenario: "check",
    name: "close the incident",
    action: "dynamodb:UpdateItem",
    includes: "closedAt",
    holdsLease: true,
  },
  { scenario: "quiet hours", name: "store the alert", action: "dynamodb:TransactWriteItems" },
  {
    scenario: "quiet hours",
    name: "read the quiet period",
    action: "dynamodb:GetItem",
    includes: "incident#quiet-",
  },
  { scenario: "quiet hours", name: "queue the check of their end", action: "sqs:SendMessage" },
  {
    scenario: "end of quiet hours",
    name: "count the check of their end",
    action: "dynamodb:UpdateItem",
    includes: "checkCount",
  },
  {
    scenario: "end of quiet hours",
    name: "read the stored alert",
    action: "dynamodb:GetItem",
    includes: "incident#alert-",
  },
  {
    scenario: "end of quiet hours",
    name: "acquire the lease to report their end",
    action: "dynamodb:UpdateItem",
    includes: "turnUntil",
  },
  {
    scenario: "end of quiet hours",
    name: "send the e-mail at their end",
    action: "sns:Publish",
    holdsLease: true,
  },
  {
    scenario: "end of quiet hours",
    name: "close the quiet period",
    action: "dynamodb:UpdateItem",
    includes: "closedAt",
    holdsLease: true,
  },
];

export const times = ["before", "after"] as const;

export interface Row<S = Scenario> {
  readonly call: Call<S>;
  readonly kind: FaultKind;
  readonly when: (typeof times)[number];
}

/** Every call with every fault. The slowest rows come first, so that no worker waits for one at the end. */
export const rows: readonly Row[] = faultKinds
  .flatMap((kind) => calls.flatMap((call) => times.map((when) => ({ call, kind, when }))))
  .sort((a, b) => costOf(b) - costOf(a));

function costOf({ call, kind }: Row): number {
  return (
    (call.holdsLease ? 2 : 0) + (kind === "time-out" ? 2 : 0) + (call.scenario === "check" ? 1 : 0)
  );
}

import { type FaultKind, faultKinds } from "../../../sandbox/aws/faults.ts";

/** What happens in a row before and around the call that goes wrong. */
export type Scenario =
  /** An alert, its end, and the checks of an instance that is up. */
  | "alert"
  /** The same, with the call of the alert's end going wrong. */
  | "resolved"
  /** The same, with a call of the checks going wrong, each time that it is made. */
  | "check"
  /** An alert within the cool-down. */
  | "held back"
  /** The same, with a call of the alert's end going wrong: nobody follows it, so it has its own e-mail. */
  | "end within the cool-down"
  /** An alert of an instance that is stopped. */
  | "not running";

/** An AWS call of the function, told apart by its action and a part of its body. */
export interface Call {
  readonly scenario: Scenario;
  readonly name: string;
  readonly action: string;
  readonly includes?: string;
  /** True where the check has its turn to tell the end, which no other gets for ten seconds. */
  readonly isInTurn?: true;
}

export const calls: readonly Call[] = [
  { scenario: "alert", name: "claim the reboot", action: "dynamodb:TransactWriteItems" },
  { scenario: "alert", name: "look at the instance", action: "ec2:DescribeInstanceStatus" },
  { scenario: "alert", name: "queue the first check", action: "sqs:SendMessage" },
  { scenario: "alert", name: "reboot", action: "ec2:RebootInstances" },
  {
    scenario: "alert",
    name: "note when it was rebooted",
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
    name: "note why nothing was rebooted",
    action: "dynamodb:UpdateItem",
    includes: "failure",
  },
  {
    scenario: "held back",
    name: "remember that people were told",
    action: "dynamodb:UpdateItem",
    includes: "heldBackToldAt",
  },
  { scenario: "held back", name: "send the e-mail of what is held back", action: "sns:Publish" },
  {
    scenario: "resolved",
    name: "note that the alert resolved",
    action: "dynamodb:UpdateItem",
    includes: "resolvedAt",
  },
  {
    scenario: "end within the cool-down",
    name: "remember that people were notified of the end",
    action: "dynamodb:UpdateItem",
    includes: "resolvedNotifiedAt",
  },
  {
    scenario: "end within the cool-down",
    name: "send the e-mail that the alert resolved",
    action: "sns:Publish",
  },
  { scenario: "check", name: "look at the instance again", action: "ec2:DescribeInstanceStatus" },
  {
    scenario: "check",
    name: "count the check",
    action: "dynamodb:UpdateItem",
    includes: "checkCount",
  },
  { scenario: "check", name: "queue the next check", action: "sqs:SendMessage" },
  {
    scenario: "check",
    name: "take the turn to tell the end",
    action: "dynamodb:UpdateItem",
    includes: "turnUntil",
  },
  {
    scenario: "check",
    name: "read the recent reboots again",
    action: "dynamodb:GetItem",
    isInTurn: true,
  },
  { scenario: "check", name: "send the last e-mail", action: "sns:Publish", isInTurn: true },
  {
    scenario: "check",
    name: "close the incident",
    action: "dynamodb:UpdateItem",
    includes: "closedAt",
    isInTurn: true,
  },
];

export const times = ["before", "after"] as const;

export interface Row {
  readonly call: Call;
  readonly kind: FaultKind;
  readonly when: (typeof times)[number];
}

/** Every call with every fault; those that take longest first, so that no lane waits for one. */
export const rows: readonly Row[] = faultKinds
  .flatMap((kind) => calls.flatMap((call) => times.map((when) => ({ call, kind, when }))))
  .sort((a, b) => costOf(b) - costOf(a));

function costOf({ call, kind }: Row): number {
  return (
    (call.isInTurn ? 2 : 0) + (kind === "time-out" ? 2 : 0) + (call.scenario === "check" ? 1 : 0)
  );
}

import { faultKinds } from "../../../../sandbox/aws/faults.ts";
import { type Call, type Row, times } from "../rows.ts";

/** What happens in a row of a group of three instances, and during which part of it the call fails. */
export type GroupScenario =
  /** The webhook of an alert, which is then decided; it resolves after the reboot. */
  | "alert"
  /** The same, but a call of the decision fails each time. */
  | "decision"
  /** The same while another instance is being rebooted: the alert waits, and is decided again. */
  | "waiting"
  /** The decision of an alert within the cool-down. */
  | "suppressed"
  /** The resolution after the reboot. */
  | "resolved"
  /** The checks after the reboot. */
  | "check"
  /** The decisions of two alerts, whose cause is shared. */
  | "shared cause"
  /** The same, but a call of the first check of the shared cause fails. */
  | "first check of a shared cause"
  /** The same, but a call of the checks after both alerts have resolved fails. */
  | "end of a shared cause";

export const groupCalls: readonly Call<GroupScenario>[] = [
  {
    scenario: "alert",
    name: "queue the decision",
    action: "sqs:SendMessage",
  },
  { scenario: "alert", name: "store the alert", action: "dynamodb:TransactWriteItems" },
  {
    scenario: "alert",
    name: "record the alert in the group's item",
    action: "dynamodb:UpdateItem",
    includes: "firedAt#",
  },
  {
    scenario: "decision",
    name: "begin the decision",
    action: "dynamodb:UpdateItem",
    includes: "decisionUntil",
  },
  {
    scenario: "decision",
    name: "record the alert again",
    action: "dynamodb:UpdateItem",
    includes: "firedAt#",
  },
  {
    scenario: "decision",
    name: "read the group",
    action: "dynamodb:GetItem",
    includes: '"S":"group"',
  },
  {
    scenario: "decision",
    name: "read the instance's limits",
    action: "dynamodb:GetItem",
    includes: '"S":"instance#',
  },
  {
    scenario: "decision",
    name: "read the health of the targets",
    action: "elasticloadbalancing:DescribeTargetHealth",
  },
  {
    scenario: "decision",
    name: "claim the reboot with the lease",
    action: "dynamodb:TransactWriteItems",
  },
  { scenario: "decision", name: "queue the first check", action: "sqs:SendMessage" },
  { scenario: "decision", name: "reboot", action: "ec2:RebootInstances" },
  {
    scenario: "decision",
    name: "record when the reboot was requested",
    action: "dynamodb:UpdateItem",
    includes: "rebootRequestedAt",
  },
  { scenario: "decision", name: "send the first e-mail", action: "sns:Publish" },
  {
    scenario: "waiting",
    name: "queue the next decision",
    action: "sqs:SendMessage",
    includes: "decide",
  },
  {
    scenario: "waiting",
    name: "hand the turn on to it",
    action: "dynamodb:UpdateItem",
    includes: ":next",
  },
  {
    scenario: "suppressed",
    name: "send the e-mail about the suppressed alert",
    action: "sns:Publish",
  },
  {
    scenario: "suppressed",
    name: "close the suppressed alert",
    action: "dynamodb:UpdateItem",
    includes: "closedAt = :closedAt",
  },
  {
    scenario: "resolved",
    name: "record in the group's item that the alert resolved",
    action: "dynamodb:UpdateItem",
    includes: "resolvedAt#",
  },
  {
    scenario: "check",
    name: "release the lease",
    action: "dynamodb:UpdateItem",
    includes: "leaseUntil#",
  },
  {
    scenario: "shared cause",
    name: "queue its first check",
    action: "sqs:SendMessage",
    includes: "shared-",
  },
  {
    scenario: "shared cause",
    name: "begin the shared cause",
    action: "dynamodb:TransactWriteItems",
    includes: "incident#shared-",
  },
  {
    scenario: "shared cause",
    name: "close each alert",
    action: "dynamodb:UpdateItem",
    includes: "closedAt = :closedAt",
  },
  {
    scenario: "first check of a shared cause",
    name: "read the shared cause",
    action: "dynamodb:GetItem",
    includes: "incident#shared-",
  },
  {
    scenario: "first check of a shared cause",
    name: "acquire the lease to report it",
    action: "dynamodb:UpdateItem",
    includes: "turnUntil",
  },
  { scenario: "first check of a shared cause", name: "send its e-mail", action: "sns:Publish" },
  {
    scenario: "first check of a shared cause",
    name: "record its e-mail",
    action: "dynamodb:UpdateItem",
    includes: "emails",
  },
  {
    scenario: "first check of a shared cause",
    name: "read the group for its check",
    action: "dynamodb:GetItem",
    includes: '"S":"group"',
  },
  {
    scenario: "first check of a shared cause",
    name: "queue its next check",
    action: "sqs:SendMessage",
  },
  {
    scenario: "first check of a shared cause",
    name: "hand the turn on to it",
    action: "dynamodb:UpdateItem",
    includes: "checkCount",
  },
  {
    scenario: "end of a shared cause",
    name: "end it in the group's item",
    action: "dynamodb:UpdateItem",
    includes: "sharedCause = :incident",
  },
  {
    scenario: "end of a shared cause",
    name: "close it",
    action: "dynamodb:UpdateItem",
    includes: "closedAt = :closedAt",
  },
];

export type GroupRow = Row<GroupScenario>;

/** Every call with every fault. The slowest rows come first, so that no worker waits for one at the end. */
export const groupRows: readonly GroupRow[] = faultKinds
  .toSorted((a, b) => Number(b === "time-out") - Number(a === "time-out"))
  .flatMap((kind) => groupCalls.flatMap((call) => times.map((when) => ({ call, kind, when }))));

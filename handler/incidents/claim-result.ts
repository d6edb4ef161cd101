import { errorText } from "../errors.ts";
import type { RebootLimits } from "../options.ts";
import { isRecord } from "../record.ts";
import type { ClaimContext } from "./claim.ts";
import {
  attributes,
  type InstanceState,
  type Item,
  type ModeSwitch,
  readIncident,
  readInstance,
} from "./table.ts";
import { dayMs, isTime, minuteMs, timeText } from "./times.ts";

/** Which limit suppressed a reboot. */
export type Limit =
  | "duplicate"
  | "mode"
  | "cool-down"
  | "daily limit"
  | "contention"
  | "quiet hours"
  | "shared cause"
  | "group"
  | "group daily limit";

/** The result of a claim. */
export type Claim =
  | {
      readonly kind: "claimed";
      /** In a group: ends the lease if nothing was rebooted after all. Never throws. */
      readonly release?: () => Promise<void>;
    }
  | Suppressed
  | Waiting
  /** The kill switch allows only a dry run. */
  | { readonly kind: "only-dry-run"; readonly reason: string }
  /** Nobody knows whether the claim succeeded, so it did not. */
  | { readonly kind: "failed"; readonly error: string };

/** The reboot of an instance must wait for other instances of its group. */
export interface Waiting {
  readonly kind: "waiting";
  readonly reason: string;
}

export interface Suppressed {
  readonly kind: "suppressed";
  readonly limit: Limit;
  readonly reason: string;
  /** When the limit ends, in milliseconds since 1970; absent if it does not end by itself. */
  readonly untilMs?: number;
  /** True if the alert waits for the end of quiet hours, which is then reported. */
  readonly isWaiting?: true;
}

const suppressedBy: Readonly<Record<Limit, string>> = {
  duplicate: "as a duplicate",
  mode: "by the kill switch",
  "cool-down": "by the cool-down",
  "daily limit": "by the daily limit",
  contention: "by concurrent alerts",
  "quiet hours": "by quiet hours",
  "shared cause": "by a shared cause",
  group: "by the group's limit",
  "group daily limit": "by the group's daily limit",
};

/** Which limit suppressed a reboot, why and until when, as a sentence for people. */
export function describeSuppression({
  limit,
  reason,
  untilMs,
}: Pick<Suppressed, "limit" | "reason" | "untilMs">): string {
  const until = untilMs === undefined ? "" : `, until ${timeText(untilMs)}`;
  return `suppressed ${suppressedBy[limit]}: ${reason}${until}`;
}

/** What an error of the claim's write means. Only a clear response is a limit; all else is a failure. */
export function readClaimError(error: unknown, { limits, nonce, nowMs }: ClaimContext): Claim {
  const [instance, incident] = failedItems(error);
  if (incident) {
    return incident[attributes.nonce]?.S === nonce ? { kind: "claimed" } : duplicateOf(incident);
  }
  if (!instance && isConflict(error)) return contention;
  if (!instance) return { kind: "failed", error: errorText(error) };
  const state = readInstance(instance);
  return (
    modeClaim(state.mode, nowMs) ??
    dailyLimit(state, limits, nowMs) ??
    coolDown(state.rebootsMs[0], limits)
  );
}

/**
 * What an instance's item says against its reboot, before a claim is tried; undefined if it says nothing. Only the
 * claim itself can say that the reboot is allowed.
 */
export function whyNotNow(
  state: InstanceState,
  { limits, isForced, nowMs }: { limits: RebootLimits; isForced: boolean; nowMs: number },
): Claim | undefined {
  const latestMs = state.rebootsMs[0];
  const isOver = latestMs === undefined || latestMs + limits.cooldownMinutes * minuteMs <= nowMs;
  return (
    modeClaim(state.mode, nowMs) ??
    dailyLimit(state, limits, nowMs) ??
    (isForced || isOver ? undefined : coolDown(latestMs, limits))
  );
}

/** A limit like the others, so that a storm of conflicting alerts is no storm of e-mails. */
export const contention: Suppressed = {
  kind: "suppressed",
  limit: "contention",
  reason: "every attempt conflicted with a concurrent claim",
};

/** The result for an alert or invocation that the table already has. */
export function duplicateOf(item: Item): Suppressed {
  const { claimedAtMs, quietUntilMs, waitsSinceMs } = readIncident(item);
  const when = timeText(claimedAtMs);
  const reason =
    waitsSinceMs !== undefined
      ? `this alert already arrived at ${when}`
      : quietUntilMs === undefined
        ? `this incident was already claimed at ${when}`
        : `this alert was already suppressed by quiet hours at ${when}`;
  return { kind: "suppressed", limit: "duplicate", reason };
}

/** The kill switch, if it suppresses a reboot. */
export function modeClaim(mode: ModeSwitch | undefined, nowMs: number): Claim | undefined {
  if (!mode || mode.name === "on" || mode.untilMs <= nowMs) return undefined;
  const { name = "not a string", sinceMs, untilMs, reason: why } = mode;
  const reason = `the mode is ${name} since ${timeText(sinceMs)}${why ? `: ${why}` : ""}`;
  if (name === "dryrun") return { kind: "only-dry-run", reason };
  return suppressed("mode", reason, untilMs);
}

function dailyLimit(
  { rebootsMs }: InstanceState,
  { maxRebootsPerDay }: RebootLimits,
  nowMs: number,
): Claim | undefined {
  const oldestMs = rebootsMs[maxRebootsPerDay - 1];
  if (oldestMs === undefined || oldestMs + dayMs <= nowMs) return undefined;
  const reason = `the limit of ${maxRebootsPerDay} reboots in 24 hours is reached`;
  return suppressed("daily limit", reason, oldestMs + dayMs);
}

function coolDown(latestMs = Number.NaN, { cooldownMinutes }: RebootLimits): Claim {
  const reason = `the last reboot was claimed at ${timeText(latestMs)}, less than ${cooldownMinutes} minutes ago`;
  return suppressed("cool-down", reason, latestMs + cooldownMinutes * minuteMs);
}

/** `untilMs` is no time if the limit has no known end, or if the item has a number that is no time. */
function suppressed(limit: Limit, reason: string, untilMs: number): Claim {
  return { kind: "suppressed", limit, reason, ...(isTime(untilMs) && { untilMs }) };
}

/** True if DynamoDB canceled this claim because of a concurrent one. */
export function isConflict(error: unknown): boolean {
  return reasonsOf(error).some((it) => isRecord(it) && it.Code === "TransactionConflict");
}

/** The old item of each part of a transaction whose condition was false; empty for another error. */
export function failedItems(error: unknown): (Item | undefined)[] {
  return reasonsOf(error).map(failedItem);
}

/** Why a transaction was canceled, part by part; empty for another error. */
function reasonsOf(error: unknown): unknown[] {
  const reasons = isRecord(error) ? error.CancellationReasons : undefined;
  return Array.isArray(reasons) ? reasons : [];
}

/** The old item of a part of the transaction whose condition was false. */
function failedItem(reason: unknown): Item | undefined {
  if (!isRecord(reason) || reason.Code !== "ConditionalCheckFailed") return undefined;
  return isRecord(reason.Item) ? (reason.Item as Item) : {};
}

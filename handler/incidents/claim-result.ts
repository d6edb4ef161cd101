import { errorText } from "../errors.ts";
import type { RebootLimits } from "../options.ts";
import { isRecord } from "../record.ts";
import type { ClaimContext } from "./claim.ts";
import { attributes, type InstanceState, type Item, readIncident, readInstance } from "./table.ts";
import { dayMs, isTime, minuteMs, timeText } from "./times.ts";

/** Which limit suppressed a reboot. */
export type Limit = "duplicate" | "mode" | "cool-down" | "daily limit" | "contention";

/** The result of a claim. */
export type Claim =
  | { readonly kind: "claimed" }
  | Suppressed
  /** The kill switch allows only a dry run. */
  | { readonly kind: "only-dry-run"; readonly reason: string }
  /** Nobody knows whether the claim succeeded, so it did not. */
  | { readonly kind: "failed"; readonly error: string };

export interface Suppressed {
  readonly kind: "suppressed";
  readonly limit: Limit;
  readonly reason: string;
  /** When the limit ends, in milliseconds since 1970; absent if it does not end by itself. */
  readonly untilMs?: number;
}

/** What an error of the claim's write means. Only a clear response is a limit; all else is a failure. */
export function readClaimError(error: unknown, { limits, nonce, nowMs }: ClaimContext): Claim {
  const [instance, incident] = reasonsOf(error).map(failedItem);
  if (incident) {
    if (incident[attributes.nonce]?.S === nonce) return { kind: "claimed" };
    const claimedAt = timeText(readIncident(incident).claimedAtMs);
    const reason = `this incident was already claimed at ${claimedAt}`;
    return { kind: "suppressed", limit: "duplicate", reason };
  }
  if (!instance && isConflict(error)) {
    // A limit like the others, so that a storm of conflicting alerts is no storm of e-mails.
    const reason = "every attempt conflicted with a concurrent claim";
    return { kind: "suppressed", limit: "contention", reason };
  }
  if (!instance) return { kind: "failed", error: errorText(error) };
  const state = readInstance(instance);
  return modeClaim(state, nowMs) ?? limitClaim(state, limits, nowMs);
}

/** The kill switch, if it is what suppressed the reboot. */
function modeClaim({ mode }: InstanceState, nowMs: number): Claim | undefined {
  if (!mode || mode.name === "on" || mode.untilMs <= nowMs) return undefined;
  const { name = "not a string", sinceMs, untilMs, reason: why } = mode;
  const reason = `the mode is ${name} since ${timeText(sinceMs)}${why ? `: ${why}` : ""}`;
  if (name === "dryrun") return { kind: "only-dry-run", reason };
  return suppressed("mode", reason, untilMs);
}

function limitClaim(
  { rebootsMs }: InstanceState,
  { cooldownMinutes, maxRebootsPerDay }: RebootLimits,
  nowMs: number,
): Claim {
  const oldestMs = rebootsMs[maxRebootsPerDay - 1];
  if (oldestMs !== undefined && !(oldestMs + dayMs <= nowMs)) {
    const reason = `the limit of ${maxRebootsPerDay} reboots in 24 hours is reached`;
    return suppressed("daily limit", reason, oldestMs + dayMs);
  }
  const latestMs = rebootsMs[0] ?? Number.NaN;
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

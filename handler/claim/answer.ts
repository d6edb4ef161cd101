import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { errorText } from "../error.ts";
import type { ClaimLimits } from "../options.ts";
import { isRecord } from "../record.ts";
import { type Claim, type ClaimContext, dayMs, type Item, type Limit, minuteMs } from "./types.ts";

/** What an error of that write means. Only a clear answer is a limit; all else is a failure. */
export function readClaimError(error: unknown, { limits, nonce, nowMs }: ClaimContext): Claim {
  const [instance, incident] = reasonsOf(error).map(failedItem);
  if (incident) {
    if (incident.nonce?.S === nonce) return { kind: "claimed" };
    return {
      kind: "suppressed",
      limit: "duplicate",
      reason: `this incident was taken already at ${timeText(incident.claimedAt)}`,
    };
  }
  if (!instance && isConflict(error)) {
    // A limit like the others, so that a storm of alerts that meet is no storm of e-mails.
    const reason = "other claims came at the same moment, again and again";
    return { kind: "suppressed", limit: "contention", reason };
  }
  if (!instance) return { kind: "failed", error: errorText(error) };
  return modeClaim(instance, nowMs) ?? limitClaim(instance, limits, nowMs);
}

/** The kill switch, if it is what held the claim back. */
function modeClaim(instance: Item, nowMs: number): Claim | undefined {
  const { mode, modeUntil, modeSince, modeReason } = instance;
  const untilMs = Number(modeUntil?.N);
  const hasEnded = untilMs <= nowMs;
  if (!mode || mode.S === "on" || hasEnded) return undefined;
  const name = mode.S ?? "of an unknown form";
  const why = modeReason?.S ? `: ${modeReason.S}` : "";
  const reason = `the mode is ${name} since ${timeText(modeSince)}${why}`;
  if (name === "dryrun") return { kind: "only-dry-run", reason };
  return suppressed("mode", reason, untilMs);
}

function limitClaim(instance: Item, limits: ClaimLimits, nowMs: number): Claim {
  const { cooldownMinutes, maxRebootsPerDay } = limits;
  const oldest = instance[`t${maxRebootsPerDay - 1}`];
  const budgetUntil = Number(oldest?.N) + dayMs;
  if (oldest && !(budgetUntil <= nowMs)) {
    const reason = `${maxRebootsPerDay} reboots in 24 hours are all that is allowed`;
    return suppressed("budget", reason, budgetUntil);
  }
  const reason = `the last reboot was claimed at ${timeText(instance.t0)}, less than ${cooldownMinutes} minutes ago`;
  return suppressed("cool-down", reason, Number(instance.t0?.N) + cooldownMinutes * minuteMs);
}

/** `untilMs` is no time where the limit has no end that is known, or the item has a number that is none. */
function suppressed(limit: Limit, reason: string, untilMs: number): Claim {
  return { kind: "suppressed", limit, reason, ...(isTime(untilMs) && { untilMs }) };
}

/** False for what `toISOString` would throw at: nanoseconds, for example, are too large. */
function isTime(ms: number): boolean {
  return !Number.isNaN(new Date(ms).getTime());
}

/** True where claims met, and DynamoDB cancelled this one for another. */
export function isConflict(error: unknown): boolean {
  return reasonsOf(error).some((it) => isRecord(it) && it.Code === "TransactionConflict");
}

/** Why a transaction was cancelled, part by part; empty for another error. */
function reasonsOf(error: unknown): unknown[] {
  const reasons = isRecord(error) ? error.CancellationReasons : undefined;
  return Array.isArray(reasons) ? reasons : [];
}

/** The old item of a part of the transaction whose condition did not hold. */
function failedItem(reason: unknown): Item | undefined {
  if (!isRecord(reason) || reason.Code !== "ConditionalCheckFailed") return undefined;
  return isRecord(reason.Item) ? (reason.Item as Item) : {};
}

function timeText(value: AttributeValue | undefined): string {
  const timeMs = Number(value?.N ?? Number.NaN);
  return isTime(timeMs) ? new Date(timeMs).toISOString() : "an unknown time";
}

import { randomUUID } from "node:crypto";
import type { QuietDecision } from "./decide.ts";
import { errorText } from "./errors.ts";
import type { Suppressed } from "./incidents/claim-result.ts";
import { quietPeriodId, storeQuietAlert } from "./incidents/quiet-period.ts";
import { loadIncident, type StoredIncident } from "./incidents/store.ts";
import { minuteMs } from "./incidents/times.ts";
import type { HandlerOptions } from "./options.ts";
import { queueCheck } from "./requests/check.ts";

/** SQS's longest delay: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const longestDelayMs = 15 * minuteMs;

/** An alert that came in the last moment of quiet hours is stored before their end is checked. */
const graceMs = minuteMs;

/**
 * Suppresses an alert in quiet hours: stores it, and queues a check of the quiet period if this alert is
 * the first in it. Further ones only join it, so there is one chain of checks and one e-mail at the end.
 * Never throws.
 */
export async function suppressQuietly(
  { alert, untilMs, reason, waiting }: QuietDecision,
  options: HandlerOptions,
): Promise<
  | Suppressed
  | { readonly kind: "failed"; readonly error: string; readonly nonce: string | undefined }
> {
  if (untilMs === undefined) return { kind: "suppressed", limit: "quiet hours", reason };
  const nonce = randomUUID();
  const stored = await storeQuietAlert({ alert, untilMs, nonce, waiting }, options);
  if (stored.kind === "suppressed") return stored;
  if (stored.kind === "failed") {
    const error = `quiet hours, and the alert could not be stored until they end: ${stored.error}`;
    return { kind: "failed", error, nonce };
  }
  try {
    await queueFirstCheck({ untilMs, nonce }, options);
  } catch (thrown) {
    const error = `quiet hours, and their end cannot be checked: ${errorText(thrown)}`;
    return { kind: "failed", error, nonce };
  }
  const why = "the alert waits for their end";
  return { kind: "suppressed", limit: "quiet hours", reason: why, untilMs, isWaiting: true };
}

async function queueFirstCheck(
  { untilMs, nonce }: { untilMs: number; nonce: string },
  options: HandlerOptions,
): Promise<void> {
  const period = await loadIncident(quietPeriodId(untilMs), options);
  const isFirst = period.nonce === nonce;
  if (isFirst || isOverdue(period, options.now())) await queueQuietCheck(period, options);
}

/** True if no check ever ran although one is due: the function ended, or failed, before it queued one. */
function isOverdue({ claimedAtMs, checkCount }: StoredIncident, nowMs: number): boolean {
  return checkCount === 0 && nowMs > claimedAtMs + longestDelayMs + graceMs;
}

/** Queues the next check of a quiet period: a minute after its end, or as late as SQS allows. */
export async function queueQuietCheck(
  {
    id,
    nonce,
    quietUntilMs = Number.NaN,
    instanceId,
  }: Pick<StoredIncident, "id" | "nonce" | "quietUntilMs" | "instanceId">,
  options: HandlerOptions,
): Promise<void> {
  const delayMs = Math.min(longestDelayMs, quietUntilMs + graceMs - options.now());
  const message = { incidentId: id, nonce, instanceId: instanceId ?? options.instanceId };
  await queueCheck(message, options, Math.ceil(Math.max(delayMs, 1) / 1_000));
}

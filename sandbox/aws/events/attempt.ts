/** An error of a delivery, as EventBridge names it in the dead-letter queue. */
export class DeliveryError extends Error {
  /**
   * For example `NO_PERMISSIONS`:
   * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
   */
  readonly code: string;
  /** Missing permissions, missing resources and invalid requests are not tried again. */
  readonly isRetriable: boolean;

  constructor(code: string, message: string, { isRetriable }: { isRetriable: boolean }) {
    super(message);
    this.code = code;
    this.isRetriable = isRetriable;
  }
}

/** How long, and how often after the first attempt, a delivery is tried. */
export interface RetryPolicy {
  readonly maximumAgeSeconds: number;
  readonly maximumRetryAttempts: number;
}

/** Which limit of a retry policy is exhausted. */
export type Exhausted = "MaximumEventAgeInSeconds" | "MaximumRetryAttempts";

/**
 * When to try again after a number of failed attempts, in milliseconds since 1970, or which limit is exhausted.
 * The delays double from one second to one minute; AWS documents neither their length nor their jitter.
 */
export function nextAttempt(
  { maximumAgeSeconds, maximumRetryAttempts }: RetryPolicy,
  { failedAttempts, sinceMs, nowMs }: { failedAttempts: number; sinceMs: number; nowMs: number },
): { atMs: number } | { exhausted: Exhausted } {
  if (failedAttempts > maximumRetryAttempts) return { exhausted: "MaximumRetryAttempts" };
  const atMs = nowMs + Math.min(1_000 * 2 ** (failedAttempts - 1), 60_000);
  const endMs = sinceMs + maximumAgeSeconds * 1_000;
  return atMs > endMs ? { exhausted: "MaximumEventAgeInSeconds" } : { atMs };
}

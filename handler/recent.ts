import { dayMs } from "./claim/types.ts";
import { instanceKey, numberOf } from "./incident.ts";
import type { HandlerOptions } from "./options.ts";

/** How often a reboot was claimed lately, as an e-mail says it. */
export interface RecentReboots {
  readonly text: string;
  /** True from the second claim within 24 hours on: then it does not last, and people must look. */
  readonly isRecurring: boolean;
}

const limitMs = 2_000;

/**
 * Counts the claims of the last seven days, of which the instance's item keeps ten. Never throws:
 * an e-mail without it is better than none.
 */
export async function recentReboots({
  clients,
  instanceId,
  limits,
  now,
}: HandlerOptions): Promise<RecentReboots> {
  try {
    const { Item = {} } = await clients.getItem(
      { TableName: limits.tableName, Key: instanceKey(instanceId), ConsistentRead: true },
      limitMs,
    );
    const agesMs = Object.entries(Item)
      .filter(([name]) => /^t\d$/.test(name))
      .map(([, value]) => now() - (numberOf(value) ?? 0));
    return describeReboots(agesMs);
  } catch {
    return { text: "unknown: the table did not answer", isRecurring: false };
  }
}

/** The same of the ages of the reboots in milliseconds; strict: a week ago exactly is too long. */
export function describeReboots(agesMs: readonly number[]): RecentReboots {
  const ofWeek = agesMs.filter((ageMs) => ageMs < 7 * dayMs).length;
  const isRecurring = agesMs.filter((ageMs) => ageMs < dayMs).length >= 2;
  const count = ofWeek === 10 ? "10 reboots or more" : `${ofWeek} reboot${ofWeek === 1 ? "" : "s"}`;
  const advice = isRecurring ? ": find the cause, a reboot does not last" : "";
  return { text: `${count} claimed in 7 days${advice}`, isRecurring };
}

import { loadInstance } from "../incidents/store.ts";
import { dayMs } from "../incidents/times.ts";
import type { HandlerOptions } from "../options.ts";

/** The recent reboots, as an e-mail describes them. */
export interface RecentReboots {
  readonly text: string;
  /** True from the second reboot within 24 hours on: then rebooting does not fix the problem. */
  readonly isRecurring: boolean;
}

/** Reads the recent reboots. Never throws: an e-mail without them is better than none. */
export async function readRecentReboots(options: HandlerOptions): Promise<RecentReboots> {
  try {
    const { rebootsMs } = await loadInstance(options);
    const claimedMs = rebootsMs.filter((it) => it !== undefined);
    return describeReboots(claimedMs.map((it) => options.now() - it));
  } catch {
    return { text: "unknown: the table did not respond", isRecurring: false };
  }
}

/**
 * Describes the reboots of the last seven days by their ages in milliseconds, of which the instance's
 * item keeps ten. A reboot exactly a week ago does not count.
 */
export function describeReboots(agesMs: readonly number[]): RecentReboots {
  const ofWeek = agesMs.filter((ageMs) => ageMs < 7 * dayMs).length;
  const isRecurring = agesMs.filter((ageMs) => ageMs < dayMs).length >= 2;
  const count = ofWeek === 10 ? "10 reboots or more" : `${ofWeek} reboot${ofWeek === 1 ? "" : "s"}`;
  return { text: `${count} claimed in 7 days`, isRecurring };
}

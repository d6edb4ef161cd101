import { errorText } from "./error.ts";
import { composeMessage, type Letter } from "./message.ts";
import { countMetric } from "./metrics.ts";
import type { HandlerOptions } from "./options.ts";
import { recentReboots } from "./recent.ts";

const publishLimitMs = 4_000;

/**
 * Tells people by SNS, in the time that `leftMs` says is left, and returns "sent" or what went wrong. Never throws: an
 * e-mail that fails neither hides nor repeats a reboot. It counts `NotTold`, whose alarm reaches the
 * same people without SNS taking the function's own e-mail.
 */
export async function tellPeople(
  letter: Letter,
  options: HandlerOptions,
  leftMs: () => number,
): Promise<string> {
  try {
    const message = composeMessage(letter, await recentReboots(options), options);
    const limitMs = Math.min(publishLimitMs, leftMs());
    if (limitMs <= 0) throw new Error("no time is left of the function's timeout");
    await options.clients.publish({ TopicArn: options.topicArn, ...message }, limitMs);
    return "sent";
  } catch (error) {
    countMetric("NotTold", options);
    return `failed: ${errorText(error)}`;
  }
}

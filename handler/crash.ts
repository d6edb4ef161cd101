import { errorText, isNamed, namedError } from "./error.ts";
import { countMetric } from "./metrics.ts";
import type { HandlerOptions } from "./options.ts";
import { isWebhook } from "./parse.ts";
import { respond } from "./report.ts";

/**
 * The end of an invocation that failed in a way that the handler does not know: one log line, and a
 * defined response. An alert may be lost, so somebody is notified in each case.
 *
 * A webhook is answered with 500 and counted as `NotTold`, which has an alarm. Everything else throws
 * `HandlerFailed`: Lambda counts the error, which has an alarm too, shows it to the caller of a manual
 * invocation, and gives a message back to its queue.
 */
export function reportCrash(event: unknown, error: unknown, options: HandlerOptions) {
  const reason = errorText(error);
  const source = isWebhook(event) ? "webhook" : "other";
  options.log("error", { outcome: "crashed", instanceId: options.instanceId, source, reason });
  if (source === "other") throw namedError("HandlerFailed", reason);
  countMetric("NotTold", options);
  return respond(500, undefined);
}

/** True for the errors that the handler throws on purpose, after it has logged them. */
export function isAnswer(error: unknown): boolean {
  return isNamed(error, "RefusedCall") || isNamed(error, "RebootFailed");
}

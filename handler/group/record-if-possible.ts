import { errorText } from "../errors.ts";
import type { HandlerOptions } from "../options.ts";

/**
 * An update of the group that must not change what is done about a request. If it fails, the decision of a
 * waiting alert repeats it, a lease ends by time, a missing resolution can only prevent reboots, and an alert of
 * quiet hours does not count for the group.
 */
export async function recordIfPossible(
  update: () => Promise<unknown>,
  { log, instanceId }: HandlerOptions,
): Promise<void> {
  try {
    await update();
  } catch (error) {
    log("error", { outcome: "group not updated", instanceId, reason: errorText(error) });
  }
}

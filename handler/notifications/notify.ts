import { errorText } from "../errors.ts";
import { describeSuppression } from "../incidents/claim-result.ts";
import {
  isFirstResolution,
  isFirstSuppression,
  type ResolutionRecord,
} from "../incidents/store.ts";
import type { Mail } from "../incidents/table.ts";
import { countMetric } from "../metrics.ts";
import type { HandlerOptions } from "../options.ts";
import type { Effect } from "../reboot.ts";
import type { Request } from "../requests/types.ts";
import { timeLimitsMs } from "../time-limits.ts";
import type { NotificationKind } from "./message.ts";

/** Whether people are notified, and if not, why, where a reason is worth a word. */
export type NotificationDecision =
  | { readonly kind: "notify"; readonly notification: NotificationKind }
  | { readonly kind: "none"; readonly reason?: string };

/**
 * Decides whether people are notified about a request. At most one suppressed alert and one resolution
 * per cool-down is an e-mail, so that a storm of alerts is no storm of e-mails. The caller of a manual
 * invocation gets the response. Never throws.
 */
export async function decideNotification(
  { request, effect }: { request: Request; effect: Effect },
  options: HandlerOptions,
): Promise<NotificationDecision> {
  const isAlert = request.kind === "alert";
  switch (effect.kind) {
    case "rebooted":
    case "failed":
      return { kind: "notify", notification: effect.kind };
    case "permitted in dryrun mode":
      return isAlert ? { kind: "notify", notification: "dry run" } : { kind: "none" };
    case "suppressed": {
      // People were notified of the first delivery of a duplicate, and a shared cause has one e-mail for all.
      const isNews = isAlert && effect.limit !== "duplicate" && effect.limit !== "shared cause";
      if (!isNews) return { kind: "none" };
      const why = describeSuppression(effect);
      const isFirst = await isFirstSuppression(request.incidentId, why, options);
      if (!isFirst) return { kind: "none" };
      return { kind: "notify", notification: effect.isWaiting ? "quiet hours" : "suppressed" };
    }
    case "resolved": {
      const reason = await whyResolutionIsSilent(effect.record, options);
      return reason === undefined
        ? { kind: "notify", notification: "resolved" }
        : { kind: "none", reason };
    }
    default:
      return { kind: "none" };
  }
}

/** Why nobody is notified of a resolution; `undefined` if they are. */
async function whyResolutionIsSilent(
  record: ResolutionRecord,
  options: HandlerOptions,
): Promise<string | undefined> {
  const incident = "incident" in record ? record.incident : undefined;
  const isOpen = incident?.rebootRequestedAtMs !== undefined && incident.closedAtMs === undefined;
  if (isOpen) return "the incident's last e-mail will report it";
  if (incident?.waitsSinceMs !== undefined && incident.closedAtMs === undefined) {
    return "the decision about the alert will report it";
  }
  if (incident?.outcome === "shared cause") return "the shared cause was reported";
  if (record.kind === "recorded before") return "its resolution was recorded before";
  if (await isFirstResolution(options)) return undefined;
  return `a resolution was already reported less than ${options.limits.cooldownMinutes} minutes ago`;
}

/**
 * Sends an e-mail by SNS, in the time that `leftMs` says is left. Returns "sent" or what failed. Never
 * throws: a failed e-mail neither hides nor repeats a reboot. A failure counts as `NotificationFailed`,
 * whose alarm reaches the same people although SNS refused the function's own e-mail.
 */
export async function sendMail(
  { subject: Subject, text: Message }: Mail,
  options: HandlerOptions,
  leftMs: () => number,
): Promise<string> {
  try {
    const limitMs = Math.min(timeLimitsMs.publish, leftMs());
    if (limitMs <= 0) throw new Error("no time is left of the function's timeout");
    await options.clients.publish({ TopicArn: options.topicArn, Subject, Message }, limitMs);
    return "sent";
  } catch (error) {
    countMetric("NotificationFailed", options);
    return `failed: ${errorText(error)}`;
  }
}

import type { Effect } from "./act.ts";
import type { Limit } from "./claim/types.ts";
import type { Decision } from "./decide.ts";

export type Outcome = "rebooted" | "dry-run" | "skipped" | "test" | "failed";

/** The one word for what a decision and its effect came to. */
export function outcomeOf(decision: Decision, effect: Effect): Outcome {
  if (effect.kind === "rebooted" || effect.kind === "failed") return effect.kind;
  if (effect.kind === "permitted") return "dry-run";
  return decision.kind === "test" ? "test" : "skipped";
}

/** What people are told by e-mail: of an alert or a call, and of the end of an incident. */
export type News = "rebooted" | "resolved" | "held back" | "would reboot" | End;

/**
 * How an incident ends. `failed`: nothing was rebooted. `unconfirmed`: the reboot was never confirmed.
 * `recovery unconfirmed`: the alert resolved, but without a successful request since the reboot.
 * `instance up`: after a manual reboot, of which nothing is known of the API.
 */
export type End =
  | "failed"
  | "recovered"
  | "instance up"
  | "not recovered"
  | "recovery unconfirmed"
  | "unconfirmed";

/** The news in an effect, if there is any. */
export function newsOf(effect: Effect): News | undefined {
  if (effect.kind === "rebooted" || effect.kind === "failed") return effect.kind;
  if (effect.kind === "suppressed") return effect.isNews ? "held back" : undefined;
  if (effect.kind === "permitted") return effect.isNews ? "would reboot" : undefined;
  return effect.kind === "resolved" && effect.quietReason === undefined ? "resolved" : undefined;
}

const heldBack: Readonly<Record<Limit, string>> = {
  duplicate: "as a duplicate",
  mode: "by the kill switch",
  "cool-down": "by the cool-down",
  budget: "by the daily budget",
  contention: "by other alerts",
};

/** Why it came to that, as a sentence for people; it may hold text of a request or of AWS. */
export function reasonOf(decision: Decision, effect: Effect): string {
  if (effect.kind === "failed") return `${effect.error} (${decision.reason})`;
  if (effect.kind === "permitted") {
    return `EC2 would permit the reboot${effect.reason ? `; ${effect.reason}` : ""}`;
  }
  if (effect.kind === "suppressed") {
    const until = effect.untilMs && `, until ${new Date(effect.untilMs).toISOString()}`;
    return `held back ${heldBack[effect.limit]}: ${effect.reason}${until ?? ""}`;
  }
  if (effect.kind === "resolved" && effect.quietReason !== undefined) {
    return `${decision.reason}; no e-mail: ${effect.quietReason}`;
  }
  if (effect.kind === "rebooted") {
    const reason = effect.isConfirmed
      ? decision.reason
      : `EC2's answer was lost, so it counts as rebooted: ${effect.error} (${decision.reason})`;
    return effect.notice === undefined ? reason : `${reason}. ${effect.notice}`;
  }
  return decision.reason;
}

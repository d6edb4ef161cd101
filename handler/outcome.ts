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

/** What people are told by e-mail. */
export type News = "rebooted" | "failed" | "resolved" | "held back" | "would reboot";

/** The news in a decision and its effect, if there is any. */
export function newsOf(decision: Decision, effect: Effect): News | undefined {
  if (effect.kind === "rebooted" || effect.kind === "failed") return effect.kind;
  if (effect.kind === "suppressed") return effect.isNews ? "held back" : undefined;
  if (effect.kind === "permitted") return effect.isNews ? "would reboot" : undefined;
  return decision.kind === "inform" ? "resolved" : undefined;
}

const heldBack: Readonly<Record<Limit, string>> = {
  duplicate: "as a duplicate",
  mode: "by the kill switch",
  "cool-down": "by the cool-down",
  budget: "by the daily budget",
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
  if (effect.kind === "rebooted" && !effect.isConfirmed) {
    return `EC2's answer was lost, so it counts as rebooted: ${effect.error} (${decision.reason})`;
  }
  return decision.reason;
}

import { randomUUID } from "node:crypto";
import type { Decision } from "../decide.ts";
import { errorText } from "../errors.ts";
import { recordFired, recordResolved, releaseLease } from "../incidents/group-item.ts";
import { storeWaiting } from "../incidents/waiting.ts";
import type { HandlerOptions } from "../options.ts";
import { type Effect, performDecision } from "../reboot.ts";
import { queueCheck } from "../requests/check.ts";
import type { Alert, InvocationContext } from "../requests/types.ts";
import { decideAfterSeconds } from "./times.ts";

interface Dependencies {
  readonly options: HandlerOptions;
  readonly context: InvocationContext;
}

/**
 * Carries out a decision in a group. An alert is stored, and decided a few seconds later with the others of
 * its evaluation. Every alert counts for the group, whatever is done about it, until it resolves. Never
 * throws.
 */
export async function performInGroup(
  decision: Decision,
  dependencies: Dependencies,
): Promise<Effect> {
  const { options } = dependencies;
  switch (decision.kind) {
    case "reboot": {
      const { request } = decision;
      return request.kind === "alert"
        ? receiveAlert(request, options)
        : performAndRelease(decision, dependencies);
    }
    case "quiet":
      await updateGroup(() => recordFired(firedAlert(decision.alert, options), options), options);
      return performDecision(decision, dependencies);
    case "resolve": {
      const { instanceId, windowEndMs } = decision.alert;
      if (instanceId === undefined) return { kind: "none" };
      await updateGroup(() => recordResolved({ instanceId, windowEndMs }, options), options);
      return performDecision(decision, dependencies);
    }
    default:
      return performDecision(decision, dependencies);
  }
}

/** Carries out a reboot. If nothing was rebooted after all, other instances need not wait for it. */
export async function performAndRelease(
  decision: Extract<Decision, { kind: "reboot" }>,
  dependencies: Dependencies,
): Promise<Effect> {
  const { options } = dependencies;
  const { instanceId } = options;
  const { incidentId } = decision.request;
  const effect = await performDecision(decision, dependencies);
  if (effect.kind === "failed") {
    await updateGroup(() => releaseLease({ instanceId, incidentId }, options), options);
  }
  return effect;
}

/**
 * Stores an alert to be decided. Its message is queued first: if the function ends in between, the message
 * finds no alert, and the dead-letter queue's alarm notifies people.
 */
async function receiveAlert(alert: Alert, options: HandlerOptions): Promise<Effect> {
  const { incidentId } = alert;
  const { instanceId } = options;
  const alertNonce = randomUUID();
  const failed = (error: string): Effect => ({ kind: "failed", error, nonce: undefined });
  try {
    const message = { incidentId, nonce: alertNonce, instanceId, task: "decide" } as const;
    await queueCheck(message, options, decideAfterSeconds);
  } catch (error) {
    return failed(`the alert could not be queued for its decision: ${errorText(error)}`);
  }
  const stored = await storeWaiting({ alert, alertNonce }, options);
  if (stored.kind === "suppressed") return stored;
  if (stored.kind === "failed") {
    return failed(`the alert could not be stored, so it may not be decided: ${stored.error}`);
  }
  await updateGroup(() => recordFired(firedAlert(alert, options), options), options);
  const reason = `decided in ${decideAfterSeconds} seconds, with the group's other alerts`;
  return { kind: "waiting", reason };
}

/** An alert that arrives now, as the group keeps it. */
export function firedAlert(
  { incidentId, windowEndMs }: Pick<Alert, "incidentId" | "windowEndMs">,
  { instanceId, now }: HandlerOptions,
) {
  return { instanceId, incidentId, windowEndMs, firedAtMs: now() };
}

/**
 * An update of the group that must not change what is done about a request. If it fails, the decision of a
 * waiting alert repeats it, a lease ends by time, a missing resolution can only prevent reboots, and an alert of
 * quiet hours does not count for the group.
 */
async function updateGroup(
  update: () => Promise<boolean>,
  { log, instanceId }: HandlerOptions,
): Promise<void> {
  try {
    await update();
  } catch (error) {
    log("error", { outcome: "group not updated", instanceId, reason: errorText(error) });
  }
}

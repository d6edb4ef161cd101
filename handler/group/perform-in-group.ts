import { randomUUID } from "node:crypto";
import type { Decision } from "../decide.ts";
import { errorText } from "../errors.ts";
import { loadGroup, recordFired, recordResolved } from "../incidents/group-item.ts";
import { loadIncident, type StoredIncident } from "../incidents/store.ts";
import { storeWaiting } from "../incidents/waiting.ts";
import type { Dependencies, HandlerOptions } from "../options.ts";
import { type Effect, performDecision } from "../reboot.ts";
import { queueCheck } from "../requests/check.ts";
import type { Alert } from "../requests/types.ts";
import { recordIfPossible } from "./record-if-possible.ts";
import { decideAfterSeconds } from "./times.ts";

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
        : performDecision(decision, dependencies);
    }
    case "quiet":
      await recordIfPossible(
        () => recordFired(firedAlert(decision.alert, options), options),
        options,
      );
      return performDecision(decision, dependencies);
    case "resolve":
      if (decision.alert.instanceId === undefined) return { kind: "none" };
      await recordIfPossible(() => recordNews(decision.alert, options), options);
      return resolve(decision, dependencies);
    case "skip": {
      const { lateAlert } = decision;
      if (lateAlert) await recordIfPossible(() => recordNews(lateAlert, options), options);
      return performDecision(decision, dependencies);
    }
    default:
      return performDecision(decision, dependencies);
  }
}

/** Records an alert or a resolution. One that came too late fired when its window ended. */
async function recordNews(alert: Alert, options: HandlerOptions): Promise<void> {
  const { instanceId, triggerType, windowEndMs } = alert;
  if (triggerType === "Critical") {
    await recordFired(firedAlert(alert, options, windowEndMs), options);
  } else if (instanceId !== undefined) {
    await recordResolved({ instanceId, windowEndMs }, options);
  }
}

/** Records a resolution. That of an alert without a page names no incident, but its instance has one that waits. */
async function resolve(
  decision: Extract<Decision, { kind: "resolve" }>,
  dependencies: Dependencies,
): Promise<Effect> {
  const effect = await performDecision(decision, dependencies);
  if (effect.kind !== "resolved" || effect.record.kind !== "no incident") return effect;
  const incident = await loadWaiting(dependencies.options).catch(() => undefined);
  if (!incident) return effect;
  const reason = "it names no alert, but the instance has one that waits";
  return { kind: "resolved", record: { kind: "not counted", incident, reason } };
}

/** The alert of the instance, if it waits for its decision. */
async function loadWaiting(options: HandlerOptions): Promise<StoredIncident | undefined> {
  const alert = (await loadGroup(options)).alerts.get(options.instanceId);
  const incident = alert && (await loadIncident(alert.incidentId, options));
  const isWaiting = incident?.waitsSinceMs !== undefined && incident.closedAtMs === undefined;
  return isWaiting ? incident : undefined;
}

/** Every alert counts for the group, also one that could not be stored. A duplicate has counted before. */
async function receiveAlert(alert: Alert, options: HandlerOptions): Promise<Effect> {
  const effect = await storeAlert(alert, options);
  const isDuplicate = effect.kind === "suppressed" && effect.limit === "duplicate";
  if (!isDuplicate)
    await recordIfPossible(() => recordFired(firedAlert(alert, options), options), options);
  return effect;
}

/**
 * Stores an alert to be decided. Its message is queued first: if the function ends in between, the message
 * finds no alert, and the dead-letter queue's alarm notifies people.
 */
async function storeAlert(alert: Alert, options: HandlerOptions): Promise<Effect> {
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
  const reason = `decided in ${decideAfterSeconds} seconds, with the group's other alerts`;
  return { kind: "waiting", reason };
}

/** An alert as the group keeps it. Unless another time is known, it fired when it arrived. */
export function firedAlert(
  { incidentId, windowEndMs }: Pick<Alert, "incidentId" | "windowEndMs">,
  { instanceId, now }: HandlerOptions,
  firedAtMs = now(),
) {
  return { instanceId, incidentId, windowEndMs, firedAtMs };
}

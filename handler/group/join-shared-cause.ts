import { randomUUID } from "node:crypto";
import type { GroupState } from "../incidents/group-item.ts";
import { sharedCauseId, storeSharedCause } from "../incidents/shared-cause.ts";
import { loadIncident, type StoredIncident } from "../incidents/store.ts";
import { minuteMs } from "../incidents/times.ts";
import type { HandlerOptions } from "../options.ts";
import { queueCheck } from "../requests/check.ts";
import { divideAffected } from "./affected.ts";
import { closeSharedCause } from "./close-shared-cause.ts";
import type { GroupDecision } from "./decide-in-group.ts";
import { decideAfterSeconds } from "./times.ts";

/** A shared cause without a check for this long has lost its message, whatever SQS repeated. */
const lostAfterMs = 15 * minuteMs;

/**
 * Makes sure that the shared cause of an alert is stored and checked, so that people are notified of it once.
 * The first alert stores it; later ones only join it. One that has lost its checks is replaced, and closed.
 * Returns false if the group has changed, so the decision must be made again. Throws what AWS throws.
 */
export async function joinSharedCause(
  {
    decision: { affected, reason },
    state,
    nowMs,
  }: {
    readonly decision: Extract<GroupDecision, { kind: "shared cause" }>;
    readonly state: GroupState;
    readonly nowMs: number;
  },
  options: HandlerOptions,
): Promise<boolean> {
  const known = state.sharedCauseId && (await loadIncident(state.sharedCauseId, options));
  if (known && isChecked(known, nowMs)) return true;
  const [incidentId, nonce] = [sharedCauseId(nowMs), randomUUID()];
  const { open } = divideAffected(affected, state, nowMs);
  const [instanceId = options.instanceId] = open;
  // First the message, which comes when the shared cause is stored: if the function ends in between, it is dropped,
  // and this alert is decided again.
  await queueCheck({ incidentId, nonce, instanceId }, options, decideAfterSeconds);
  const alerts = open.flatMap((it) => state.alerts.get(it)?.incidentId ?? []);
  const shared = { nonce, instanceId, why: reason, alerts, nowMs };
  if (!(await storeSharedCause(shared, state, options))) return false;
  if (known && known.closedAtMs === undefined) {
    // Its page ends with this event. If this fails, a late check of it can still do it.
    await closeSharedCause(known, `a newer shared cause replaced it: ${incidentId}`, options).catch(
      () => {},
    );
  }
  return true;
}

/** Whether the checks of a shared cause can go on: it exists, is open, and was checked or stored lately. */
function isChecked({ nonce, closedAtMs, claimedAtMs, checkedAtMs }: StoredIncident, nowMs: number) {
  const latestMs = checkedAtMs ?? claimedAtMs;
  return nonce !== "" && closedAtMs === undefined && nowMs < latestMs + lostAfterMs;
}

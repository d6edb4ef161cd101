import { randomUUID } from "node:crypto";
import { report, reportEnd, runCheck } from "../check.ts";
import { eventAttribute } from "../incidents/events.ts";
import { endSharedCause, type GroupState, loadGroup } from "../incidents/group-item.ts";
import { passTurn } from "../incidents/shared-cause.ts";
import { loadIncident, updateIncident } from "../incidents/store.ts";
import { closingAttributes, type Incident } from "../incidents/table.ts";
import { countMetric } from "../metrics.ts";
import type { HandlerOptions } from "../options.ts";
import { queueCheck } from "../requests/check.ts";
import type { Check, InvocationContext } from "../requests/types.ts";
import { affectedInstances } from "./affected.ts";
import { isSharedCause, membersOf } from "./decide-in-group.ts";
import { againAfterSeconds } from "./times.ts";

interface Dependencies {
  readonly options: HandlerOptions;
  readonly context: InvocationContext;
}

/**
 * One check of a shared cause: the first one notifies people. While the shared cause lasts, each counts a metric,
 * which has an alarm. The last one reports the instances whose alert is still open. It never reboots and never
 * throws.
 */
export function checkSharedCause(check: Check, dependencies: Dependencies) {
  const { options } = dependencies;
  const { incidentId, nonce } = check;
  return runCheck(check, options, async () => {
    const incident = await loadIncident(incidentId, options);
    if (incident.nonce !== nonce) {
      // Also if the shared cause was not stored in the end.
      return { outcome: "duplicate", reason: "another message checks the shared cause" };
    }
    if (incident.closedAtMs !== undefined) {
      return { outcome: "already closed", reason: "the shared cause is over" };
    }
    // First the metric: its alarm notifies people if SNS refuses the e-mail.
    const isFirst = incident.mails.length === 0;
    if (isFirst) {
      countMetric("SharedCause", options);
      await notify(incident, dependencies);
    }
    const state = await loadGroup(options);
    const members = membersOf(options);
    const affected = affectedInstances(state, members, options.now());
    const isLatest = state.sharedCauseId === incidentId;
    if (isLatest && isSharedCause(affected, members, limitsOf(options))) {
      if (!isFirst) countMetric("SharedCause", options);
      return checkAgain(check, incident, { options, afterSeconds: againAfterSeconds });
    }
    // Before the incident is closed: a new shared cause must not find a closed one.
    if (isLatest && !(await endSharedCause(incidentId, state, options))) {
      return checkAgain(check, incident, { options, afterSeconds: 1 });
    }
    return end(incident, await stillSlow(state, options), dependencies);
  });
}

/** Queues the next check before it hands the turn on: if the function ends in between, this message comes again. */
async function checkAgain(
  check: Check,
  { why: reason }: Incident,
  { options, afterSeconds }: { options: HandlerOptions; afterSeconds: number },
) {
  const next = randomUUID();
  await queueCheck({ ...check, nonce: next }, options, afterSeconds);
  await passTurn({ ...check, next }, options);
  return { outcome: "shared cause", reason };
}

/** The instances whose alert ended with a shared cause and has not resolved, however old it is. */
async function stillSlow(state: GroupState, options: HandlerOptions): Promise<string[]> {
  const found = await Promise.all(
    options.instanceIds.map(async (id) => {
      const alert = state.alerts.get(id);
      if (!alert || alert.resolvedAtMs !== undefined) return [];
      const { outcome } = await loadIncident(alert.incidentId, options);
      return outcome === "shared cause" ? [id] : [];
    }),
  );
  return found.flat();
}

/** Sends the e-mail at the beginning, which a failed attempt repeats. */
async function notify(incident: Incident, dependencies: Dependencies) {
  const { id: incidentId, cause, why: reason, alerts = [] } = incident;
  const { instanceId = dependencies.options.instanceId } = incident;
  const otherCount = Math.max(0, alerts.length - 1);
  const notification = {
    kind: "shared cause",
    reason,
    incidentId,
    instanceId,
    otherCount,
    cause,
  } as const;
  await report(notification, incident, () => ({}), dependencies);
}

/** Closes the shared cause, with an e-mail only if alerts are still open: no alert of theirs will follow. */
async function end(incident: Incident, open: readonly string[], dependencies: Dependencies) {
  const { options } = dependencies;
  const { id: incidentId, cause } = incident;
  const [first] = open;
  if (first !== undefined) {
    const reason = `the shared cause is over, but ${open.length} of ${options.instanceIds.length} instances are still slow: ${open.join(", ")}`;
    const about = { reason, incidentId, instanceId: first, otherCount: open.length - 1, cause };
    const incidentUpdate = await reportEnd(
      { kind: "still affected", ...about },
      incident,
      dependencies,
    );
    return { outcome: "still affected", reason, incidentUpdate };
  }
  const outcome = "shared cause over";
  const reason = "the affected instances have recovered";
  const { instanceId = options.instanceId } = incident;
  const event = eventAttribute({ outcome, incidentId, instanceId, reason, atMs: options.now() });
  const item = closingAttributes(outcome, options.now());
  const incidentUpdate = await updateIncident(incidentId, { item, event }, options);
  // Without an e-mail only this write reports that it is over; the message comes again.
  if (incidentUpdate !== "updated")
    throw new Error(`it is over, but not closed: ${incidentUpdate}`);
  return { outcome, reason, incidentUpdate };
}

function limitsOf({ group }: HandlerOptions) {
  if (!group) throw new Error("the function has no group");
  return group.limits;
}

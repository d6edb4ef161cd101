import { randomUUID } from "node:crypto";
import { report, reportEnd, runCheck } from "../check.ts";
import { endSharedCause, type GroupState, loadGroup } from "../incidents/group-item.ts";
import { passTurn } from "../incidents/shared-cause.ts";
import { loadIncident, type StoredIncident } from "../incidents/store.ts";
import type { Incident } from "../incidents/table.ts";
import { countMetric } from "../metrics.ts";
import type { Dependencies, HandlerOptions } from "../options.ts";
import { queueCheck } from "../requests/check.ts";
import type { Check } from "../requests/types.ts";
import { affectedInstances } from "./affected.ts";
import { closeSharedCause } from "./close-shared-cause.ts";
import { isSharedCause, membersOf } from "./decide-in-group.ts";
import { againAfterSeconds, leaseMs } from "./times.ts";

/**
 * One check of a shared cause: the first one notifies people. While the shared cause lasts, each counts a metric,
 * which has an alarm. The last one reports the instances whose alert is still open. It never reboots and never
 * throws.
 */
export function checkSharedCause(check: Check, dependencies: Dependencies) {
  const { options } = dependencies;
  const { group, now } = options;
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
    // Absent if an earlier delivery of this message ended the shared cause, and then could not report that.
    const latestId = state.sharedCauseId;
    if (latestId !== undefined && latestId !== incidentId) {
      return closeSharedCause(incident, `a newer shared cause replaced it: ${latestId}`, options);
    }
    // The lease of the first e-mail would prevent one about the end.
    if (isFirst) return checkAgain(check, incident.why, options);
    const members = membersOf(options);
    const affected = affectedInstances(state, members, now());
    if (latestId && group && isSharedCause(affected, members, group.limits)) {
      countMetric("SharedCause", options);
      return checkAgain(check, incident.why, options);
    }
    const alerts = await loadOpenAlerts(state, options);
    // Another message may have found the shared cause, and close its alert in a moment.
    const isDeciding = alerts.some(
      (it) => it.closedAtMs === undefined && now() < it.decisionUntilMs,
    );
    // The mark goes before the incident is closed: a new shared cause must not find a closed one.
    if (isDeciding || (latestId && !(await endSharedCause(incidentId, state, options)))) {
      return checkAgain(check, "it ends as soon as no alert is being decided", options);
    }
    return end(incident, alerts, dependencies);
  });
}

/** Queues the next check before it hands the turn on: if the function ends in between, this message comes again. */
async function checkAgain(check: Check, reason: string, options: HandlerOptions) {
  const next = randomUUID();
  await queueCheck({ ...check, nonce: next }, options, againAfterSeconds);
  await passTurn({ ...check, next }, options);
  return { outcome: "shared cause", reason };
}

/** The incident of an alert that is open. Nothing but its id is known if there is none. */
interface OpenAlert extends StoredIncident {
  readonly instanceId: string;
}

/** The alerts of the group that are open, however old they are. */
async function loadOpenAlerts(
  { alerts }: GroupState,
  options: HandlerOptions,
): Promise<OpenAlert[]> {
  const loaded = await Promise.all(
    options.instanceIds.map(async (instanceId) => {
      const alert = alerts.get(instanceId);
      if (!alert || alert.resolvedAtMs !== undefined) return [];
      return [{ ...(await loadIncident(alert.incidentId, options)), instanceId }];
    }),
  );
  // The group may have missed a resolution that the incident has.
  return loaded.flat().filter((it) => it.resolvedAtMs === undefined);
}

/** Sends the e-mail at the beginning, which a failed attempt repeats. */
async function notify(incident: Incident, dependencies: Dependencies) {
  const { id: incidentId, cause, why: reason, instanceId = "", alerts = [] } = incident;
  const otherCount = Math.max(0, alerts.length - 1);
  const about = { reason, incidentId, instanceId, otherCount, cause };
  await report({ kind: "shared cause", ...about }, incident, () => ({}), dependencies);
}

/** Closes the shared cause, with an e-mail only if alerts are open about which no other e-mail will follow. */
async function end(incident: Incident, alerts: readonly OpenAlert[], dependencies: Dependencies) {
  const { options } = dependencies;
  const { instanceIds, checks, now } = options;
  const open: string[] = [];
  const inProgress: string[] = [];
  for (const { instanceId, claimedAtMs, closedAtMs, quietUntilMs } of alerts) {
    // A wait and the checks after a reboot end in less than two leases, unless their messages are lost.
    const untilMs = quietUntilMs ?? claimedAtMs + 2 * leaseMs(checks);
    (closedAtMs === undefined && now() < untilMs ? inProgress : open).push(instanceId);
  }
  const others =
    inProgress.length > 0 ? `; another e-mail will report ${inProgress.join(", ")}` : "";
  const [first] = open;
  if (first === undefined) {
    const which = others === "" ? "" : "other ";
    return closeSharedCause(
      incident,
      `the ${which}affected instances have recovered${others}`,
      options,
    );
  }
  const reason = `alerts are still open: ${open.join(", ")} (${open.length} of ${instanceIds.length} instances)${others}`;
  const { id: incidentId, cause } = incident;
  const about = { reason, incidentId, instanceId: first, otherCount: open.length - 1, cause };
  const incidentUpdate = await reportEnd(
    { kind: "still affected", ...about },
    incident,
    dependencies,
  );
  return { outcome: "still affected", reason, incidentUpdate };
}

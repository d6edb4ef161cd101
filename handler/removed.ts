import { reportEnd, runCheck } from "./check.ts";
import { loadIncident } from "./incidents/store.ts";
import { sharedCausePrefix } from "./incidents/table.ts";
import type { Dependencies } from "./options.ts";
import type { Check } from "./requests/types.ts";
import { verifyClaimed } from "./verify.ts";

/** True for a message that only a function with a group queues. */
export function isOfGroup({ incidentId, task }: Check): boolean {
  return task === "decide" || incidentId.startsWith(sharedCausePrefix);
}

/**
 * Ends the incident of such a message after a deployment has removed the group; a reboot that was claimed before is
 * verified. Never throws.
 */
export function endWithoutGroup(check: Check, { options, context }: Dependencies) {
  const { incidentId, nonce, instanceId = options.instanceId } = check;
  return runCheck(check, options, async () => {
    const incident = await loadIncident(incidentId, options);
    const isProven = incident.nonce === nonce || incident.alertNonce === nonce;
    if (!isProven || incident.closedAtMs !== undefined) {
      return { outcome: "already closed", reason: "the incident was decided or is another one" };
    }
    if (check.task === "decide" && incident.waitsSinceMs === undefined) {
      return verifyClaimed(check, incident, { options, context });
    }
    const reason = "a deployment removed the group before this was decided";
    const { cause } = incident;
    const notification = { kind: "removed", reason, incidentId, instanceId, cause } as const;
    const incidentUpdate = await reportEnd(notification, incident, { options, context });
    return { outcome: "removed", reason, incidentUpdate };
  });
}

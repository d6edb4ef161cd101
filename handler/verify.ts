import { reportEnd, runCheck } from "./check.ts";
import { countCheck } from "./incidents/store.ts";
import { describeStatus, healthOf, readInstanceStatus } from "./instance-status.ts";
import type { HandlerOptions } from "./options.ts";
import { queueCheck } from "./requests/check.ts";
import type { Check, InvocationContext } from "./requests/types.ts";
import { cleanReason } from "./text.ts";
import { evaluateIncident } from "./verdict.ts";

/**
 * One check of an incident: read the instance status → count → evaluate → notify and close, or queue the
 * next check. It never reboots and never throws.
 */
export function verifyIncident(
  check: Check,
  { options, context }: { options: HandlerOptions; context: InvocationContext },
) {
  const { incidentId, nonce, instanceId = options.instanceId } = check;
  return runCheck(check, options, async () => {
    const status = await readInstanceStatus(instanceId, options.clients);
    const incident = await countCheck({ incidentId, nonce }, healthOf(status), options);
    const { checkCount, cause } = incident;
    const verdict = evaluateIncident(incident, options.checks.maxChecks);
    const reason = cleanReason(verdict.reason);
    const instanceStatus = cleanReason(describeStatus(status));
    if (verdict.kind === "pending") await queueCheck({ incidentId, nonce, instanceId }, options);
    if (verdict.kind !== "end")
      return { outcome: verdict.kind, reason, checkCount, instanceStatus };
    const notification = { kind: verdict.end, reason, incidentId, instanceId, cause };
    const incidentUpdate = await reportEnd(notification, incident, { options, context });
    return { outcome: verdict.end, reason, checkCount, instanceStatus, incidentUpdate };
  });
}

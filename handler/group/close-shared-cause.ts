import { eventAttribute } from "../incidents/events.ts";
import { updateIncident } from "../incidents/store.ts";
import { closingAttributes, type Incident } from "../incidents/table.ts";
import type { HandlerOptions } from "../options.ts";

/**
 * Closes a shared cause without an e-mail, with the event that it is over. Returns what to log; throws if it could
 * not be written.
 */
export async function closeSharedCause(
  { id: incidentId, instanceId = "unknown" }: Incident,
  reason: string,
  options: HandlerOptions,
) {
  const outcome = "shared cause over";
  const atMs = options.now();
  const event = eventAttribute({ outcome, incidentId, instanceId, reason, atMs });
  const item = closingAttributes(outcome, atMs);
  const incidentUpdate = await updateIncident(incidentId, { item, event }, options);
  if (incidentUpdate !== "updated") throw new Error(`it is not closed: ${incidentUpdate}`);
  return { outcome, reason, incidentUpdate };
}

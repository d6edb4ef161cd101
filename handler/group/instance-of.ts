import { loadGroup } from "../incidents/group-item.ts";
import { loadIncident } from "../incidents/store.ts";
import type { HandlerOptions } from "../options.ts";
import type { Alert } from "../requests/types.ts";

/**
 * The instance of an alert that names none: that of its incident, or of the latest alert with its id. `undefined`
 * if neither is known. Throws what DynamoDB throws.
 */
export async function instanceOf(
  { incidentId }: Alert,
  options: HandlerOptions,
): Promise<string | undefined> {
  const { instanceId } = await loadIncident(incidentId, options);
  if (instanceId !== undefined) return instanceId;
  const { alerts } = await loadGroup(options);
  return [...alerts].find(([, alert]) => alert.incidentId === incidentId)?.[0];
}

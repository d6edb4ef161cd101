import type { Ports } from "./ports.ts";
import { SumoLogicError } from "./sumo-logic.ts";

/**
 * Checks each instance of a stack, one after the other. Returns what the checks found; throws all that is
 * broken in one error. In a group both name the instances. A call that Sumo Logic does not allow is thrown as
 * it is: it would not allow that of the other instances either.
 */
export async function checkEachInstance(
  { instanceIds }: Pick<Ports["stack"], "instanceIds">,
  check: (instanceId: string) => Promise<string>,
): Promise<string> {
  const [first, ...others] = instanceIds;
  if (others.length === 0) return check(first);
  const found: string[] = [];
  const broken: string[] = [];
  for (const instanceId of instanceIds) {
    try {
      found.push(`${instanceId}: ${await check(instanceId)}`);
    } catch (error) {
      if (error instanceof SumoLogicError && error.isForbidden) throw error;
      broken.push(`${instanceId}: ${(error as Error).message}`);
    }
  }
  if (broken.length > 0) throw new Error(broken.join("; "));
  return found.join("; ");
}

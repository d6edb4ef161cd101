import type { DeployedOptions } from "../options.ts";
import { isRecord } from "../record.ts";
import { cleanText, quote } from "../text.ts";
import type { InvocationContext, ManualRequest, Refused } from "./types.ts";

const longestReason = 200;

/**
 * Reads the payload of a manual invocation: none, or an object with only `reason` (a string of at most
 * 200 characters, which is cleaned), `dryRun` and `force` (booleans), and in a group `instanceId`, which it must
 * have. Everything else is refused by name, and so are the events of other AWS services, which must never
 * reboot.
 */
export function parseManualInvocation(
  event: unknown,
  context: InvocationContext,
  { instanceIds, group }: Pick<DeployedOptions, "instanceIds" | "group">,
): ManualRequest | Refused {
  const payload = event === undefined ? {} : event;
  const keys = [...(group ? ["instanceId"] : []), "reason", "dryRun", "force"];
  const refuse = (problem: string) => refused(problem, group ? ofGroup : ofOne);
  if (!isRecord(payload)) {
    return refuse(`the payload must be an object: got ${quote(payload)}`);
  }
  const unknownKey = Object.keys(payload).find((key) => !keys.includes(key));
  if (unknownKey !== undefined) {
    return refuse(`unknown key ${quote(unknownKey)}`);
  }
  const { instanceId, reason = "", dryRun = false, force = false } = payload;
  const named = instanceIds.find((it) => it === instanceId);
  if (group && named === undefined) {
    return refuse(`instanceId must be an instance of the group: got ${quote(instanceId)}`);
  }
  if (typeof reason !== "string" || reason.length > longestReason) {
    return refuse(
      `reason must be a string of at most ${longestReason} characters: got ${quote(reason)}`,
    );
  }
  if (typeof dryRun !== "boolean") {
    return refuse(`dryRun must be true or false: got ${quote(dryRun)}`);
  }
  if (typeof force !== "boolean") {
    return refuse(`force must be true or false: got ${quote(force)}`);
  }
  return {
    kind: "manual",
    incidentId: `manual-${context.awsRequestId}`,
    ...(named !== undefined && { instanceId: named }),
    reason: cleanText(reason),
    dryRun,
    force,
  };
}

const ofOne = "no payload, {}, or an object with only reason, dryRun, force";
const ofGroup = "an object with instanceId and, optionally, reason, dryRun, force";

function refused(problem: string, expected: string): Refused {
  return {
    kind: "refused",
    source: "manual",
    status: 400,
    reason: `${problem}; expected ${expected}`,
  };
}

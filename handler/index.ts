import { decideReboot } from "./decide.ts";
import { isQuietPeriod } from "./incidents/quiet-period.ts";
import { checkOptions, type DeployedOptions, optionsFor } from "./options.ts";
import { checkQuietPeriod } from "./quiet-end.ts";
import { performDecision } from "./reboot.ts";
import { endWithoutGroup, isOfGroup } from "./removed.ts";
import { isReported, reportCrash, reportOutcome, reportRefusal } from "./report.ts";
import { parseEvent } from "./requests/parse.ts";
import type { InvocationContext, Request } from "./requests/types.ts";
import { verifyIncident } from "./verify.ts";

/**
 * Creates the function that AWS Lambda invokes: parse → decide → act → report.
 *
 * It accepts a webhook of Sumo Logic, a manual invocation, or a message of its check queue. It returns a
 * function URL response, the outcome itself, or a batch response. An event that is not fully valid
 * reboots nothing, and the response says why.
 *
 * Throws at once, naming each invalid option, so that a wrong deployment fails at its cold start. The
 * function that it returns throws an error named `RefusedCall` or `RebootFailed`, and only for manual
 * invocations: a webhook's caller would repeat the call, which could only do harm. Unexpected errors are
 * logged and have a response too; see `reportCrash`.
 */
export function createHandler(deployed: DeployedOptions) {
  checkOptions(deployed);
  const { group } = deployed;

  async function handle(event: unknown, context: InvocationContext) {
    const parsed = parseEvent(event, context, deployed);
    if (parsed.kind === "refused") return reportRefusal(parsed, optionsFor(deployed, undefined));
    if (parsed.kind === "check") {
      const options = optionsFor(deployed, parsed.instanceId);
      if (isOfGroup(parsed)) return (group?.check ?? endWithoutGroup)(parsed, { options, context });
      const check = isQuietPeriod(parsed.incidentId) ? checkQuietPeriod : verifyIncident;
      return check(parsed, { options, context });
    }

    const request = await withInstance(parsed);
    const options = optionsFor(deployed, request.instanceId);
    const decision = decideReboot(request, options);
    const perform = group?.performDecision ?? performDecision;
    const effect = await perform(decision, { options, context });
    return reportOutcome({ request, decision, effect }, { options, context });
  }

  /** In a group, a resolution without any line names no instance, but its incident or its alert does. */
  async function withInstance(request: Request): Promise<Request> {
    if (!group || request.kind !== "alert" || request.instanceId !== undefined) return request;
    const instanceId = await group.instanceOf(request, optionsFor(deployed, undefined));
    return instanceId === undefined ? request : { ...request, instanceId };
  }

  return async (event: unknown, context: InvocationContext) => {
    try {
      return await handle(event, context);
    } catch (error) {
      if (isReported(error)) throw error;
      return reportCrash(event, error, optionsFor(deployed, undefined));
    }
  };
}

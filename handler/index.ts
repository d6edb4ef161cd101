import { decideReboot } from "./decide.ts";
import { isQuietPeriod } from "./incidents/quiet-period.ts";
import { checkOptions, type HandlerOptions } from "./options.ts";
import { checkQuietPeriod } from "./quiet-end.ts";
import { performDecision } from "./reboot.ts";
import { isReported, reportCrash, reportOutcome, reportRefusal } from "./report.ts";
import { parseEvent } from "./requests/parse.ts";
import type { InvocationContext } from "./requests/types.ts";
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
export function createHandler(options: HandlerOptions) {
  checkOptions(options);

  async function handle(event: unknown, context: InvocationContext) {
    const request = parseEvent(event, context, options);
    if (request.kind === "refused") return reportRefusal(request, options);
    if (request.kind === "check") {
      const check = isQuietPeriod(request.incidentId) ? checkQuietPeriod : verifyIncident;
      return check(request, { options, context });
    }

    const decision = decideReboot(request, options);
    const effect = await performDecision(decision, { options, context });
    return reportOutcome({ request, decision, effect }, { options, context });
  }

  return async (event: unknown, context: InvocationContext) => {
    try {
      return await handle(event, context);
    } catch (error) {
      if (isReported(error)) throw error;
      return reportCrash(event, error, options);
    }
  };
}

import { performDecision } from "./act.ts";
import { isAnswer, reportCrash } from "./crash.ts";
import { decideReboot } from "./decide.ts";
import { checkOptions, type HandlerOptions } from "./options.ts";
import { parseEvent } from "./parse.ts";
import { reportOutcome, reportRefusal } from "./report.ts";
import type { InvocationContext } from "./request.ts";
import { verifyIncident } from "./verify/verify.ts";

/**
 * Makes the function that AWS Lambda calls: parse → decide → act → report.
 *
 * It takes a webhook of Sumo Logic, a call by hand, or a message of its own queue that asks what
 * became of a reboot. It returns a function URL response, the answer itself, or a batch response.
 * Whatever it does not fully understand reboots nothing and says why.
 *
 * Throws at once, naming each bad option, so that a wrong deployment fails at its cold start. The
 * function that it returns throws an error named `RefusedCall` or `RebootFailed`, and only for
 * calls by hand: a webhook's caller would repeat the call, which could only do harm. What nobody
 * foresaw is logged and answered too; see `reportCrash`.
 */
export function createHandler(options: HandlerOptions) {
  checkOptions(options);

  async function handle(event: unknown, context: InvocationContext) {
    const request = parseEvent(event, context, options);
    if (request.kind === "refused") return reportRefusal(request, options);
    if (request.kind === "check") return verifyIncident(request, { options, context });

    const decision = decideReboot(request, options.now());
    const effect = await performDecision(request, decision, { options, context });
    return reportOutcome({ request, decision, effect }, { options, context });
  }

  return async (event: unknown, context: InvocationContext) => {
    try {
      return await handle(event, context);
    } catch (error) {
      if (isAnswer(error)) throw error;
      return reportCrash(event, error, options);
    }
  };
}

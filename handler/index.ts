import { performDecision } from "./act.ts";
import { decideReboot } from "./decide.ts";
import { checkOptions, type HandlerOptions, keepClients } from "./options.ts";
import { parseEvent } from "./parse.ts";
import { reportOutcome, reportRefusal } from "./report.ts";
import type { InvocationContext } from "./request.ts";

/**
 * Makes the function that AWS Lambda calls: parse → decide → act → report.
 *
 * It takes a webhook of Sumo Logic or a call by hand and returns, for the first, a function URL
 * response and, for the second, the answer itself. Whatever it does not fully understand reboots
 * nothing and says why.
 *
 * Throws at once, naming each bad option, so that a wrong deployment fails at its cold start. The
 * function that it returns throws an error named `RefusedCall` or `RebootFailed`, and only for
 * calls by hand: a webhook's caller would repeat the call, which could only do harm.
 */
export function createHandler(options: HandlerOptions) {
  checkOptions(options);
  const clients = keepClients(options.createClients);

  return async (event: unknown, context: InvocationContext) => {
    const request = parseEvent(event, context, options);
    if (request.kind === "refused") return reportRefusal(request, options);

    const decision = decideReboot(request, options.now());
    const effect = await performDecision(request, decision, { options, clients, context });
    return reportOutcome({ request, decision, effect }, { options, clients, context });
  };
}

import type { HandlerOptions } from "../options.ts";
import type { Alert, CallByHand } from "../request.ts";
import { isConflict, readClaimError } from "./answer.ts";
import { claimInput } from "./input.ts";
import type { Claim, ClaimContext } from "./types.ts";

/** Claims that meet are cancelled, at times all of them; then each tries again. */
const attempts = 4;
const longestWaitMs = 150;

/**
 * Asks for the right to reboot once, for at most `limitMs` in all. `nonce` is another text for each
 * claim. Never throws: what is not a clear yes is no.
 */
export async function claimReboot(
  request: Alert | CallByHand,
  { options, nonce, limitMs }: { options: HandlerOptions; nonce: string; limitMs: number },
): Promise<Claim> {
  const { instanceId, limits, monitorName, clients, now, wait } = options;
  const deadlineMs = now() + limitMs;
  for (let attempt = 1; ; attempt++) {
    const context: ClaimContext = { instanceId, limits, monitorName, nonce, nowMs: now() };
    try {
      await clients.transactWrite(claimInput(request, context), deadlineMs - context.nowMs);
      return { kind: "claimed" };
    } catch (error) {
      const waitMs = Math.random() * longestWaitMs * attempt;
      const isLast = attempt === attempts || now() + waitMs >= deadlineMs;
      if (isLast || !isConflict(error)) return readClaimError(error, context);
      await wait(waitMs);
    }
  }
}

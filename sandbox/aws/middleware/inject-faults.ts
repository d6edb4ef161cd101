import { setTimeout as sleep } from "node:timers/promises";
import { type FaultRule, faultResponse } from "../faults.ts";
import { type Middleware, noResponse } from "./middleware.ts";

/**
 * Lets calls of functions go wrong by the current rule. The outer middleware chooses the fault and
 * responds with it, the inner one keeps a call from the emulator whose fault comes before its effect.
 */
export function injectFaults(rule: () => FaultRule | undefined): {
  outer: Middleware;
  inner: Middleware;
} {
  return {
    async outer(call, next) {
      const { action, caller, request } = call;
      const { functionName } = caller;
      const fault = functionName && rule()?.({ action, functionName, body: request.body });
      if (!fault) return next(call);
      const response = await next({ ...call, fault });
      if (fault.kind !== "slow") return faultResponse(fault.kind, action);
      await sleep(fault.milliseconds);
      return response;
    },
    async inner(call, next) {
      const { fault } = call;
      const isLost = fault && fault.kind !== "slow" && fault.when === "before";
      return isLost ? noResponse : next(call);
    },
  };
}

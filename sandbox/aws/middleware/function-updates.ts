import type { Response } from "../../http.ts";
import type { Middleware } from "./middleware.ts";

/**
 * Lets an update of a function wait for the running calls of function URLs, and later calls wait for
 * the update: the emulator ends running calls, AWS does not.
 */
export function createFunctionUpdates(): {
  /** Calls a function when no update is running. */
  callFunction(call: () => Promise<Response>): Promise<Response>;
  serializeUpdates: Middleware;
} {
  const runningCalls = new Set<Promise<unknown>>();
  let update: Promise<unknown> = Promise.resolve();
  return {
    async callFunction(call) {
      await update;
      const running = call();
      runningCalls.add(running);
      return running.finally(() => runningCalls.delete(running));
    },
    async serializeUpdates(call, next) {
      const { method, path } = call.request;
      const isUpdate = method === "PUT" && /\/functions\/[^/]+\/(code|configuration)$/.test(path);
      if (!isUpdate) return next(call);
      const updated = Promise.allSettled([update, ...runningCalls]).then(() => next(call));
      update = updated.catch(() => {});
      return updated;
    },
  };
}

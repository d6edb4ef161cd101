import { setTimeout as sleep } from "node:timers/promises";

/**
 * Polls until `check` returns something other than `undefined` and `false`, and returns that. Throws with
 * the name of `what` it waited for after `timeoutMs`; an error of `check` ends it at once.
 */
export async function waitFor<T>(
  what: string,
  check: () => T | Promise<T>,
  { intervalMs = 50, timeoutMs = 120_000 } = {},
): Promise<Exclude<T, undefined | false>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
    if (performance.now() > end) throw new Error(`waited ${timeoutMs / 1_000} s for ${what}`);
    await sleep(intervalMs);
  }
}

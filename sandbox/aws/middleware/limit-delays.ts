import type { ApiCall, Middleware } from "./middleware.ts";

/**
 * Makes messages of SQS arrive earlier than requested: at most `longestSeconds()` later. The signature
 * covers the body's hash, which the emulator reads from a header, and the body's length, which blanks keep.
 */
export function limitDelays(longestSeconds: () => number): Middleware {
  return async (call, next) => {
    const delaySeconds = delayOf(call);
    const longest = longestSeconds();
    if (delaySeconds === undefined || delaySeconds <= longest) return next(call);
    const requested = String(delaySeconds);
    const body = call.body
      .toString()
      .replace(
        `"DelaySeconds":${requested}`,
        `"DelaySeconds":${String(longest).padStart(requested.length)}`,
      );
    return next({ ...call, body: Buffer.from(body) });
  };
}

/** The delay that SendMessage requests, in seconds; nothing for any other call. */
export function delayOf({ action, request }: ApiCall): number | undefined {
  if (action !== "sqs:SendMessage") return undefined;
  const { DelaySeconds } = JSON.parse(request.body);
  return typeof DelaySeconds === "number" ? DelaySeconds : undefined;
}

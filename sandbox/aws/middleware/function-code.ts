import { createHmac } from "node:crypto";
import type { ApiRequest } from "../api-request.ts";
import { type AccessKey, isSame, timeOf } from "../signature.ts";
import type { Middleware } from "./middleware.ts";

/** Lambda's links to a function's code are valid for ten minutes. */
const validMs = 600_000;

/**
 * Signs the link to a function's code in the response to GetFunction. Anyone who has the link can use
 * it, as in AWS; the emulator signs nothing and serves the code to everyone.
 * https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCodeLocation.html
 */
export function signCodeLinks(root: AccessKey): Middleware {
  return async (call, next) => {
    const response = await next(call);
    const { service, method } = call.request;
    if (service !== "lambda" || method !== "GET") return response;
    const body = response.body
      .toString()
      .replace(
        /("Location": ?"http:\/\/[^/"]+)(\/_ministack\/lambda-code\/[^"]+&X-Amz-Signature=)[^"]*/,
        (_, start, signed) => start + signed + signatureOf(signed, root),
      );
    return { ...response, body: Buffer.from(body) };
  };
}

/** True for a request of such a link that is still valid. */
export function isSignedLocation(
  { method, path }: ApiRequest,
  root: AccessKey,
  nowMs: number,
): boolean {
  const [, signed = "", signature = ""] =
    /^(\/_ministack\/lambda-code\/.*&X-Amz-Signature=)([^&]*)$/.exec(path) ?? [];
  const [, time = ""] = /&X-Amz-Date=(\w+)/.exec(signed) ?? [];
  const isValid = Math.abs(nowMs - timeOf(time)) < validMs;
  return method === "GET" && isValid && isSame(signature, signatureOf(signed, root));
}

function signatureOf(signed: string, root: AccessKey): string {
  return createHmac("sha256", root.secretAccessKey).update(signed).digest("hex");
}

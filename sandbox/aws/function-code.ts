import { createHmac } from "node:crypto";
import type { Response } from "../http.ts";
import type { ApiRequest } from "./api-request.ts";
import { type AccessKey, isSame, timeOf } from "./signature.ts";

/** Lambda's links to a function's code are valid for ten minutes. */
const validMs = 600_000;

/**
 * A response of GetFunction whose link to the function's code is signed. Anyone who has the link can
 * use it, as in AWS; the emulator signs nothing and serves the code to everyone.
 * https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCodeLocation.html
 */
export function withSignedLocation(
  response: Response,
  { service, method }: ApiRequest,
  root: AccessKey,
): Response {
  if (service !== "lambda" || method !== "GET") return response;
  const body = response.body
    .toString()
    .replace(
      /("Location": ?"http:\/\/[^/"]+)(\/_ministack\/lambda-code\/[^"]+&X-Amz-Signature=)[^"]*/,
      (_, start, signed) => start + signed + signatureOf(signed, root),
    );
  return { ...response, body: Buffer.from(body) };
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

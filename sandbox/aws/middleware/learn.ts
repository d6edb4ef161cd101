import { type AccessKeys, jsonField } from "../access-keys.ts";
import type { Middleware } from "./middleware.ts";

/**
 * Learns from responses which access keys exist, and which function has which URL: `functionsOfUrls` has
 * the function's ARN by the URL's host.
 */
export function learn(keys: AccessKeys, functionsOfUrls: Map<string, string>): Middleware {
  return async (call, next) => {
    const response = await next(call);
    const body = response.body.toString();
    keys.learn(call.request, body);
    const functionArn = jsonField(body, "FunctionArn");
    const functionUrl = jsonField(body, "FunctionUrl");
    if (functionArn && functionUrl) functionsOfUrls.set(new URL(functionUrl).host, functionArn);
    return response;
  };
}

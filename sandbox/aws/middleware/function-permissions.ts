import { setTimeout as sleep } from "node:timers/promises";
import type { Response } from "../../http.ts";
import type { ApiRequest } from "../api-request.ts";
import type { Middleware } from "./middleware.ts";

/** How long a change of a function's permissions lasts here; AWS does not document it. */
const busyMs = 200;

/**
 * The name of the function whose permissions a request changes, by AddPermission or RemovePermission;
 * nothing for any other request.
 */
function changedFunction({ service, method, path }: ApiRequest): string | undefined {
  if (service !== "lambda" || (method !== "POST" && method !== "DELETE")) return undefined;
  const [, name] = /\/functions\/([^/]+)\/policy(?:\/[^/]+)?\/?(?:\?.*)?$/.exec(path) ?? [];
  return name && decodeURIComponent(name).split(":").at(-1);
}

/**
 * Lets one change of a function's permissions through at a time, and refuses others meanwhile, as
 * Lambda does and the emulator does not:
 * https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html (ResourceConflictException)
 */
export function serializePermissionChanges(): Middleware {
  const busy = new Set<string>();
  return async (call, next) => {
    const functionName = changedFunction(call.request);
    if (functionName === undefined) return next(call);
    if (busy.has(functionName)) return conflict(functionName);
    busy.add(functionName);
    try {
      const [response] = await Promise.all([next(call), sleep(busyMs)]);
      return response;
    } finally {
      busy.delete(functionName);
    }
  };
}

function conflict(functionName: string): Response {
  const message =
    "The function could not be updated due to a concurrent update operation. " +
    `Function: ${functionName}`;
  return {
    status: 409,
    headers: {
      "content-type": "application/json",
      "x-amzn-errortype": "ResourceConflictException",
    },
    body: Buffer.from(JSON.stringify({ Type: "User", message, Message: message })),
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Response } from "../http.ts";
import type { ApiRequest } from "./api-request.ts";

/** How long a change of a function's permissions lasts here; AWS does not document it. */
const busyMs = 200;

/**
 * The name of the function whose permissions a request changes, by AddPermission or RemovePermission;
 * nothing for any other request.
 */
export function changedPolicy({ service, method, path }: ApiRequest): string | undefined {
  if (service !== "lambda" || (method !== "POST" && method !== "DELETE")) return undefined;
  const [, name] = /\/functions\/([^/]+)\/policy(?:\/[^/]+)?\/?(?:\?.*)?$/.exec(path) ?? [];
  return name && decodeURIComponent(name).split(":").at(-1);
}

/**
 * Lets one change of a function's permissions through at a time, and refuses others meanwhile, as
 * Lambda does and the emulator does not:
 * https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html (ResourceConflictException)
 */
export function createPolicyChanges(): (
  functionName: string,
  change: () => Promise<Response>,
) => Promise<Response> {
  const busy = new Set<string>();
  return async (functionName, change) => {
    if (busy.has(functionName)) return conflict(functionName);
    busy.add(functionName);
    try {
      const [response] = await Promise.all([change(), sleep(busyMs)]);
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

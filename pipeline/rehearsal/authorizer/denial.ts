import type { ApiRequest } from "../../../sandbox/aws/api-request.ts";
import { errorResponse, restJson } from "../../../sandbox/aws/error-response.ts";
import type { Response } from "../../../sandbox/http.ts";
import type { Call } from "./call.ts";

/** AWS's response to a call that a role is not allowed to make, in the protocol of its request. */
export function denialOf(request: ApiRequest, caller: string, call: Call): Response {
  const { service, target } = request;
  const message =
    `User: ${caller} is not authorized to perform: ${call.action} ` +
    `on resource: ${call.resource}`;
  const isJson = target !== "" || restJson.includes(service);
  const xmlCode = service === "ec2" ? "UnauthorizedOperation" : "AccessDenied";
  const code = isJson ? "AccessDeniedException" : xmlCode;
  return errorResponse(request, { status: 403, code, message });
}

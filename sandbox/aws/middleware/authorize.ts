import type { Response } from "../../http.ts";
import { type ApiRequest, asRoot } from "../api-request.ts";
import type { Authorizer } from "../authorizer.ts";
import type { Middleware } from "./middleware.ts";

/**
 * Has the authorizer decide on the calls of STS sessions and of functions whose role has a permissions
 * boundary, and forwards those that it allows as root's. All other calls go to the emulator's IAM.
 */
export function authorize(authorizer: Authorizer, rootAccessKeyId: string): Middleware {
  const boundedRoles = new Set<string>();
  return async (call, next) => {
    const { request, caller, headers } = call;
    const { role, functionName, functionArn } = caller;
    const isAuthorized = functionName === undefined || boundedRoles.has(role ?? "");
    const authorized = isAuthorized ? role : undefined;
    const refusal = authorized && (await authorizer.refusalOf(authorized, request, functionArn));
    if (refusal) return refusal;
    const isIam = request.service === "iam";
    if (isIam) {
      const input = new URLSearchParams(request.body);
      if (input.get("PermissionsBoundary")) boundedRoles.add(input.get("RoleName") ?? "");
    }
    if (!authorized) {
      const response = await next(call);
      if (isIam) authorizer.policiesMayHaveChanged();
      return response;
    }
    const response = await next({ ...call, headers: asRoot(headers, rootAccessKeyId) });
    if (isIam) authorizer.policiesMayHaveChanged();
    return withoutHiddenTags(response, request, (action, resource) =>
      authorizer.allows(authorized, action, resource),
    );
  };
}

/**
 * The response to GetFunction as Lambda gives it: without tags for a caller that is not allowed
 * lambda:ListTags. Every other response stays as it is.
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
 */
export async function withoutHiddenTags(
  response: Response,
  { service, method, path }: ApiRequest,
  allows: (action: string, resource: string) => Promise<boolean>,
): Promise<Response> {
  const isGetFunction =
    service === "lambda" && method === "GET" && /\/functions\/[^/]+$/.test(path);
  if (!isGetFunction || response.status !== 200) return response;
  const { Tags, ...rest } = JSON.parse(response.body.toString());
  if (Tags === undefined) return response;
  if (await allows("lambda:ListTags", rest.Configuration.FunctionArn)) return response;
  return { ...response, body: Buffer.from(JSON.stringify(rest)) };
}

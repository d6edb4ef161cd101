import type { Call } from "../../pipeline/rehearsal/authorizer/call.ts";
import type { Response } from "../http.ts";
import type { ApiRequest } from "./api-request.ts";

/**
 * The response to GetFunction as Lambda gives it: without tags for a caller who is not allowed
 * lambda:ListTags. Every other response stays as it is.
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
 */
export async function withoutHiddenTags(
  response: Response,
  { service, method, path }: ApiRequest,
  allows: (call: Call) => Promise<boolean>,
): Promise<Response> {
  const isGetFunction =
    service === "lambda" && method === "GET" && /\/functions\/[^/]+$/.test(path);
  if (!isGetFunction || response.status !== 200) return response;
  const { Tags, ...rest } = JSON.parse(response.body.toString());
  if (Tags === undefined) return response;
  const resource: string = rest.Configuration.FunctionArn;
  if (await allows({ action: "lambda:ListTags", resource, keys: {} })) return response;
  return { ...response, body: Buffer.from(JSON.stringify(rest)) };
}

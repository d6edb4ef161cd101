import type { ApiRequest } from "../../../../sandbox/aws/api-request.ts";
import { arn, type Call, type Place, type Reader, requestTags } from "../call.ts";
import { one, passing } from "./tables.ts";

/** Method and path behind the API's version → operation on the function that the path names. */
const onFunction: readonly (readonly [string, RegExp, string])[] = [
  ["GET", /^functions\/([^/]+)$/, "GetFunction"],
  ["DELETE", /^functions\/([^/]+)$/, "DeleteFunction"],
  ["PUT", /^functions\/([^/]+)\/code$/, "UpdateFunctionCode"],
  ["GET", /^functions\/([^/]+)\/configuration$/, "GetFunctionConfiguration"],
  ["PUT", /^functions\/([^/]+)\/configuration$/, "UpdateFunctionConfiguration"],
  ["GET", /^functions\/([^/]+)\/code-signing-config$/, "GetFunctionCodeSigningConfig"],
  ["GET", /^functions\/([^/]+)\/versions$/, "ListVersionsByFunction"],
  ["POST", /^functions\/([^/]+)\/url$/, "CreateFunctionUrlConfig"],
  ["GET", /^functions\/([^/]+)\/url$/, "GetFunctionUrlConfig"],
  ["PUT", /^functions\/([^/]+)\/url$/, "UpdateFunctionUrlConfig"],
  ["DELETE", /^functions\/([^/]+)\/url$/, "DeleteFunctionUrlConfig"],
  ["POST", /^functions\/([^/]+)\/policy$/, "AddPermission"],
  ["GET", /^functions\/([^/]+)\/policy$/, "GetPolicy"],
  ["DELETE", /^functions\/([^/]+)\/policy\/[^/]+$/, "RemovePermission"],
  ["PUT", /^functions\/([^/]+)\/concurrency$/, "PutFunctionConcurrency"],
  ["DELETE", /^functions\/([^/]+)\/concurrency$/, "DeleteFunctionConcurrency"],
  ["PUT", /^functions\/([^/]+)\/event-invoke-config$/, "PutFunctionEventInvokeConfig"],
  ["POST", /^functions\/([^/]+)\/event-invoke-config$/, "UpdateFunctionEventInvokeConfig"],
  ["GET", /^functions\/([^/]+)\/event-invoke-config$/, "GetFunctionEventInvokeConfig"],
  ["DELETE", /^functions\/([^/]+)\/event-invoke-config$/, "DeleteFunctionEventInvokeConfig"],
  ["POST", /^functions\/([^/]+)\/invocations$/, "InvokeFunction"],
];

const onMapping: Readonly<Record<string, string>> = {
  GET: "GetEventSourceMapping",
  PUT: "UpdateEventSourceMapping",
  DELETE: "DeleteEventSourceMapping",
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export const lambda: Reader = async (request, place, lookUp) => {
  const path = request.path.replace(/^\/\d{4}-\d\d-\d\d\//, "").replace(/\/?(\?.*)?$/, "");
  const input = request.body.startsWith("{") ? JSON.parse(request.body) : {};
  if (request.method === "POST" && path === "functions") {
    const calls = withRole("lambda:CreateFunction", input.FunctionName, input, place);
    return [...calls, ...tagged(functionArn(input.FunctionName, place), input.Tags)];
  }
  if (request.method === "POST" && path === "event-source-mappings") {
    const key = { "lambda:functionarn": functionArn(input.FunctionName, place) };
    const calls = one("lambda:CreateEventSourceMapping", "*", key);
    // It has no id yet.
    return [...calls, ...tagged(arn("lambda", place, "event-source-mapping:*"), input.Tags)];
  }
  const [, mapping] = /^event-source-mappings\/([^/]+)$/.exec(path) ?? [];
  const operation = onMapping[request.method];
  if (mapping && operation) {
    const functionOfIt = await lookUp.functionOf(mapping);
    // Of one that is gone Lambda knows neither the ARN nor the function: AWS's guide has Get… on "*" without keys,
    // https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html, and deployments met that.
    if (functionOfIt === undefined) return one(`lambda:${operation}`, "*");
    const key = { "lambda:functionarn": functionOfIt };
    return one(`lambda:${operation}`, arn("lambda", place, `event-source-mapping:${mapping}`), key);
  }
  const [, ofTags] = /^tags\/(.+)$/.exec(path) ?? [];
  if (ofTags) return changeOfTags(request, decodeURIComponent(ofTags), input.Tags);
  return ofFunction(request, path, input, place);
};

function ofFunction(
  { method }: ApiRequest,
  path: string,
  // biome-ignore lint/suspicious/noExplicitAny: inputs are as many shapes as there are operations
  input: any,
  place: Place,
): Call[] | undefined {
  for (const [ofMethod, form, operation] of onFunction) {
    const [, name] = (method === ofMethod && form.exec(path)) || [];
    if (name) {
      return withRole(`lambda:${operation}`, decodeURIComponent(name), input, place);
    }
  }
  return undefined;
}

/** What is tagged as it is created asks for that, too. */
function tagged(resource: string, tags: Readonly<Record<string, string>> = {}): Call[] {
  if (Object.keys(tags).length === 0) return [];
  return one("lambda:TagResource", resource, requestTags(tags));
}

function changeOfTags(
  { method, path }: ApiRequest,
  resource: string,
  tags: Readonly<Record<string, string>>,
): Call[] | undefined {
  const removed = new URL(path, "http://lambda").searchParams.getAll("tagKeys");
  switch (method) {
    case "GET":
      return one("lambda:ListTags", resource);
    case "POST":
      return one("lambda:TagResource", resource, requestTags(tags));
    case "DELETE":
      return one("lambda:UntagResource", resource, requestTags({}, removed));
    default:
      return undefined;
  }
}

/** A role in the request is passed to Lambda. */
function withRole(
  action: string,
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: see above
  input: any,
  place: Place,
): Call[] {
  const resource = functionArn(name, place);
  const keys: Record<string, string> = {
    ...(input.AuthType && { "lambda:functionurlauthtype": input.AuthType }),
    ...(input.FunctionUrlAuthType && { "lambda:functionurlauthtype": input.FunctionUrlAuthType }),
    ...(input.Principal && { "lambda:principal": input.Principal }),
  };
  return [
    ...one(action, resource, keys),
    ...(input.Role ? passing(input.Role, "lambda.amazonaws.com", resource) : []),
  ];
}

/** Of a name or an ARN. */
function functionArn(name: string, place: Place): string {
  return name.startsWith("arn:") ? name : arn("lambda", place, `function:${name}`);
}

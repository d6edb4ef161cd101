import type { ApiRequest } from "../../../../sandbox/aws/api-request.ts";
import type { Call, Keys } from "../call.ts";

/** One call, without condition keys by default. */
export function one(action: string, resource: string, keys: Keys = {}): Call[] {
  return [{ action, resource, keys }];
}

/** The operation and the input of a request in AWS's JSON protocol. */
export function jsonInput({ target, body }: ApiRequest): {
  operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are as many shapes as there are operations
  input: any;
} {
  return { operation: target.split(".")[1] ?? "", input: JSON.parse(body || "{}") };
}

/** The operation and the parameters of a request in AWS's query protocol. */
export function queryInput({ body }: ApiRequest): {
  operation: string;
  input: URLSearchParams;
} {
  const input = new URLSearchParams(body);
  return { operation: input.get("Action") ?? "", input };
}

/** The values of `Name.1`, `Name.2`, … */
export function listOf(input: URLSearchParams, name: string): string[] {
  return [...input]
    .filter(([key]) => /^\.\d+$/.test(key.slice(name.length)) && key.startsWith(name))
    .map(([, it]) => it);
}

/** The tags under a prefix: `PREFIX.1.Key`, `PREFIX.1.Value`, … */
export function queryTags(input: URLSearchParams, prefix: string): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const [key, name] of input) {
    if (!key.startsWith(`${prefix}.`) || !key.endsWith(".Key")) continue;
    tags[name] = input.get(key.replace(/Key$/, "Value")) ?? "";
  }
  return tags;
}

import type { ApiRequest } from "../../../../sandbox/aws/api-request.ts";
import { type Call, type Keys, type Place, requestTags } from "../call.ts";

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

/** A list of tags as an object. */
export function listed(
  tags: readonly { Key?: string; Value?: string; TagKey?: string; TagValue?: string }[] = [],
): Record<string, string> {
  return Object.fromEntries(
    tags.map(({ Key, Value, TagKey, TagValue }) => [Key ?? TagKey ?? "", Value ?? TagValue ?? ""]),
  );
}

/** The keys of the tags that a request gives in a list, and of those that it removes. */
export function requestTagsOf(input: {
  Tags?: Parameters<typeof listed>[0];
  TagKeys?: readonly string[];
}): Keys {
  return requestTags(listed(input.Tags), input.TagKeys);
}

/** What is tagged as it is made asks for that, too. */
export function withTags(
  action: string,
  tagAction: string,
  resource: string,
  tags: Readonly<Record<string, string>>,
): Call[] {
  const keys = requestTags(tags);
  const isTagged = Object.keys(tags).length > 0;
  return [...one(action, resource, keys), ...(isTagged ? one(tagAction, resource, keys) : [])];
}

/** A role in a request is passed to the service, for a resource. */
export function passing(role: string, service: string, resource: string): Call[] {
  return one("iam:PassRole", role, {
    "iam:passedtoservice": service,
    "iam:associatedresourcearn": resource,
  });
}

/**
 * The role of a service that is created, with the caller's permissions, if the account does not have it. Here it never
 * has.
 */
export function serviceLinkedRole(service: string, name: string, { accountId }: Place): Call[] {
  return one(
    "iam:CreateServiceLinkedRole",
    `arn:aws:iam::${accountId}:role/aws-service-role/${service}/${name}`,
    { "iam:awsservicename": service },
  );
}

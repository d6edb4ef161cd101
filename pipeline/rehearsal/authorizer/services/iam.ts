import { type Call, type Keys, type LookUp, type Reader, requestTags } from "../call.ts";
import { listOf, one, queryInput, queryTags } from "./tables.ts";

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
export const iam: Reader = async (request, { accountId }, lookUp) => {
  const { operation, input } = queryInput(request);
  const action = `iam:${operation}`;
  const ofIam = (resource: string) => `arn:aws:iam::${accountId}:${resource}`;
  const role = input.get("RoleName");
  if (operation === "CreateRole") {
    return createRole(ofIam(`role${input.get("Path") ?? "/"}${role}`), input);
  }
  if (role !== null) {
    return one(action, ofIam(`role/${role}`), await keysOfRole(role, input, lookUp));
  }
  const policy = input.get("PolicyArn") ?? ofIam(`policy/${input.get("PolicyName")}`);
  const user = input.get("UserName");
  if (user !== null) return one(action, ofIam(`user/${user}`), policyKey(input));
  if (operation.includes("Policy")) return one(action, policy);
  if (operation === "CreateOpenIDConnectProvider") {
    return one(action, ofIam(`oidc-provider/${new URL(input.get("Url") ?? "").host}`));
  }
  const provider = input.get("OpenIDConnectProviderArn");
  return provider === null ? undefined : one(action, provider);
};

function createRole(resource: string, input: URLSearchParams): Call[] {
  const boundary = input.get("PermissionsBoundary");
  const keys: Keys = boundary === null ? {} : { "iam:permissionsboundary": boundary };
  const tags = queryTags(input, "Tags.member");
  const isTagged = Object.keys(tags).length > 0;
  return [
    ...one("iam:CreateRole", resource, { ...keys, ...requestTags(tags) }),
    ...(isTagged ? one("iam:TagRole", resource, requestTags(tags)) : []),
  ];
}

/** The boundary that a request sets, or the one that the role has. */
async function keysOfRole(role: string, input: URLSearchParams, lookUp: LookUp): Promise<Keys> {
  const boundary = input.get("PermissionsBoundary") ?? (await lookUp.boundaryOf(role));
  return {
    ...(boundary !== undefined && { "iam:permissionsboundary": boundary }),
    ...policyKey(input),
    ...requestTags(queryTags(input, "Tags.member"), listOf(input, "TagKeys.member")),
  };
}

function policyKey(input: URLSearchParams): Keys {
  const policy = input.get("PolicyArn");
  return policy === null ? {} : { "iam:policyarn": policy };
}

import { randomBytes } from "node:crypto";
import {
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import { stringOf } from "../../../policy/field.ts";
import { readDocument, type Statement } from "../../../policy/iam/document.ts";
import type { ApiRequest } from "../../../sandbox/aws/api-request.ts";
import { unlessGone } from "../../../sandbox/aws/provider/aws-target.ts";
import type { Response } from "../../../sandbox/http.ts";
import type { Keys } from "./call.ts";
import { holds } from "./evaluate.ts";

const action = "AssumeRoleWithWebIdentity";

/**
 * The claims that STS has as condition keys: those of every OpenID Connect provider, and those of
 * GitHub's. Any other claim of a token is no key, so a condition on it never holds.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
const everyProvider = ["amr", "aud", "sub"];
const ofGitHub = [
  "actor",
  "actor_id",
  "enterprise_id",
  "environment",
  "job_workflow_ref",
  "ref",
  "repository",
  "repository_id",
  "workflow",
];
const github = "token.actions.githubusercontent.com";

/**
 * The response of STS to AssumeRoleWithWebIdentity: a session if the role's trust policy accepts the
 * token. The emulator knows no condition keys but `aud`, `sub` and `amr`. access-keys.ts has checked the
 * signature.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export async function assumeRoleWithWebIdentity(
  iam: IAMClient,
  { body }: ApiRequest,
  nowMs: number,
): Promise<Response> {
  const input = new URLSearchParams(body);
  const roleArn = input.get("RoleArn") ?? "";
  const claims = claimsIn(input.get("WebIdentityToken") ?? "");
  if (!claims) return refused(400, "InvalidIdentityToken", "The token is not a JSON Web Token");
  if (Number(claims.exp) * 1000 <= nowMs) {
    return refused(400, "ExpiredTokenException", "Token expired");
  }
  const issuer = String(claims.iss).replace(/^https:\/\//, "");
  const provider = `${roleArn.split(":").slice(0, 5).join(":")}:oidc-provider/${issuer}`;
  const OpenIDConnectProviderArn = provider;
  const known = await unlessGone(
    iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })),
  );
  if (!known?.ClientIDList?.includes(String(claims.aud))) {
    const message = `No OpenIDConnect provider found in your account for ${claims.iss}`;
    return refused(400, "InvalidIdentityToken", message);
  }
  const RoleName = roleArn.split("/").at(-1);
  const role = await unlessGone(iam.send(new GetRoleCommand({ RoleName })));
  const trust = readDocument(() => decodeURIComponent(role?.Role?.AssumeRolePolicyDocument ?? ""));
  if (trust.kind !== "statements" || !accepts(trust.statements, provider, keysOf(issuer, claims))) {
    return refused(403, "AccessDenied", `Not authorized to perform sts:${action}`);
  }
  return session(roleArn, input.get("RoleSessionName") ?? "");
}

/** True if a trust policy lets a token of the provider assume its role. */
export function accepts(statements: readonly Statement[], provider: string, keys: Keys): boolean {
  const about = statements.filter(
    ({ actions, principals, conditions }) =>
      actions.some((it) => stringOf(it)?.toLowerCase() === `sts:${action}`.toLowerCase()) &&
      principals.some(({ type, value }) => type === "Federated" && stringOf(value) === provider) &&
      conditions.isKnown &&
      conditions.value.every((it) => holds(it, keys)),
  );
  return about.some(({ isAllow }) => isAllow) && about.every(({ isAllow }) => isAllow);
}

/** The condition keys of a token with these claims. */
export function keysOf(issuer: string, claims: Readonly<Record<string, unknown>>): Keys {
  const names = [...everyProvider, ...(issuer === github ? ofGitHub : [])];
  return Object.fromEntries(
    names
      .filter((name) => claims[name] !== undefined)
      .map((name) => [`${issuer}:${name}`.toLowerCase(), String(claims[name])]),
  );
}

function claimsIn(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  } catch {
    return undefined;
  }
}

/** The gateway forwards a session's calls as root's, so the emulator need not know its credentials. */
function session(roleArn: string, name: string): Response {
  const random = (bytes: number) => randomBytes(bytes).toString("hex").toUpperCase();
  const credentials =
    `<AccessKeyId>ASIA${random(8)}</AccessKeyId><SecretAccessKey>${random(20)}</SecretAccessKey>` +
    `<SessionToken>${random(32)}</SessionToken>` +
    `<Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration>`;
  const user =
    `<AssumedRoleId>AROASANDBOX:${name}</AssumedRoleId>` +
    `<Arn>${roleArn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")}/${name}</Arn>`;
  const result = `<Credentials>${credentials}</Credentials><AssumedRoleUser>${user}</AssumedRoleUser>`;
  return xml(200, `<${action}Response><${action}Result>${result}</${action}Result>`, action);
}

function refused(status: number, code: string, message: string): Response {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return xml(status, `<ErrorResponse>${error}`, "Error");
}

function xml(status: number, content: string, element: string): Response {
  const headers = { "content-type": "text/xml" };
  return { status, headers, body: Buffer.from(`${content}</${element}Response>`) };
}

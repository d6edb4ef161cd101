import { createHmac } from "node:crypto";
import type { ApiRequest } from "./api-request.ts";
import { type AccessKey, isSame } from "./signature.ts";

/**
 * A JSON web token with these claims. GitHub signs with a key pair; root's secret is its counterpart
 * here, so that nobody else can create a token and get a session of a role.
 */
export function identityToken(claims: object, root: AccessKey): string {
  const parts = [{ alg: "HS256", typ: "JWT" }, claims].map((it) =>
    Buffer.from(JSON.stringify(it)).toString("base64url"),
  );
  const content = parts.join(".");
  return `${content}.${signatureOf(content, root)}`;
}

/** True for the one request of STS that has a token in place of a signature. */
export function isWebIdentityRequest({ body }: ApiRequest): boolean {
  return new URLSearchParams(body).get("Action") === "AssumeRoleWithWebIdentity";
}

/**
 * True for AssumeRoleWithWebIdentity with a token that this sandbox signed. That is the one call that
 * AWS accepts without a signature; the emulator compares the token's claims alone.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function hasIdentityToken(request: ApiRequest, root: AccessKey): boolean {
  const form = new URLSearchParams(request.body);
  const [, content, signature] = /^(.+)\.([^.]*)$/.exec(form.get("WebIdentityToken") ?? "") ?? [];
  if (request.path !== "/" || !isWebIdentityRequest(request)) return false;
  return content !== undefined && isSame(signature ?? "", signatureOf(content, root));
}

function signatureOf(content: string, root: AccessKey): string {
  return createHmac("sha256", root.secretAccessKey).update(content).digest("base64url");
}

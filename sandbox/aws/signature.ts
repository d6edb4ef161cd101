import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** An access key of AWS; one of STS has a session token too. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What an `Authorization` header of Signature Version 4 says. */
export interface Signature {
  readonly accessKeyId: string;
  /** For example `20260131`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
}

type Signed = Pick<IncomingMessage, "method" | "url" | "headers">;

/** AWS accepts a signature this long before and after its time. */
const validMs = 15 * 60_000;

/** The signature in a request's header; nothing if it has none or a malformed one. */
export function readSignature({ headers }: Pick<Signed, "headers">): Signature | undefined {
  const [, accessKeyId, date, region, service, names, signature] =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? "",
    ) ?? [];
  if (!accessKeyId || !date || !region || !service || !names || !signature) return undefined;
  return { accessKeyId, date, region, service, signedHeaders: names.split(";"), signature };
}

/**
 * AWS's error code for a request whose headers alone cannot carry a valid signature of a known access
 * key; nothing if they may. Only signatures in the header count: a key in the query is none.
 */
export function headerError(
  request: Signed,
  keyOf: (accessKeyId: string) => AccessKey | undefined,
  nowMs: number,
): string | undefined {
  const found = readSignature(request);
  if (!found) return "MissingAuthenticationToken";
  const { headers } = request;
  if (!coversHeaders(found, headers)) return "IncompleteSignature";
  const key = keyOf(found.accessKeyId);
  if (!key || !isSame(key.sessionToken ?? "", String(headers["x-amz-security-token"] ?? ""))) {
    return "InvalidClientTokenId";
  }
  const time = String(headers["x-amz-date"]);
  const isInTime = time.startsWith(found.date) && Math.abs(nowMs - timeOf(time)) < validMs;
  return isInTime ? undefined : "RequestExpired";
}

/**
 * AWS's error code for a request whose sender has not proved that it has the secret of a known access
 * key; nothing if it has.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureError(
  request: Signed,
  body: Buffer,
  keyOf: (accessKeyId: string) => AccessKey | undefined,
  nowMs: number,
): string | undefined {
  const error = headerError(request, keyOf, nowMs);
  const found = readSignature(request);
  const key = found && keyOf(found.accessKeyId);
  if (error !== undefined || !key) return error ?? "InvalidClientTokenId";
  const { headers } = request;
  const time = String(headers["x-amz-date"]);
  const payload = createHash("sha256").update(body).digest("hex");
  if (!isSame(String(headers["x-amz-content-sha256"] ?? payload), payload)) {
    return "XAmzContentSHA256Mismatch";
  }
  const expected = signatureOf(request, found, { time, payload }, key.secretAccessKey);
  return expected && isSame(expected, found.signature) ? undefined : "SignatureDoesNotMatch";
}

/** The headers of a signed request: those given and those by which AWS knows its sender and its time. */
export function signedHeaders(
  {
    headers,
    ...request
  }: Pick<Signed, "method" | "url"> & { readonly headers: Readonly<Record<string, string>> },
  body: string,
  { accessKeyId, secretAccessKey, sessionToken }: AccessKey,
  { region, service, nowMs }: { region: string; service: string; nowMs: number },
): Record<string, string> {
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, "");
  const date = time.slice(0, 8);
  const all: Record<string, string> = {
    ...headers,
    "x-amz-date": time,
    ...(sessionToken && { "x-amz-security-token": sessionToken }),
  };
  const names = Object.keys(all).sort();
  const scope = { accessKeyId, date, region, service, signedHeaders: names };
  const payload = createHash("sha256").update(body).digest("hex");
  const signed = { ...request, headers: all };
  const signature = signatureOf(
    signed,
    { ...scope, signature: "" },
    { time, payload },
    secretAccessKey,
  );
  const credential = [accessKeyId, date, region, service, "aws4_request"].join("/");
  return {
    ...all,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}

/** A signature covers `Host`, the time, and every other header by which AWS understands a request. */
function coversHeaders({ signedHeaders }: Signature, headers: Signed["headers"]): boolean {
  const needed = Object.keys(headers).filter((name) => name.startsWith("x-amz-"));
  return ["host", "x-amz-date", ...needed].every((name) => signedHeaders.includes(name));
}

/** A time as AWS writes it, such as `20260131T120000Z`, in milliseconds since 1970; else NaN. */
export function timeOf(time: string): number {
  return Date.parse(time.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)/, "$1-$2-$3:$4:"));
}

/** The signature that the secret gives; nothing if the query is malformed. */
function signatureOf(
  { method, url = "/", headers }: Signed,
  { date, region, service, signedHeaders }: Signature,
  { time, payload }: { time: string; payload: string },
  secretAccessKey: string,
): string | undefined {
  const [, path = "/", query = ""] = /^([^?]*)\??(.*)$/.exec(url) ?? [];
  const sortedQuery = canonicalQuery(query);
  if (sortedQuery === undefined) return undefined;
  const canonicalRequest = [
    method,
    // S3 alone signs the path as it is sent.
    service === "s3" ? path : path.split("/").map(encode).join("/"),
    sortedQuery,
    ...signedHeaders.map((name) => `${name}:${String(headers[name] ?? "").replace(/\s+/g, " ")}`),
    "",
    signedHeaders.join(";"),
    payload,
  ].join("\n");
  const scope = [date, region, service, "aws4_request"];
  const hash = createHash("sha256").update(canonicalRequest).digest("hex");
  const toSign = ["AWS4-HMAC-SHA256", time, scope.join("/"), hash].join("\n");
  const signingKey = scope.reduce<string | Buffer>(
    (key, part) => createHmac("sha256", key).update(part).digest(),
    `AWS4${secretAccessKey}`,
  );
  return createHmac("sha256", signingKey).update(toSign).digest("hex");
}

function canonicalQuery(query: string): string | undefined {
  try {
    return query
      .split("&")
      .filter((it) => it !== "")
      .map((it) => {
        const [, name = "", value = ""] = /^([^=]*)=?(.*)$/.exec(it) ?? [];
        return [name, value].map((part) => encode(decodeURIComponent(part)));
      })
      .sort(([a = "", x = ""], [b = "", y = ""]) => (a === b ? compare(x, y) : compare(a, b)))
      .map((pair) => pair.join("="))
      .join("&");
  } catch {
    return undefined;
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** All but the characters that RFC 3986 calls unreserved, each byte as `%XX`. */
function encode(text: string): string {
  const code = (it: string) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, code);
}

/** Compares two strings in a time that does not depend on where they differ. */
export function isSame(a: string, b: string): boolean {
  const [x, y] = [a, b].map((it) => createHash("sha256").update(it).digest());
  return timingSafeEqual(x as Buffer, y as Buffer);
}

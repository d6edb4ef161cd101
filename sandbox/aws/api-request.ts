import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { readSignature } from "./signature.ts";

/** A request of the AWS API. */
export interface ApiRequest {
  /** The access key in the signature; empty if it has none. */
  readonly accessKeyId: string;
  /** The region in the signature; empty if it has none. */
  readonly region: string;
  /** The service in the signature, for example `monitoring`. */
  readonly service: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** The header `x-amz-target`; empty if the protocol has none. */
  readonly target: string;
  readonly body: string;
}

export function readApiRequest(
  { method = "GET", url: path = "/", headers }: Pick<IncomingMessage, "method" | "url" | "headers">,
  body: Buffer = Buffer.alloc(0),
): ApiRequest {
  const { accessKeyId = "", region = "", service = "unknown" } = readSignature({ headers }) ?? {};
  const target = String(headers["x-amz-target"] ?? "");
  return { accessKeyId, region, service, method, path, target, body: body.toString() };
}

/**
 * For example `ec2:RebootInstances`; for the REST API of Lambda the method and path. The SDK names S3's
 * operations in the query.
 */
export function actionOf({ service, method, path, target, body }: ApiRequest): string {
  const operation =
    target.split(".")[1] ??
    new URLSearchParams(body).get("Action") ??
    new URLSearchParams(path.split("?")[1]).get("x-id");
  return `${service}:${operation ?? `${method} ${path}`}`;
}

/** The headers of the same request by root: the emulator accepts root's access key with any signature. */
export function asRoot(
  { "x-amz-security-token": _, ...headers }: IncomingHttpHeaders,
  accessKeyId: string,
) {
  const root = `Credential=${accessKeyId}/`;
  return { ...headers, authorization: headers.authorization?.replace(/Credential=\w+\//, root) };
}

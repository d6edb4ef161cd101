import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { readSignature } from "./signature.ts";

/** A request of the AWS API as it is sent. */
export interface ApiRequest {
  /** The access key in the signature; empty where it has none. */
  readonly accessKeyId: string;
  /** The region in the signature; empty where it has none. */
  readonly region: string;
  /** The service in the signature, such as `monitoring`. */
  readonly service: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** `x-amz-target`, where the protocol has it. */
  readonly target: string;
  readonly body: string;
}

export function readApiRequest(
  { method = "GET", url: path = "/", headers }: Pick<IncomingMessage, "method" | "url" | "headers">,
  body: Buffer,
): ApiRequest {
  const { accessKeyId = "", region = "", service = "unknown" } = readSignature({ headers }) ?? {};
  const target = String(headers["x-amz-target"] ?? "");
  return { accessKeyId, region, service, method, path, target, body: body.toString() };
}

/** The headers of the same request by root: the emulator accepts root's access key with any signature. */
export function asRoot(
  { "x-amz-security-token": _, ...headers }: IncomingHttpHeaders,
  accessKeyId: string,
) {
  const root = `Credential=${accessKeyId}/`;
  return { ...headers, authorization: headers.authorization?.replace(/Credential=\w+\//, root) };
}

import type { IncomingMessage } from "node:http";
import type { Response } from "../http.ts";
import { type ApiRequest, readApiRequest } from "./api-request.ts";
import { errorResponse } from "./error-response.ts";
import { executionCredentials } from "./execution-role.ts";
import { hasIdentityToken } from "./identity-token.ts";
import { isSignedLocation } from "./middleware/function-code.ts";
import { type AccessKey, headerError, signatureError } from "./signature.ts";

/** The owner of an access key: nothing for root, a role, or the role of this function. */
export interface Caller {
  readonly role?: string;
  readonly functionName?: string;
  readonly functionArn?: string;
}

/** The access keys that the gateway accepts: root's, those of functions, and those of sessions of STS. */
export class AccessKeys {
  private readonly root: AccessKey;
  private readonly keyOf = (id: string) => this.known.get(id)?.key;
  private readonly known = new Map<string, { key: AccessKey; caller: Caller }>();

  constructor(root: AccessKey) {
    this.root = root;
    this.known.set(root.accessKeyId, { key: root, caller: {} });
  }

  /** The caller with this access key. */
  callerOf(accessKeyId: string): Caller {
    return this.known.get(accessKeyId)?.caller ?? {};
  }

  /**
   * The refusal of a request whose headers alone show that its sender cannot prove that it may call;
   * nothing otherwise. Its body need not be read for that.
   */
  refusalOfHeaders(request: IncomingMessage): Response | undefined {
    // Neither the link to a function's code nor an identity token is in a header.
    if (request.headers.authorization === undefined) return undefined;
    return this.refused(headerError(request, this.keyOf, Date.now()), readApiRequest(request));
  }

  /**
   * The refusal of a request whose sender has not proved that it may call; nothing if it has. A proof
   * is a signature, GitHub's token for a session, or the signed link to a function's code.
   */
  refusalOf(request: IncomingMessage, body: Buffer): Response | undefined {
    const apiRequest = readApiRequest(request, body);
    if (request.headers.authorization === undefined) {
      if (isSignedLocation(apiRequest, this.root, Date.now())) return undefined;
      if (hasIdentityToken(apiRequest, this.root)) return undefined;
    }
    return this.refused(signatureError(request, body, this.keyOf, Date.now()), apiRequest);
  }

  /** Learns the access keys that a response of Lambda or STS names. */
  learn({ service, body }: ApiRequest, response: string): void {
    const functionArn = jsonField(response, "FunctionArn");
    const roleArn = jsonField(response, "Role");
    if (service === "lambda" && functionArn && roleArn) {
      const key = executionCredentials(this.root, functionArn, roleArn);
      const role = roleArn.slice(roleArn.lastIndexOf("/") + 1);
      const functionName = functionArn.split(":")[6] ?? "";
      this.known.set(key.accessKeyId, { key, caller: { role, functionName, functionArn } });
    }
    if (!/(^|&)Action=AssumeRole/.test(body)) return;
    const field = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(response)?.[1];
    const [accessKeyId, secretAccessKey, sessionToken] = [
      field("AccessKeyId"),
      field("SecretAccessKey"),
      field("SessionToken"),
    ];
    const [, role] = /:assumed-role\/([^/]+)\//.exec(response) ?? [];
    if (accessKeyId && secretAccessKey && sessionToken && role) {
      const key = { accessKeyId, secretAccessKey, sessionToken };
      this.known.set(accessKeyId, { key, caller: { role } });
    }
  }

  /** AWS's response to a request whose signature is missing or wrong. */
  private refused(code: string | undefined, request: ApiRequest): Response | undefined {
    const message =
      "The sandbox refuses this request: expected a signature in the header Authorization with an " +
      "access key of this run; `npm start -- --keep` prints one.";
    return code === undefined ? undefined : errorResponse(request, { status: 403, code, message });
  }
}

/** A string field in JSON, at any depth; the first one of this name. */
export function jsonField(json: string, name: string): string | undefined {
  return new RegExp(`"${name}": ?"([^"]+)"`).exec(json)?.[1];
}

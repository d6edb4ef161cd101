import type { IncomingMessage } from "node:http";
import type { Response } from "../http.ts";
import type { ApiRequest } from "./api-request.ts";
import { executionCredentials } from "./execution-role.ts";
import { isSignedLocation } from "./function-code.ts";
import { hasIdentityToken } from "./identity-token.ts";
import { type AccessKey, signatureError } from "./signature.ts";

/** Who has an access key: nothing for root, a role, or the role of this function. */
export interface Caller {
  readonly role?: string;
  readonly functionName?: string;
  readonly functionArn?: string;
}

/** The access keys that the gateway accepts: root's, those of functions, and those of sessions of STS. */
export class AccessKeys {
  private readonly root: AccessKey;
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
   * The refusal of a request whose sender has not proved that it may call; nothing if it has. A proof
   * is a signature, GitHub's token for a session, or the signed link to a function's code.
   */
  refusalOf(request: IncomingMessage, asked: ApiRequest, body: Buffer): Response | undefined {
    if (request.headers.authorization === undefined) {
      if (isSignedLocation(asked, this.root, Date.now())) return undefined;
      if (hasIdentityToken(asked, this.root)) return undefined;
    }
    const keyOf = (id: string) => this.known.get(id)?.key;
    const code = signatureError(request, body, keyOf, Date.now());
    return code === undefined ? undefined : refused(code, asked);
  }

  /** Learns the access keys that a response of Lambda, STS or IAM tells of. */
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
}

/** A field of text in JSON, at any depth; the first one of this name. */
export function jsonField(json: string, name: string): string | undefined {
  return new RegExp(`"${name}": ?"([^"]+)"`).exec(json)?.[1];
}

/** AWS's response to a request whose signature is missing or wrong, in the protocol of its service. */
function refused(code: string, { service, target }: ApiRequest): Response {
  const message =
    "The sandbox refuses this request: expected a signature in the header Authorization with an access " +
    "key of this run; `npm start -- --keep` prints one.";
  const isJson = target !== "" || service === "lambda";
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  const xml = {
    ec2: `<Response><Errors>${error}</Errors></Response>`,
    s3: error,
  }[service];
  return {
    status: 403,
    headers: {
      "content-type": isJson ? "application/x-amz-json-1.0" : "text/xml",
      ...(isJson && { "x-amzn-errortype": code }),
    },
    body: Buffer.from(
      isJson
        ? JSON.stringify({ __type: code, message })
        : (xml ?? `<ErrorResponse>${error}</ErrorResponse>`),
    ),
  };
}

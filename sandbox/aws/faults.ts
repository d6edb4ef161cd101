import type { Response } from "../http.ts";
import { connectionReset, noResponse } from "./middleware/middleware.ts";

/** What can go wrong with an AWS call of the function. */
export const faultKinds = ["throttled", "5xx", "time-out", "denied", "reset", "crash"] as const;
export type FaultKind = (typeof faultKinds)[number];

export type Fault =
  /** Before the call takes effect, or after it. */
  | { readonly kind: FaultKind; readonly when: "before" | "after" }
  /** The call takes effect and its response arrives late. */
  | { readonly kind: "slow"; readonly milliseconds: number };

/** What the gateway asks before it forwards a call of a function. */
export type FaultRule = (call: {
  readonly action: string;
  readonly functionName: string;
  readonly body: string;
}) => Fault | undefined;

type FaultWithResponse = Exclude<FaultKind, "time-out" | "reset">;

/** Services that respond in XML; DynamoDB and SQS respond in JSON. */
const xmlServices = ["ec2", "elasticloadbalancing", "s3", "sns"] as const;
type XmlService = (typeof xmlServices)[number];

const codes: Readonly<Record<FaultWithResponse, Record<XmlService | "json", string>>> = {
  throttled: {
    ec2: "RequestLimitExceeded",
    elasticloadbalancing: "Throttling",
    s3: "SlowDown",
    sns: "Throttling",
    json: "ThrottlingException",
  },
  "5xx": {
    ec2: "InternalError",
    elasticloadbalancing: "InternalFailure",
    s3: "InternalError",
    sns: "InternalFailure",
    json: "InternalServerError",
  },
  denied: {
    ec2: "UnauthorizedOperation",
    elasticloadbalancing: "AccessDenied",
    s3: "AccessDenied",
    sns: "AuthorizationError",
    json: "AccessDeniedException",
  },
  crash: { ec2: "Crash", elasticloadbalancing: "Crash", s3: "Crash", sns: "Crash", json: "Crash" },
};

/** The response of a fault, or what happens instead of a response. */
export function faultResponse(kind: FaultKind, action: string): Response {
  if (kind === "time-out") return noResponse;
  if (kind === "reset") return connectionReset;
  const service = action.slice(0, action.indexOf(":"));
  const isXml = isXmlService(service);
  const code = codes[kind][isXml ? service : "json"];
  return {
    status: statusOf(kind, service),
    headers: {
      "content-type": isXml ? "text/xml" : "application/x-amz-json-1.0",
      // sandbox/aws/crash.cjs ends the worker that gets this.
      ...(kind === "crash" && { "x-sandbox-crash": "1" }),
    },
    body: Buffer.from(bodyOf(service, code)),
  };
}

function bodyOf(service: string, code: string): string {
  const message = "injected by the sandbox";
  if (!isXmlService(service)) return JSON.stringify({ __type: `sandbox#${code}`, message });
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  if (service === "s3") return error;
  return service === "elasticloadbalancing"
    ? `<ErrorResponse>${error}</ErrorResponse>`
    : `<Response><Errors>${error}</Errors></Response>`;
}

function statusOf(kind: FaultWithResponse, service: string): number {
  if (kind === "5xx" || kind === "crash") return 500;
  if (kind === "denied") return isXmlService(service) ? 403 : 400;
  return service === "ec2" || service === "s3" ? 503 : 400;
}

function isXmlService(service: string): service is XmlService {
  return xmlServices.includes(service as XmlService);
}

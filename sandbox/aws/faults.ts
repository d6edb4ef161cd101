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

/** Error codes of EC2 and SNS, which respond in XML, and of DynamoDB and SQS, which respond in JSON. */
const codes: Readonly<Record<FaultWithResponse, { ec2: string; sns: string; json: string }>> = {
  throttled: { ec2: "RequestLimitExceeded", sns: "Throttling", json: "ThrottlingException" },
  "5xx": { ec2: "InternalError", sns: "InternalFailure", json: "InternalServerError" },
  denied: {
    ec2: "UnauthorizedOperation",
    sns: "AuthorizationError",
    json: "AccessDeniedException",
  },
  crash: { ec2: "Crash", sns: "Crash", json: "Crash" },
};

/** The response of a fault, or what happens instead of a response. */
export function faultResponse(kind: FaultKind, action: string): Response {
  if (kind === "time-out") return noResponse;
  if (kind === "reset") return connectionReset;
  const service = action.slice(0, action.indexOf(":"));
  const isXml = service === "ec2" || service === "sns";
  const code = codes[kind][isXml ? service : "json"];
  const message = "injected by the sandbox";
  return {
    status: statusOf(kind, service),
    headers: {
      "content-type": isXml ? "text/xml" : "application/x-amz-json-1.0",
      // sandbox/aws/crash.cjs ends the worker that gets this.
      ...(kind === "crash" && { "x-sandbox-crash": "1" }),
    },
    body: Buffer.from(
      isXml
        ? `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors></Response>`
        : JSON.stringify({ __type: `sandbox#${code}`, message }),
    ),
  };
}

function statusOf(kind: FaultWithResponse, service: string): number {
  if (kind === "5xx" || kind === "crash") return 500;
  if (kind === "denied") return service === "ec2" || service === "sns" ? 403 : 400;
  return service === "ec2" ? 503 : 400;
}

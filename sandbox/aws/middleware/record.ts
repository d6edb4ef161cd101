import type { Fault } from "../faults.ts";
import { delayOf } from "./limit-delays.ts";
import type { ApiCall, Middleware } from "./middleware.ts";

/** One call of DynamoDB, EC2, Elastic Load Balancing, S3, SNS or SQS that went through the gateway. */
export interface RecordedCall {
  /** For example `ec2:RebootInstances`. */
  readonly action: string;
  /** When it arrived, by `performance.now()`. */
  readonly atMs: number;
  /** The instances that a call of EC2 names. */
  readonly instanceIds: readonly string[];
  /** The role of the function that called, or `root` for the sandbox itself. */
  readonly caller: string;
  /** The function that called, if one did. */
  readonly functionName?: string;
  readonly isDryRun: boolean;
  /** The requested delay of a message. */
  readonly delaySeconds?: number;
  /** 0 if a fault kept the call from the emulator. */
  readonly status: number;
  /** AWS's error code; absent if the call succeeded. */
  readonly error?: string;
  /** What the sandbox let go wrong with it. */
  readonly fault?: Fault;
}

/** Appends each call of DynamoDB, EC2, Elastic Load Balancing, S3, SNS and SQS to `calls` when its response is there. */
export function record(calls: RecordedCall[]): Middleware {
  return async (call, next) => {
    const response = await next(call);
    if (!/^(dynamodb|ec2|elasticloadbalancing|s3|sns|sqs):/.test(call.action)) return response;
    const { atMs, fault } = call;
    const { status } = response;
    const error = status === 200 || status === 0 ? undefined : errorCodeIn(`${response.body}`);
    calls.push({
      ...describe(call),
      atMs,
      status,
      ...(error && { error }),
      ...(fault && { fault }),
    });
    return response;
  };
}

function describe(call: ApiCall) {
  const { request, caller, action } = call;
  const { role, functionName } = caller;
  const form = new URLSearchParams(request.target === "" ? request.body : "");
  const delaySeconds = delayOf(call);
  return {
    action,
    instanceIds: [...form].filter(([key]) => key.startsWith("InstanceId.")).map(([, id]) => id),
    caller: (functionName && role) ?? "root",
    ...(functionName && { functionName }),
    isDryRun: isDryRun(call),
    ...(delaySeconds !== undefined && { delaySeconds }),
  };
}

/** True for RebootInstances with DryRun. */
export function isDryRun({ action, request }: Pick<ApiCall, "action" | "request">): boolean {
  const form = new URLSearchParams(request.body);
  return action === "ec2:RebootInstances" && form.get("DryRun") === "true";
}

/** The error code in a response of XML or JSON. */
function errorCodeIn(body: string): string | undefined {
  const [, xml, json] = /<Code>(\w+)<\/Code>|"__type": ?"(?:[^"]*#)?(\w+)"/.exec(body) ?? [];
  return xml ?? json;
}

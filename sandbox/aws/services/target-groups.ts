import type { Response } from "../../http.ts";
import { errorResponse } from "../error-response.ts";
import type { Middleware } from "../middleware/middleware.ts";

/** The states of a target, each with a reason that AWS gives for it; a healthy target has none. */
const reasons = {
  healthy: undefined,
  initial: "Elb.InitialHealthChecking",
  unhealthy: "Target.FailedHealthChecks",
  draining: "Target.DeregistrationInProgress",
  unused: "Target.NotInUse",
  unavailable: "Target.HealthCheckDisabled",
} as const;

export type TargetState = keyof typeof reasons;

/** An instance as a target; it can be registered once for each port. */
export interface Target {
  readonly id: string;
  readonly state: TargetState;
  /** 80 if absent. */
  readonly port?: number;
}

export interface TargetGroups {
  readonly middleware: Middleware;
  /** The registered targets by the ARN of their target group. Tests fill it. */
  readonly all: Map<string, readonly Target[]>;
}

const targetGroupArn =
  /^arn:aws[\w-]*:elasticloadbalancing:[a-z\d-]+:\d{12}:targetgroup\/[A-Za-z\d-]{1,32}\/[\da-f]{16}$/;

/**
 * DescribeTargetHealth, the only call of Elastic Load Balancing that the sandbox has: in the emulator every registered
 * target is healthy. The emulator authorizes the call, without the target group: the action has no resource-level
 * permissions, so only the resource `*` allows it.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_elasticloadbalancingv2.html
 */
export function createTargetGroups(): TargetGroups {
  const all = new Map<string, readonly Target[]>();
  return {
    all,
    async middleware(call, next) {
      const { action, request } = call;
      if (request.service !== "elasticloadbalancing") return next(call);
      const refuse = (code: string, message: string) =>
        errorResponse(request, { status: 400, code, message });
      if (action !== "elasticloadbalancing:DescribeTargetHealth") {
        return refuse("InvalidAction", `the sandbox does not have the call ${action}`);
      }
      // Parameters are case-sensitive. The length stays, which the signature covers.
      const hidden = request.body.replace("TargetGroupArn=", "targetGroupArn=");
      const response = await next({ ...call, body: Buffer.from(hidden) });
      if (!response.body.toString().includes("TargetGroupNotFound")) return response;
      const input = new URLSearchParams(request.body);
      const arn = input.get("TargetGroupArn") ?? "";
      if (!targetGroupArn.test(arn)) {
        return refuse("ValidationError", `'${arn}' is not a valid target group ARN`);
      }
      const registered = all.get(arn);
      if (!registered) {
        return refuse("TargetGroupNotFound", "One or more target groups not found");
      }
      return healthOf(registered, idsIn(input));
    },
  };
}

/** The instances that a request names; none if it is about all. */
function idsIn(input: URLSearchParams): string[] {
  return [...input].filter(([key]) => /^Targets\.member\.\d+\.Id$/.test(key)).map(([, id]) => id);
}

function healthOf(registered: readonly Target[], ids: readonly string[]): Response {
  const missing = ids.filter((id) => !registered.some((it) => it.id === id));
  const descriptions = [
    ...registered
      .filter(({ id }) => ids.length === 0 || ids.includes(id))
      .map((it) => description(it, reasons[it.state])),
    ...missing.map((id) => description({ id, state: "unused" }, "Target.NotRegistered")),
  ];
  const body =
    '<DescribeTargetHealthResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/">' +
    `<DescribeTargetHealthResult><TargetHealthDescriptions>${descriptions.join("")}</TargetHealthDescriptions>` +
    "</DescribeTargetHealthResult></DescribeTargetHealthResponse>";
  return { status: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(body) };
}

function description({ id, state, port = 80 }: Target, reason: string | undefined): string {
  return (
    `<member><Target><Id>${id}</Id><Port>${port}</Port></Target>` +
    `<HealthCheckPort>${port}</HealthCheckPort><TargetHealth><State>${state}</State>` +
    `${reason ? `<Reason>${reason}</Reason>` : ""}</TargetHealth></member>`
  );
}

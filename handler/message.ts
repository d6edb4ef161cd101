import type { HandlerOptions } from "./options.ts";
import type { Outcome } from "./outcome.ts";
import type { Request } from "./request.ts";
import { cleanText, sumoLogicLink } from "./text.ts";

/**
 * The e-mail of one outcome. The subject is fixed ASCII text and the instance's id, since SNS
 * refuses line breaks and 100 or more characters
 * (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
 */
export function composeMessage({
  outcome,
  reason,
  request,
  options,
}: {
  outcome: Outcome;
  reason: string;
  request: Request;
  options: Pick<HandlerOptions, "instanceId" | "alertRule" | "logGroupName">;
}): { Subject: string; Message: string } {
  const { instanceId, logGroupName } = options;
  const lines = [
    `What:     ${headline(outcome)}`,
    `Instance: ${instanceId}`,
    `Why:      ${reason}`,
    ...(request.kind === "alert" ? alertLines(request, options.alertRule) : []),
    `Incident: ${request.incidentId}`,
    `Log:      CloudWatch log group ${logGroupName}`,
  ];
  return { Subject: `${subject(outcome)} ${instanceId}`, Message: lines.join("\n") };
}

function subject(outcome: Outcome): string {
  if (outcome === "rebooted") return "Rebooted EC2 instance";
  if (outcome === "failed") return "NOT rebooted: the reboot failed for EC2 instance";
  return "Alert resolved for EC2 instance";
}

function headline(outcome: Outcome): string {
  if (outcome === "rebooted") return "The instance was told to reboot; that takes a few minutes.";
  if (outcome === "failed") return "The instance was NOT rebooted. Please look at it yourself.";
  return "Responses are fast again. Nothing was rebooted for this message.";
}

function alertLines(alert: Extract<Request, { kind: "alert" }>, alertRule: string): string[] {
  const link = sumoLogicLink(alert.alertUrl);
  return [
    `Rule:     ${alertRule}`,
    `Count:    ${cleanText(alert.triggerValue)}`,
    `Window:   ${utc(alert.windowStartMs)} to ${utc(alert.windowEndMs)}`,
    `Monitor:  ${cleanText(alert.monitorName)}`,
    ...(link === undefined ? [] : [`Alert:    ${link}`]),
  ];
}

function utc(ms: number): string {
  return new Date(ms).toISOString();
}

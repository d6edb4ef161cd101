import type { HandlerOptions } from "./options.ts";
import type { News } from "./outcome.ts";
import type { Request } from "./request.ts";
import { cleanText, sumoLogicLink } from "./text.ts";

/**
 * The e-mail of one outcome. The subject is fixed ASCII text and the instance's id, since SNS
 * refuses line breaks and 100 or more characters
 * (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
 */
export function composeMessage({
  news,
  reason,
  request,
  options,
}: {
  news: News;
  reason: string;
  request: Request;
  options: Pick<HandlerOptions, "instanceId" | "alertRule" | "logGroupName">;
}): { Subject: string; Message: string } {
  const { instanceId, logGroupName } = options;
  const lines = [
    `What:     ${headlines[news]}`,
    `Instance: ${instanceId}`,
    `Why:      ${reason}`,
    ...(request.kind === "alert" ? alertLines(request, options.alertRule) : []),
    `Incident: ${request.incidentId}`,
    `Log:      CloudWatch log group ${logGroupName}`,
  ];
  return { Subject: `${subjects[news]} ${instanceId}`, Message: lines.join("\n") };
}

const subjects: Readonly<Record<News, string>> = {
  rebooted: "Rebooted EC2 instance",
  failed: "NOT rebooted: the reboot failed for EC2 instance",
  resolved: "Alert resolved for EC2 instance",
  "held back": "NOT rebooted: held back for EC2 instance",
  "would reboot": "NOT rebooted, only a dry run, for EC2 instance",
};

const headlines: Readonly<Record<News, string>> = {
  rebooted: "The instance was told to reboot; that takes a few minutes.",
  failed: "The instance was NOT rebooted. Please look at it yourself.",
  resolved: "Responses are fast again. Nothing was rebooted for this message.",
  "held back": "Responses are slow, and the instance was NOT rebooted. Please look at it yourself.",
  "would reboot": "Responses are slow; EC2 was asked and would have rebooted the instance.",
};

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

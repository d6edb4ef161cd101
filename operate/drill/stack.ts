import type { ConfigMap, OutputMap } from "@pulumi/pulumi/automation/index.js";
import { groupOf, type InstanceIds } from "../open-stack.ts";

/** What the drill needs to know of a stack: its outputs, its token, and its access to Sumo Logic. */
export interface DrilledStack {
  /** One, or those of a group. */
  readonly instanceIds: InstanceIds;
  readonly functionName: string;
  readonly functionUrl: string;
  readonly logGroupName: string;
  readonly topicArn: string;
  /** Absent if the stack has no target for events. */
  readonly eventBusName?: string;
  /** The same. */
  readonly eventPipeName?: string;
  readonly logSourceUrl: string;
  readonly logCheckSearchId: string;
  readonly savedSearchId: string;
  readonly monitorId: string;
  /** The monitor of missing lines of each instance. */
  readonly silenceMonitorIds: Readonly<Record<string, string>>;
  readonly alertRule: {
    readonly apiPath: string;
    readonly slowResponseSeconds: number;
    readonly maxSlowResponses: number;
    readonly windowMinutes: number;
  };
  /** The health checks after a reboot, for which other alerts of a group wait; absent for one instance. */
  readonly checks?: { readonly checkEveryMinutes: number; readonly maxChecks: number };
  /** When no alert reboots, if the stack has quiet hours. */
  readonly quietHours?: string;
  /** The load balancer's target group, if the setting names one. */
  readonly targetGroupArn?: string;
  readonly webhookToken: string;
  /** The addresses that must have a confirmed subscription of the topic. */
  readonly notificationEmails: readonly string[];
  readonly sumoLogic: SumoLogicAccess;
}

export interface SumoLogicAccess {
  /** Ends in `/api/`. */
  readonly baseUrl: string;
  readonly accessId: string;
  readonly accessKey: string;
}

const outputNames = [
  "functionName",
  "functionUrl",
  "logGroupName",
  "topicArn",
  "logSourceUrl",
  "logCheckSearchId",
  "savedSearchId",
  "monitorId",
  "alertRule",
];

/**
 * The stack of these outputs and settings (decrypted). Throws one error that names every output and
 * setting that is missing.
 */
export function drilledStack(
  project: string,
  outputs: OutputMap,
  config: ConfigMap,
  environment: NodeJS.ProcessEnv = process.env,
): DrilledStack {
  const missing: string[] = [];
  const required = (key: string): string => {
    const value = config[key]?.value;
    if (!value) missing.push(`setting ${key}`);
    return value ?? "";
  };
  const sumoLogic = sumoLogicAccess(config, environment);
  const group = groupOf({ outputs });
  const ofInstances = group
    ? ["instanceIds", "silenceMonitorIds", "checks"]
    : ["instanceId", "silenceMonitorId"];
  for (const name of [...ofInstances, ...outputNames]) {
    if (!outputs[name]) missing.push(`output ${name}`);
  }
  const instanceId = outputs.instanceId?.value;
  const targetGroupArn = config[`${project}:targetGroupArn`]?.value;
  const stack = {
    instanceIds: group ?? [instanceId],
    silenceMonitorIds: group
      ? outputs.silenceMonitorIds?.value
      : { [instanceId]: outputs.silenceMonitorId?.value },
    ...Object.fromEntries(outputNames.map((name) => [name, outputs[name]?.value])),
    ...(group && { checks: outputs.checks?.value }),
    ...(outputs.quietHours && { quietHours: outputs.quietHours.value }),
    ...(outputs.eventBusName && { eventBusName: outputs.eventBusName.value }),
    ...(outputs.eventPipeName && { eventPipeName: outputs.eventPipeName.value }),
    ...(targetGroupArn && { targetGroupArn }),
    webhookToken: required(`${project}:webhookToken`),
    notificationEmails: required(`${project}:notificationEmail`)
      .split(",")
      .map((it) => it.trim()),
    sumoLogic,
  };
  if (!sumoLogic.accessId) missing.push("setting sumologic:accessId");
  if (!sumoLogic.accessKey) missing.push("setting sumologic:accessKey");
  if (missing.length > 0) {
    throw new Error(`the stack lacks ${missing.join(", ")}: run \`pulumi up\` with this version`);
  }
  return stack as unknown as DrilledStack;
}

/**
 * The access to Sumo Logic of a stack with these settings (decrypted), or of the environment, as the
 * provider reads it. The key and its id are empty if neither has them.
 */
export function sumoLogicAccess(
  config: ConfigMap,
  environment: NodeJS.ProcessEnv = process.env,
): SumoLogicAccess {
  const setting = (key: string, variable: string) => config[key]?.value ?? environment[variable];
  return {
    baseUrl:
      setting("sumologic:baseUrl", "SUMOLOGIC_BASE_URL") ??
      baseUrlOf(setting("sumologic:environment", "SUMOLOGIC_ENVIRONMENT") ?? "us1"),
    accessId: setting("sumologic:accessId", "SUMOLOGIC_ACCESSID") ?? "",
    accessKey: setting("sumologic:accessKey", "SUMOLOGIC_ACCESSKEY") ?? "",
  };
}

/** https://help.sumologic.com/docs/api/getting-started/ : the endpoints by deployment. */
function baseUrlOf(deployment: string): string {
  const host = deployment === "us1" ? "api.sumologic.com" : `api.${deployment}.sumologic.com`;
  return `https://${host}/api/`;
}

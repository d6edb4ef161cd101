import type { ConfigMap, OutputMap } from "@pulumi/pulumi/automation/index.js";

/** What the drill needs to know of a stack: its outputs, its token, and its access to Sumo Logic. */
export interface DrilledStack {
  readonly instanceId: string;
  readonly functionName: string;
  readonly functionUrl: string;
  readonly logGroupName: string;
  readonly topicArn: string;
  readonly logSourceUrl: string;
  readonly logCheckSearchId: string;
  readonly savedSearchId: string;
  readonly monitorId: string;
  readonly silenceMonitorId: string;
  readonly alertRule: {
    readonly apiPath: string;
    readonly slowResponseSeconds: number;
    readonly maxSlowResponses: number;
    readonly windowMinutes: number;
  };
  readonly webhookToken: string;
  /** The addresses that must have a confirmed subscription of the topic. */
  readonly notificationEmails: readonly string[];
  readonly sumoLogic: {
    /** Ends in `/api/`. */
    readonly baseUrl: string;
    readonly accessId: string;
    readonly accessKey: string;
  };
}

const outputNames = [
  "instanceId",
  "functionName",
  "functionUrl",
  "logGroupName",
  "topicArn",
  "logSourceUrl",
  "logCheckSearchId",
  "savedSearchId",
  "monitorId",
  "silenceMonitorId",
  "alertRule",
];

/**
 * The stack of these outputs and settings (decrypted). Throws one error that names every output and
 * setting that is missing. Like the provider, it reads SUMOLOGIC_… from the environment if the
 * stack has no setting.
 */
export function drilledStack(
  project: string,
  outputs: OutputMap,
  config: ConfigMap,
  environment: NodeJS.ProcessEnv = process.env,
): DrilledStack {
  const missing: string[] = [];
  const setting = (key: string, variable?: string) =>
    config[key]?.value ?? (variable && environment[variable]) ?? undefined;
  const required = (key: string, variable?: string): string => {
    const value = setting(key, variable);
    if (!value) missing.push(`setting ${key}`);
    return value ?? "";
  };
  for (const name of outputNames) if (!outputs[name]) missing.push(`output ${name}`);
  const stack = {
    ...Object.fromEntries(outputNames.map((name) => [name, outputs[name]?.value])),
    webhookToken: required(`${project}:webhookToken`),
    notificationEmails: required(`${project}:notificationEmail`)
      .split(",")
      .map((it) => it.trim()),
    sumoLogic: {
      baseUrl:
        setting("sumologic:baseUrl", "SUMOLOGIC_BASE_URL") ??
        baseUrlOf(setting("sumologic:environment", "SUMOLOGIC_ENVIRONMENT") ?? "us1"),
      accessId: required("sumologic:accessId", "SUMOLOGIC_ACCESSID"),
      accessKey: required("sumologic:accessKey", "SUMOLOGIC_ACCESSKEY"),
    },
  };
  if (missing.length > 0) {
    throw new Error(`the stack lacks ${missing.join(", ")}: run \`pulumi up\` with this version`);
  }
  return stack as unknown as DrilledStack;
}

/** https://help.sumologic.com/docs/api/getting-started/ : the endpoints by deployment. */
function baseUrlOf(deployment: string): string {
  const host = deployment === "us1" ? "api.sumologic.com" : `api.${deployment}.sumologic.com`;
  return `https://${host}/api/`;
}

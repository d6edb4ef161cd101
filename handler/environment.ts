import { createSdkClients } from "./clients.ts";
import type { HandlerOptions, Log } from "./options.ts";

/**
 * The handler's options as the deployed function has them: values from its environment variables,
 * the AWS SDK of the Lambda runtime, and the console, which Lambda's JSON format turns into one
 * log line a call. Missing variables become empty values, which `checkOptions` names.
 */
export function optionsFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): HandlerOptions {
  const log: Log = (level, record) => console[level](record);
  return {
    instanceId: environment.INSTANCE_ID ?? "",
    topicArn: environment.TOPIC_ARN ?? "",
    tokenDigests: (environment.TOKEN_SHA256 ?? "").split(","),
    monitorName: environment.MONITOR_NAME ?? "",
    alertRule: environment.ALERT_RULE ?? "",
    logGroupName: environment.LOG_GROUP ?? "",
    // Lambda itself sets this one.
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME ?? "",
    limits: {
      tableName: environment.TABLE_NAME ?? "",
      cooldownMinutes: Number(environment.COOLDOWN_MINUTES),
      maxRebootsPerDay: Number(environment.MAX_REBOOTS_PER_DAY),
    },
    checks: {
      queueUrl: environment.QUEUE_URL ?? "",
      queueArn: environment.QUEUE_ARN ?? "",
      checkEveryMinutes: Number(environment.CHECK_EVERY_MINUTES),
      maxChecks: Number(environment.MAX_CHECKS),
    },
    clients: createSdkClients(),
    log,
    writeLine: (line) => void process.stdout.write(`${line}\n`),
    now: () => Date.now(),
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

import { createSdkClients } from "./aws-clients.ts";
import type { EvidenceClients } from "./evidence-clients.ts";
import type { createGroup } from "./group/group.ts";
import type { DescribeTargets } from "./group/targets.ts";
import type { DeployedOptions, Log } from "./options.ts";
import { parseQuietHours } from "./quiet-hours.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Code that only some functions have: the package of the others does not contain it. */
export interface Additions {
  readonly createEvidenceClients?: (() => EvidenceClients) | undefined;
  readonly createGroup?: typeof createGroup | undefined;
  readonly createTargetsClient?: (() => DescribeTargets) | undefined;
}

/**
 * The options of the deployed function: values of its environment variables, the AWS SDK of the Lambda
 * runtime, and the console, whose every call is one log line in Lambda's JSON format. A missing variable
 * becomes an empty value, which `checkOptions` reports. With `createEvidenceClients` it captures evidence, and
 * with `createGroup` it has several instances, whose load balancer it asks with `createTargetsClient`.
 */
export function optionsFromEnvironment(
  environment: Environment,
  { createEvidenceClients, createGroup, createTargetsClient }: Additions = {},
): DeployedOptions {
  const log: Log = (level, record) => console[level](record);
  const quietHours = environment.QUIET_HOURS;
  return {
    instanceIds: (environment.INSTANCE_ID ?? "").split(","),
    topicArn: environment.TOPIC_ARN ?? "",
    tokenDigests: (environment.TOKEN_SHA256 ?? "").split(","),
    monitorName: environment.MONITOR_NAME ?? "",
    alertRule: environment.ALERT_RULE ?? "",
    alertSymptom: environment.ALERT_SYMPTOM ?? "",
    logGroupName: environment.LOG_GROUP ?? "",
    // Lambda sets this one.
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME ?? "",
    tableName: environment.TABLE_NAME ?? "",
    queueUrl: environment.QUEUE_URL ?? "",
    queueArn: environment.QUEUE_ARN ?? "",
    ...(createEvidenceClients && {
      evidence: {
        bucketName: environment.EVIDENCE_BUCKET ?? "",
        clients: createEvidenceClients(),
      },
    }),
    ...(createGroup && { group: createGroup(environment, createTargetsClient) }),
    limits: {
      cooldownMinutes: Number(environment.COOLDOWN_MINUTES),
      maxRebootsPerDay: Number(environment.MAX_REBOOTS_PER_DAY),
    },
    checks: {
      checkEveryMinutes: Number(environment.CHECK_EVERY_MINUTES),
      maxChecks: Number(environment.MAX_CHECKS),
    },
    ...(quietHours !== undefined && { quietHours: parseQuietHours(quietHours) }),
    clients: createSdkClients(),
    log,
    writeLine: (line) => void process.stdout.write(`${line}\n`),
    now: () => Date.now(),
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

import type { Clients } from "./aws-clients.ts";
import type { EvidenceClients } from "./evidence-clients.ts";
import type { Group } from "./group/group.ts";
import { rebootSlots } from "./incidents/table.ts";
import type { QuietHours } from "./quiet-hours.ts";
import { isRecord } from "./record.ts";
import type { InvocationContext } from "./requests/types.ts";

/** Writes one record to the log as JSON; records never hold request headers or the token. */
export type Log = (level: "info" | "warn" | "error", record: Record<string, unknown>) => void;

/** What limits the reboots of the instance; "unlimited" is not possible. */
export interface RebootLimits {
  /** Minimum minutes between two reboots. */
  readonly cooldownMinutes: number;
  /** Reboots in any 24 hours, 1 to 10. */
  readonly maxRebootsPerDay: number;
}

/** The health checks that follow a reboot. */
export interface HealthChecks {
  /** Minutes between two checks, and before the first; at most 15, which is SQS's longest delay. */
  readonly checkEveryMinutes: number;
  /** An incident that has not recovered after this many checks ends as "not recovered"; at least 2. */
  readonly maxChecks: number;
}

/**
 * The S3 bucket for the console output and a screenshot, and the calls that this takes. A wrong name is no
 * problem of the options: evidence must not prevent a reboot.
 */
export interface EvidenceOptions {
  readonly bucketName: string;
  readonly clients: EvidenceClients;
}

/** The handler's dependencies: plain values, and functions that tests replace. */
export interface HandlerOptions {
  /** The only instances that are ever rebooted: `i-` and 8 or 17 hexadecimal digits; one, or those of a group. */
  readonly instanceIds: readonly string[];
  /** The instance that the request is about. */
  readonly instanceId: string;
  /** The SNS topic to which people have subscribed. */
  readonly topicArn: string;
  /** SHA-256 of each accepted webhook token, 64 lower-case hexadecimal digits; one or two. */
  readonly tokenDigests: readonly string[];
  /** The name of the Sumo Logic monitor, for the e-mail and the history. */
  readonly monitorName: string;
  /** The alert's condition in words, for the e-mail. */
  readonly alertRule: string;
  /** What the alert counts, after the number: for example `responses of /api/data took over 3 s`. */
  readonly alertSymptom: string;
  /** The log group of the function, for the e-mail. */
  readonly logGroupName: string;
  /** The function's name, as a dimension of its metrics. */
  readonly functionName: string;
  /** The DynamoDB table of claims and incidents. */
  readonly tableName: string;
  /** The SQS queue that brings an incident back to the handler: its messages are sent here. */
  readonly queueUrl: string;
  /** Messages of other queues are refused. */
  readonly queueArn: string;
  /** How evidence is captured before a reboot; absent if none is. */
  readonly evidence?: EvidenceOptions;
  /** How instances are rebooted with their group in view; absent for one instance. */
  readonly group?: Group;
  readonly limits: RebootLimits;
  readonly checks: HealthChecks;
  /** When no alert reboots; absent without such hours. If they are unreadable, no alert reboots at all. */
  readonly quietHours?: QuietHours;
  readonly clients: Clients;
  readonly log: Log;
  /** Writes a line to the standard output unchanged, which the console of Lambda does not. */
  readonly writeLine: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** What one invocation works with. */
export interface Dependencies {
  readonly options: HandlerOptions;
  readonly context: InvocationContext;
}

/** The options of a deployed function, before there is a request. */
export type DeployedOptions = Omit<HandlerOptions, "instanceId">;

/**
 * The options for a request about this instance. A function of one instance has no other: an earlier one
 * may have been replaced. In a group, a request that names no instance is about none.
 */
export function optionsFor(
  options: DeployedOptions,
  instanceId: string | undefined,
): HandlerOptions {
  const [only = ""] = options.instanceIds;
  return { ...options, instanceId: options.group ? (instanceId ?? "unknown") : only };
}

/**
 * Throws one error that names every option with an invalid value. The values come from environment
 * variables that infra/reboot-function.ts sets.
 */
export function checkOptions(options: DeployedOptions): void {
  const problems: string[] = [];
  const check = (name: keyof DeployedOptions, isRight: boolean, expected: string) => {
    if (!isRight)
      problems.push(`${name}: got ${JSON.stringify(options[name])}; expected ${expected}`);
  };
  const isOne = !options.group;
  check(
    "instanceIds",
    options.instanceIds.every((it) => /^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(it)) &&
      isOne === (options.instanceIds.length === 1),
    isOne
      ? "i- and 8 or 17 hexadecimal digits (variable INSTANCE_ID)"
      : "several instances of a group (variable INSTANCE_ID, separated by commas)",
  );
  check(
    "topicArn",
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/.test(options.topicArn),
    "the ARN of an SNS topic (variable TOPIC_ARN)",
  );
  check(
    "tokenDigests",
    Array.isArray(options.tokenDigests) &&
      options.tokenDigests.length >= 1 &&
      options.tokenDigests.length <= 2 &&
      options.tokenDigests.every((digest) => /^[0-9a-f]{64}$/.test(digest)),
    "one or two SHA-256 digests of 64 hexadecimal digits (variable TOKEN_SHA256, separated by commas)",
  );
  check("monitorName", isString(options.monitorName), "a string (variable MONITOR_NAME)");
  check("alertRule", isString(options.alertRule), "a string (variable ALERT_RULE)");
  check("alertSymptom", isString(options.alertSymptom), "a string (variable ALERT_SYMPTOM)");
  check("logGroupName", isString(options.logGroupName), "a string (variable LOG_GROUP)");
  check(
    "functionName",
    isString(options.functionName),
    "a string (variable AWS_LAMBDA_FUNCTION_NAME)",
  );
  check("tableName", isString(options.tableName), "a string (variable TABLE_NAME)");
  check("queueUrl", URL.canParse(options.queueUrl), "the URL of an SQS queue (variable QUEUE_URL)");
  check(
    "queueArn",
    /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/.test(options.queueArn),
    "the ARN of an SQS queue (variable QUEUE_ARN)",
  );
  const { cooldownMinutes, maxRebootsPerDay } = options.limits;
  check(
    "limits",
    isWhole(cooldownMinutes, 1, 10_080) && isWhole(maxRebootsPerDay, 1, rebootSlots),
    `1 to 10080 minutes (COOLDOWN_MINUTES) and 1 to ${rebootSlots} reboots (MAX_REBOOTS_PER_DAY)`,
  );
  const { checkEveryMinutes, maxChecks } = options.checks;
  check(
    "checks",
    isWhole(checkEveryMinutes, 1, 15) && isWhole(maxChecks, 2, 200),
    "1 to 15 minutes (CHECK_EVERY_MINUTES) and 2 to 200 checks (MAX_CHECKS)",
  );
  problems.push(...(options.group?.problems ?? []));
  check("clients", isRecord(options.clients), "the AWS calls");
  for (const name of ["log", "writeLine", "now", "wait"] as const) {
    check(name, typeof options[name] === "function", "a function");
  }
  if (problems.length > 0) {
    throw new Error(`The handler's options are wrong:\n- ${problems.join("\n- ")}`);
  }
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function isString(value: unknown): boolean {
  return typeof value === "string" && value.length > 0;
}

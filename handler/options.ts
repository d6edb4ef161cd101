import { slots } from "./claim/types.ts";
import type { Clients } from "./clients.ts";
import { isRecord } from "./record.ts";

/** Writes one record to the log as JSON; records never hold request headers or the token. */
export type Log = (level: "info" | "warn" | "error", record: Record<string, unknown>) => void;

/** What bounds the reboots of the instance; there is no way to say "unlimited". */
export interface ClaimLimits {
  /** The DynamoDB table of claims and incidents. */
  readonly tableName: string;
  /** At least so long after a reboot no other is made. */
  readonly cooldownMinutes: number;
  /** Reboots in any 24 hours, 1 to 10. */
  readonly maxRebootsPerDay: number;
}

/** How a reboot is followed up. */
export interface CheckOptions {
  /** The SQS queue that brings an incident back to the handler. */
  readonly queueUrl: string;
  /** Messages are taken from this queue alone. */
  readonly queueArn: string;
  /** Between two checks, and before the first; 15 at the most, which is SQS's longest delay. */
  readonly checkEveryMinutes: number;
  /** After so many checks an incident that has not recovered is given up; at least 2. */
  readonly maxChecks: number;
}

/** Everything the handler needs from outside: plain values, and functions that tests replace. */
export interface HandlerOptions {
  /** The only instance that is ever rebooted: `i-` and 8 or 17 hexadecimal digits. */
  readonly instanceId: string;
  /** The SNS topic that people have subscribed to. */
  readonly topicArn: string;
  /** SHA-256 of each accepted webhook token, 64 lower-case hexadecimal digits; one or two. */
  readonly tokenDigests: readonly string[];
  /** The name of the Sumo Logic monitor, for the e-mail and the history. */
  readonly monitorName: string;
  /** The alert's condition in words, for the e-mail. */
  readonly alertRule: string;
  /** Where the log lines are found, for the e-mail. */
  readonly logGroupName: string;
  /** The function's own name, as a dimension of its metrics. */
  readonly functionName: string;
  readonly limits: ClaimLimits;
  readonly checks: CheckOptions;
  readonly clients: Clients;
  readonly log: Log;
  /** Writes a line to the standard output as it is, which the console of Lambda does not. */
  readonly writeLine: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/**
 * Throws one error that names every option with a wrong value. The values come from environment
 * variables that infra/reboot-function.ts sets.
 */
export function checkOptions(options: HandlerOptions): void {
  const problems: string[] = [];
  const check = (name: keyof HandlerOptions, isRight: boolean, expected: string) => {
    if (!isRight)
      problems.push(`${name}: got ${JSON.stringify(options[name])}; expected ${expected}`);
  };
  check(
    "instanceId",
    /^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(options.instanceId),
    "i- and 8 or 17 hexadecimal digits (variable INSTANCE_ID)",
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
    "one or two SHA-256 digests of 64 hexadecimal digits (variable TOKEN_SHA256, by comma)",
  );
  check("monitorName", isText(options.monitorName), "text (variable MONITOR_NAME)");
  check("alertRule", isText(options.alertRule), "text (variable ALERT_RULE)");
  check("logGroupName", isText(options.logGroupName), "text (variable LOG_GROUP)");
  check("functionName", isText(options.functionName), "text (variable AWS_LAMBDA_FUNCTION_NAME)");
  const { tableName, cooldownMinutes, maxRebootsPerDay } = options.limits;
  check(
    "limits",
    isText(tableName) && isWhole(cooldownMinutes, 1, 10_080) && isWhole(maxRebootsPerDay, 1, slots),
    `a table (TABLE_NAME), 1 to 10080 minutes (COOLDOWN_MINUTES) and 1 to ${slots} reboots (MAX_REBOOTS_PER_DAY)`,
  );
  const { queueUrl, queueArn, checkEveryMinutes, maxChecks } = options.checks;
  check(
    "checks",
    URL.canParse(queueUrl) &&
      /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/.test(queueArn) &&
      isWhole(checkEveryMinutes, 1, 15) &&
      isWhole(maxChecks, 2, 200),
    "an SQS queue (QUEUE_URL, QUEUE_ARN), 1 to 15 minutes (CHECK_EVERY_MINUTES) and 2 to 200 checks (MAX_CHECKS)",
  );
  check("clients", isRecord(options.clients), "the calls of AWS");
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

function isText(value: unknown): boolean {
  return typeof value === "string" && value.length > 0;
}

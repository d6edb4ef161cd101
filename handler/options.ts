import type { Clients } from "./clients.ts";

/** Writes one record to the log as JSON; records never hold request headers or the token. */
export type Log = (level: "info" | "warn" | "error", record: Record<string, unknown>) => void;

/** Everything the handler needs from outside: plain values, and functions that tests replace. */
export interface HandlerOptions {
  /** The only instance that is ever rebooted: `i-` and 8 or 17 hexadecimal digits. */
  readonly instanceId: string;
  /** The SNS topic that people have subscribed to. */
  readonly topicArn: string;
  /** SHA-256 of each accepted webhook token, 64 lower-case hexadecimal digits; one or two. */
  readonly tokenDigests: readonly string[];
  /** The alert's condition in words, for the e-mail. */
  readonly alertRule: string;
  /** Where the log lines are found, for the e-mail. */
  readonly logGroupName: string;
  readonly createClients: () => Promise<Clients>;
  readonly log: Log;
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
  check("alertRule", isText(options.alertRule), "text (variable ALERT_RULE)");
  check("logGroupName", isText(options.logGroupName), "text (variable LOG_GROUP)");
  check("createClients", typeof options.createClients === "function", "a function");
  check("log", typeof options.log === "function", "a function");
  if (problems.length > 0) {
    throw new Error(`The handler's options are wrong:\n- ${problems.join("\n- ")}`);
  }
}

/** Makes the clients once, at first use; a failure is not kept, so the next call tries again. */
export function keepClients(createClients: () => Promise<Clients>): () => Promise<Clients> {
  let kept: Promise<Clients> | undefined;
  return () => {
    kept ??= createClients().catch((error) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.length > 0;
}

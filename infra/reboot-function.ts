import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { optionsFromEnvironment } from "../handler/environment.ts";
import { createHandler } from "../handler/index.ts";
import { createCheckQueue } from "./check-queue.ts";
import { openUrl } from "./function-url.ts";
import { rebootGrants } from "./reboot-grants.ts";
import { ScopedRole } from "./scoped-role.ts";
import type { RebootTarget } from "./web-server/web-server.ts";

export interface RebootFunctionArgs {
  /** The function's physical name, for `aws lambda invoke`. */
  readonly functionName: string;
  readonly target: RebootTarget;
  readonly topicArn: pulumi.Input<string>;
  /** One token, or two during a rotation. The function gets only their SHA-256. */
  readonly webhookTokens: readonly pulumi.Output<string>[];
  /** The name of the monitor that calls the function, for the e-mail and the history. */
  readonly monitorName: string;
  /** The alert's condition in words, for the e-mail. */
  readonly alertRule: string;
  readonly logRetentionDays: number;
  /** At least so long after a reboot no other is made. */
  readonly cooldownMinutes: number;
  readonly maxRebootsPerDay: number;
  /** Between two looks at what became of a reboot. */
  readonly checkEveryMinutes: number;
  /** After so many looks without recovery people are told that it did not help. */
  readonly maxChecks: number;
  /** Invocations that are reserved for the function, and also the most that it can use; none if absent. */
  readonly reservedConcurrency?: number;
  /** ARN of the policy that bounds what the function's role can ever be given. */
  readonly permissionsBoundary?: string;
}

/** The Lambda function that reboots the one instance, with all that it needs to do so safely. */
export class RebootFunction extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;
  public readonly functionUrl: pulumi.Output<string>;
  public readonly logGroupName: pulumi.Output<string>;
  /** The table of claims, incidents and the kill switch. */
  public readonly tableName: pulumi.Output<string>;
  public readonly checksName: pulumi.Output<string>;
  public readonly checksUrl: pulumi.Output<string>;
  /** Where messages and asynchronous calls end that the function could not handle. */
  public readonly deadLettersName: pulumi.Output<string>;
  public readonly deadLettersUrl: pulumi.Output<string>;

  constructor(name: string, args: RebootFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:RebootFunction", name, {}, opts);
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-log`,
      { name: `/aws/lambda/${args.functionName}`, retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    const table = createTable(name, this);
    const { queue, deadLetters } = createCheckQueue(
      name,
      { functionTimeoutSeconds: timeoutSeconds },
      this,
    );
    const grants = rebootGrants({
      instance: args.target.instanceArn,
      topic: args.topicArn,
      logGroup: logGroup.arn,
      table: table.arn,
      checkQueue: queue.arn,
      deadLetters: deadLetters.arn,
    });
    const role = new ScopedRole(
      `${name}-role`,
      {
        service: "lambda.amazonaws.com",
        grants,
        permissionsBoundary: args.permissionsBoundary,
      },
      { parent: this },
    );
    const lambda = createFunction(name, args, { role, logGroup, table, queue, parent: this });
    takeChecks(name, { lambda, queue, role, parent: this });
    neverRetry(name, { lambda, deadLetters, role, parent: this });
    this.functionUrl = openUrl(name, lambda, this);
    this.functionName = lambda.name;
    this.logGroupName = logGroup.name;
    this.tableName = table.name;
    this.checksName = queue.name;
    this.checksUrl = queue.url;
    this.deadLettersName = deadLetters.name;
    this.deadLettersUrl = deadLetters.url;
    this.registerOutputs({
      functionName: this.functionName,
      functionUrl: this.functionUrl,
      logGroupName: this.logGroupName,
      tableName: this.tableName,
      checksName: this.checksName,
      checksUrl: this.checksUrl,
      deadLettersName: this.deadLettersName,
      deadLettersUrl: this.deadLettersUrl,
    });
  }
}

/**
 * The calls of one invocation have limits of their own, 20 s in all; the rest is room for a slow
 * start in a storm of alerts.
 */
const timeoutSeconds = 60;

/** The least that Lambda takes. */
const oldestCallSeconds = 60;

/** One item for the instance, and one for each incident, which DynamoDB forgets after 90 days. */
function createTable(name: string, parent: pulumi.Resource) {
  return new aws.dynamodb.Table(
    `${name}-table`,
    {
      attributes: [{ name: "id", type: "S" }],
      hashKey: "id",
      billingMode: "PAY_PER_REQUEST",
      ttl: { attributeName: "expiresAt", enabled: true },
    },
    { parent },
  );
}

function createFunction(
  name: string,
  args: RebootFunctionArgs,
  {
    role,
    logGroup,
    table,
    queue,
    parent,
  }: {
    role: ScopedRole;
    logGroup: aws.cloudwatch.LogGroup;
    table: aws.dynamodb.Table;
    queue: aws.sqs.Queue;
    parent: pulumi.Resource;
  },
) {
  return new aws.lambda.CallbackFunction(
    name,
    {
      name: args.functionName,
      // The factory captures nothing but code, so every stack deploys the same package.
      callbackFactory: () => createHandler(optionsFromEnvironment(process.env)),
      role: role.arn,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      // More memory is more CPU: with the least, loading the SDK alone takes seconds.
      memorySize: 512,
      timeout: timeoutSeconds,
      reservedConcurrentExecutions: args.reservedConcurrency,
      loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
      environment: {
        variables: {
          INSTANCE_ID: args.target.instanceId,
          TOPIC_ARN: args.topicArn,
          TOKEN_SHA256: digestsOf(args.webhookTokens),
          MONITOR_NAME: args.monitorName,
          ALERT_RULE: args.alertRule,
          LOG_GROUP: logGroup.name,
          TABLE_NAME: table.name,
          COOLDOWN_MINUTES: String(args.cooldownMinutes),
          MAX_REBOOTS_PER_DAY: String(args.maxRebootsPerDay),
          QUEUE_URL: queue.url,
          QUEUE_ARN: queue.arn,
          CHECK_EVERY_MINUTES: String(args.checkEveryMinutes),
          MAX_CHECKS: String(args.maxChecks),
        },
      },
    },
    { parent, dependsOn: [role] },
  );
}

/**
 * The tokens' SHA-256, by comma. Not a secret: a token has 256 random bits, so its digest tells
 * nothing; and a secret variable would hide each change of the function from previews.
 */
function digestsOf(tokens: readonly pulumi.Output<string>[]): pulumi.Output<string> {
  return pulumi.unsecret(
    pulumi
      .all([...tokens])
      .apply((plain) =>
        plain.map((token) => createHash("sha256").update(token).digest("hex")).join(","),
      ),
  );
}

interface Wiring {
  readonly lambda: aws.lambda.Function;
  readonly role: ScopedRole;
  readonly parent: pulumi.Resource;
}

/** One message an invocation, so that one which fails takes no other along. */
function takeChecks(
  name: string,
  { lambda, queue, role, parent }: Wiring & { readonly queue: aws.sqs.Queue },
) {
  new aws.lambda.EventSourceMapping(
    `${name}-take-checks`,
    {
      functionName: lambda.name,
      eventSourceArn: queue.arn,
      batchSize: 1,
      functionResponseTypes: ["ReportBatchItemFailures"],
    },
    { parent, dependsOn: [role] },
  );
}

/**
 * Lambda repeats a failed asynchronous call twice, and makes one that it throttles up to six hours
 * later; a reboot must neither be repeated nor come late unasked. Such a call is kept with the dead
 * letters.
 */
function neverRetry(
  name: string,
  { lambda, deadLetters, role, parent }: Wiring & { readonly deadLetters: aws.sqs.Queue },
) {
  new aws.lambda.FunctionEventInvokeConfig(
    `${name}-no-retry`,
    {
      functionName: lambda.name,
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: oldestCallSeconds,
      destinationConfig: { onFailure: { destination: deadLetters.arn } },
    },
    { parent, dependsOn: [role] },
  );
}

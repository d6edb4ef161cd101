import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { optionsFromEnvironment } from "../handler/environment.ts";
import { createEvidenceClients } from "../handler/evidence-clients.ts";
import { createGroup } from "../handler/group/group.ts";
import { createTargetsClient } from "../handler/group/targets-client.ts";
import { createHandler } from "../handler/index.ts";
import type { HealthChecks, RebootLimits } from "../handler/options.ts";
import { functionTimeoutSeconds } from "../handler/time-limits.ts";
import { type CheckQueue, createCheckQueue } from "./check-queue.ts";
import type { EvidenceBucket } from "./evidence-bucket.ts";
import { createPublicUrl } from "./function-url.ts";
import type { GroupSettings } from "./group-settings.ts";
import { rebootGrants } from "./reboot-grants.ts";
import { ScopedRole } from "./scoped-role.ts";
import type { Targets } from "./targets/targets.ts";
import type { RebootTarget } from "./web-server/web-server.ts";

export interface RebootFunctionArgs {
  /** The function's physical name, for `aws lambda invoke`. */
  readonly functionName: string;
  readonly target: RebootTarget;
  readonly topicArn: pulumi.Input<string>;
  /** Where evidence is stored before a reboot; none is captured if absent. */
  readonly evidence?: EvidenceBucket;
  /** One token, or two during a rotation. The function gets only their SHA-256. */
  readonly webhookTokens: readonly pulumi.Output<string>[];
  /** The name of the monitor that calls the function, for e-mails and the history. */
  readonly monitorName: string;
  /** The alert's condition in words, for e-mails. */
  readonly alertRule: string;
  /** What the alert counts, after the number: for example `responses of /api/data took over 3 s`. */
  readonly alertSymptom: string;
  readonly logRetentionDays: number;
  readonly limits: RebootLimits;
  readonly checks: HealthChecks;
  /** What limits the reboots of a group; absent if the target is one instance. */
  readonly group?: GroupSettings;
  /** Where events go. The table has a stream only if there is a target. */
  readonly targets?: Targets;
  /** When no alert reboots, as handler/quiet-hours.ts reads it. */
  readonly quietHours?: string;
  /** Concurrent invocations that are reserved for the function, which are also its maximum. None if absent. */
  readonly reservedConcurrency?: number;
  /** ARN of the policy that limits what the function's role can ever be granted. */
  readonly permissionsBoundary?: string;
}

/** The Lambda function that reboots the instance, or those of a group, with its role, table, queues, log group and URL. */
export class RebootFunction extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;
  public readonly functionUrl: pulumi.Output<string>;
  public readonly logGroupName: pulumi.Output<string>;
  /** The table of reboot claims, incidents and the kill switch. */
  public readonly tableName: pulumi.Output<string>;
  /** The same table. */
  public readonly table: aws.dynamodb.Table;
  /** Delivers follow-up checks to the function. */
  public readonly checkQueue: aws.sqs.Queue;
  /** Keeps the messages and asynchronous invocations that the function could not handle. */
  public readonly deadLetterQueue: aws.sqs.Queue;

  constructor(name: string, args: RebootFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:RebootFunction", name, {}, opts);
    const logGroup = createLogGroup(name, args, this);
    const table = createTable(name, args, this);
    const queues = createCheckQueue(name, { functionTimeoutSeconds }, this);
    const resources = { logGroup, table, ...queues, parent: this };
    const role = createRole(name, args, resources);
    const lambda = createFunction(name, args, { ...resources, role });
    consumeChecks(name, { ...resources, role, lambda });
    disableRetries(name, { ...resources, role, lambda });
    this.functionName = lambda.name;
    this.functionUrl = createPublicUrl(name, lambda, this);
    this.logGroupName = logGroup.name;
    this.tableName = table.name;
    this.table = table;
    this.checkQueue = queues.queue;
    this.deadLetterQueue = queues.deadLetterQueue;
    this.registerOutputs({
      functionName: this.functionName,
      functionUrl: this.functionUrl,
      logGroupName: this.logGroupName,
      tableName: this.tableName,
    });
  }
}

/** How long Lambda may keep an asynchronous invocation before it runs. 60 s is Lambda's minimum. */
const maxEventAgeSeconds = 60;

/** The resources that the function uses, and the component that they belong to. */
interface Resources extends CheckQueue {
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly table: aws.dynamodb.Table;
  readonly parent: pulumi.Resource;
}

interface ResourcesAndRole extends Resources {
  readonly role: ScopedRole;
}

interface ResourcesAndFunction extends ResourcesAndRole {
  readonly lambda: aws.lambda.Function;
}

function createLogGroup(name: string, args: RebootFunctionArgs, parent: pulumi.Resource) {
  return new aws.cloudwatch.LogGroup(
    `${name}-log`,
    { name: `/aws/lambda/${args.functionName}`, retentionInDays: args.logRetentionDays },
    { parent },
  );
}

/** One item per instance, one for the group, and one per incident, which DynamoDB deletes after 90 days. */
function createTable(name: string, { targets }: RebootFunctionArgs, parent: pulumi.Resource) {
  return new aws.dynamodb.Table(
    `${name}-table`,
    {
      attributes: [{ name: "id", type: "S" }],
      hashKey: "id",
      billingMode: "PAY_PER_REQUEST",
      ttl: { attributeName: "expiresAt", enabled: true },
      ...(targets && { streamEnabled: true, streamViewType: "NEW_IMAGE" }),
    },
    { parent },
  );
}

function createRole(
  name: string,
  { target, topicArn, evidence, group, permissionsBoundary }: RebootFunctionArgs,
  { logGroup, table, queue, deadLetterQueue, parent }: Resources,
) {
  const grants = rebootGrants({
    instances: target.instanceArns,
    topic: topicArn,
    logGroup: logGroup.arn,
    table: table.arn,
    checkQueue: queue.arn,
    deadLetterQueue: deadLetterQueue.arn,
    evidenceBucket: evidence?.bucketArn,
    targetGroup: group?.targetGroup !== undefined,
  });
  return new ScopedRole(
    `${name}-role`,
    { service: "lambda.amazonaws.com", grants, permissionsBoundary },
    { parent },
  );
}

function createFunction(
  name: string,
  args: RebootFunctionArgs,
  { role, logGroup, table, queue, parent }: ResourcesAndRole,
) {
  const additions = {
    createEvidenceClients: args.evidence && createEvidenceClients,
    createGroup: args.group && createGroup,
    createTargetsClient: args.group?.targetGroup && createTargetsClient,
  };
  return new aws.lambda.CallbackFunction(
    name,
    {
      name: args.functionName,
      // The factory captures only code, so every stack with the same options deploys the same package.
      callbackFactory: () => createHandler(optionsFromEnvironment(process.env, additions)),
      role: role.arn,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      // CPU grows with memory: with the minimum, loading the SDK alone takes seconds.
      memorySize: 512,
      timeout: functionTimeoutSeconds,
      reservedConcurrentExecutions: args.reservedConcurrency,
      loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
      environment: {
        variables: {
          INSTANCE_ID: pulumi.all([...args.target.instanceIds]).apply((ids) => ids.join(",")),
          TOPIC_ARN: args.topicArn,
          TOKEN_SHA256: digestsOf(args.webhookTokens),
          MONITOR_NAME: args.monitorName,
          ALERT_RULE: args.alertRule,
          ALERT_SYMPTOM: args.alertSymptom,
          LOG_GROUP: logGroup.name,
          TABLE_NAME: table.name,
          ...(args.evidence && { EVIDENCE_BUCKET: args.evidence.bucketName }),
          COOLDOWN_MINUTES: String(args.limits.cooldownMinutes),
          MAX_REBOOTS_PER_DAY: String(args.limits.maxRebootsPerDay),
          QUEUE_URL: queue.url,
          QUEUE_ARN: queue.arn,
          CHECK_EVERY_MINUTES: String(args.checks.checkEveryMinutes),
          MAX_CHECKS: String(args.checks.maxChecks),
          ...(args.quietHours !== undefined && { QUIET_HOURS: args.quietHours }),
          ...(args.group && variablesOf(args.group)),
        },
      },
    },
    { parent, dependsOn: [role] },
  );
}

/** What the function must know to decide with the group in view. */
function variablesOf({ targetGroup, ...group }: GroupSettings): Record<string, string> {
  return {
    WINDOW_MINUTES: String(group.windowMinutes),
    MAX_AFFECTED_PERCENT: String(group.maxAffectedPercent),
    MAX_REBOOTING_AT_ONCE: String(group.maxRebootingAtOnce),
    MAX_REBOOTS_PER_DAY_IN_GROUP: String(group.maxRebootsPerDayInGroup),
    ...(targetGroup && {
      TARGET_GROUP_ARN: targetGroup.arn,
      MIN_HEALTHY_PERCENT: String(targetGroup.minHealthyPercent),
    }),
  };
}

/**
 * The tokens' SHA-256, separated by commas. They are not secret: a token has 256 random bits, so its digest
 * reveals nothing. A secret variable would hide every change of the function in previews.
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

/** One message per invocation, so that a failed one does not affect others. */
function consumeChecks(name: string, { lambda, queue, role, parent }: ResourcesAndFunction) {
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
 * Lambda retries a failed asynchronous invocation twice, and runs a throttled one up to six hours later. A
 * reboot must be neither repeated nor late, so a failed invocation goes to the dead-letter queue.
 */
function disableRetries(
  name: string,
  { lambda, deadLetterQueue, role, parent }: ResourcesAndFunction,
) {
  new aws.lambda.FunctionEventInvokeConfig(
    `${name}-no-retry`,
    {
      functionName: lambda.name,
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: maxEventAgeSeconds,
      destinationConfig: { onFailure: { destination: deadLetterQueue.arn } },
    },
    { parent, dependsOn: [role] },
  );
}

import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { optionsFromEnvironment } from "../handler/environment.ts";
import { createHandler } from "../handler/index.ts";
import type { Grant } from "./grants.ts";
import { ScopedRole } from "./scoped-role.ts";
import type { RebootTarget } from "./web-server/web-server.ts";

export interface RebootFunctionArgs {
  /** The function's physical name, for `aws lambda invoke`. */
  readonly functionName: string;
  readonly target: RebootTarget;
  readonly topicArn: pulumi.Input<string>;
  /** One token, or two during a rotation. The function gets only their SHA-256. */
  readonly webhookTokens: readonly pulumi.Output<string>[];
  /** The alert's condition in words, for the e-mail. */
  readonly alertRule: string;
  readonly logRetentionDays: number;
  /** At least so long after a reboot no other is made. */
  readonly cooldownMinutes: number;
  readonly maxRebootsPerDay: number;
}

/** The Lambda function that reboots the one instance: log group, role, code and public URL. */
export class RebootFunction extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;
  public readonly functionUrl: pulumi.Output<string>;
  public readonly logGroupName: pulumi.Output<string>;
  /** The table of claims, incidents and the kill switch. */
  public readonly tableName: pulumi.Output<string>;

  constructor(name: string, args: RebootFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:RebootFunction", name, {}, opts);
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-log`,
      { name: `/aws/lambda/${args.functionName}`, retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    const table = createTable(name, this);
    const grants = grantsOf(args, { logGroupArn: logGroup.arn, tableArn: table.arn });
    const role = new ScopedRole(
      `${name}-role`,
      { service: "lambda.amazonaws.com", grants },
      { parent: this },
    );
    const lambda = createFunction(name, args, { role, logGroup, table, parent: this });
    neverRetry(name, lambda, this);
    this.functionUrl = openUrl(name, lambda, this);
    this.functionName = lambda.name;
    this.logGroupName = logGroup.name;
    this.tableName = table.name;
    this.registerOutputs({
      functionName: this.functionName,
      functionUrl: this.functionUrl,
      logGroupName: this.logGroupName,
      tableName: this.tableName,
    });
  }
}

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

/** All that the function may do: one line for each AWS call of handler/, and its own log. */
function grantsOf(
  args: RebootFunctionArgs,
  { logGroupArn, tableArn }: Record<"logGroupArn" | "tableArn", pulumi.Output<string>>,
): Grant[] {
  return [
    {
      sid: "ClaimReboots",
      actions: ["dynamodb:PutItem", "dynamodb:UpdateItem"],
      resources: [tableArn],
    },
    {
      sid: "LookAtInstances",
      actions: ["ec2:DescribeInstanceStatus"],
      // EC2 has no resource for it:
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
      resources: ["*"],
    },
    {
      sid: "RebootTheInstance",
      actions: ["ec2:RebootInstances"],
      resources: [args.target.instanceArn],
    },
    { sid: "TellPeople", actions: ["sns:Publish"], resources: [pulumi.output(args.topicArn)] },
    {
      sid: "WriteOwnLog",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`${logGroupArn}:*`],
    },
  ];
}

function createFunction(
  name: string,
  args: RebootFunctionArgs,
  {
    role,
    logGroup,
    table,
    parent,
  }: {
    role: ScopedRole;
    logGroup: aws.cloudwatch.LogGroup;
    table: aws.dynamodb.Table;
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
      memorySize: 256,
      // Claim, look, reboot and message have limits of their own, 19 s in all; the rest is
      // room for a slow start in a storm of alerts.
      timeout: 60,
      loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
      environment: {
        variables: {
          INSTANCE_ID: args.target.instanceId,
          TOPIC_ARN: args.topicArn,
          TOKEN_SHA256: digestsOf(args.webhookTokens),
          ALERT_RULE: args.alertRule,
          LOG_GROUP: logGroup.name,
          TABLE_NAME: table.name,
          COOLDOWN_MINUTES: String(args.cooldownMinutes),
          MAX_REBOOTS_PER_DAY: String(args.maxRebootsPerDay),
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

/** Lambda repeats a failed asynchronous call twice; a reboot must never be repeated unasked. */
function neverRetry(name: string, lambda: aws.lambda.Function, parent: pulumi.Resource) {
  new aws.lambda.FunctionEventInvokeConfig(
    `${name}-no-retry`,
    { functionName: lambda.name, maximumRetryAttempts: 0 },
    { parent },
  );
}

/**
 * Opens the function to HTTPS without AWS credentials, which Sumo Logic does not have: the handler
 * checks the token instead. URLs made since October 2025 need both permissions:
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
function openUrl(name: string, lambda: aws.lambda.Function, parent: pulumi.Resource) {
  const functionUrl = new aws.lambda.FunctionUrl(
    `${name}-url`,
    { functionName: lambda.name, authorizationType: "NONE" },
    { parent },
  );
  new aws.lambda.Permission(
    `${name}-url-permission`,
    {
      function: lambda.name,
      action: "lambda:InvokeFunctionUrl",
      principal: "*",
      functionUrlAuthType: "NONE",
    },
    { parent },
  );
  new aws.lambda.Permission(
    `${name}-url-invoke-permission`,
    {
      function: lambda.name,
      action: "lambda:InvokeFunction",
      principal: "*",
      invokedViaFunctionUrl: true,
    },
    { parent },
  );
  return functionUrl.functionUrl;
}

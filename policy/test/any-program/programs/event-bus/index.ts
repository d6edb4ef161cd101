import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const account = aws.getCallerIdentityOutput().accountId;

const bus = new aws.cloudwatch.EventBus("shop-events", { name: "shop-events" });

new aws.cloudwatch.EventBusPolicy("partner-may-put", {
  eventBusName: bus.name,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Partner",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::999988887777:root" },
        Action: "events:PutEvents",
        Resource: bus.arn,
      },
    ],
  }),
});

new aws.cloudwatch.EventArchive("shop-archive", {
  eventSourceArn: bus.arn,
  retentionDays: 30,
});

const orderPlaced = new aws.cloudwatch.EventRule("order-placed", {
  eventBusName: bus.name,
  eventPattern: JSON.stringify({ source: ["shop.orders"], "detail-type": ["OrderPlaced"] }),
});

// To a queue: EventBridge uses the queue's policy.
const billing = new aws.sqs.Queue("billing");
new aws.sqs.QueuePolicy("billing-policy", {
  queueUrl: billing.url,
  policy: pulumi.all([billing.arn, orderPlaced.arn]).apply(([queueArn, ruleArn]) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queueArn,
          Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
        },
      ],
    }),
  ),
});
new aws.cloudwatch.EventTarget("order-placed-billing", {
  eventBusName: bus.name,
  rule: orderPlaced.name,
  arn: billing.arn,
});

// To a function.
const topic = new aws.sns.Topic("order-notices");
const notifyRole = new aws.iam.Role("notify-role", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
});
const notifyLogs = new aws.cloudwatch.LogGroup("notify-logs", {
  name: "/aws/lambda/notify-order",
  retentionInDays: 14,
});
new aws.iam.RolePolicy("notify-policy", {
  role: notifyRole.name,
  policy: {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "sns:Publish", Resource: topic.arn },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${notifyLogs.arn}:*`,
      },
    ],
  },
});
const notify = new aws.lambda.Function(
  "notify",
  {
    name: "notify-order",
    runtime: "nodejs22.x",
    handler: "index.handler",
    role: notifyRole.arn,
    code: new pulumi.asset.FileArchive("notify"),
    environment: { variables: { TOPIC_ARN: topic.arn } },
  },
  { dependsOn: [notifyLogs] },
);
new aws.cloudwatch.EventTarget("order-placed-notify", {
  eventBusName: bus.name,
  rule: orderPlaced.name,
  arn: notify.arn,
});
new aws.lambda.Permission("notify-permission", {
  action: "lambda:InvokeFunction",
  function: notify.name,
  principal: "events.amazonaws.com",
  sourceArn: orderPlaced.arn,
});

// A schedule, whose role may be used for this schedule alone.
const schedulerRole = new aws.iam.Role("report-schedule-role", {
  assumeRolePolicy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  }),
});
new aws.iam.RolePolicy("report-schedule-policy", {
  role: schedulerRole.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: notify.arn }],
  }),
});
new aws.scheduler.Schedule("daily-report", {
  scheduleExpression: "rate(1 day)",
  flexibleTimeWindow: { mode: "OFF" },
  target: { arn: notify.arn, roleArn: schedulerRole.arn },
});

// From the queue to the bus.
const pipeRole = new aws.iam.Role("replay-pipe-role", {
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "pipes.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
    ],
  }),
});
new aws.iam.RolePolicy("replay-pipe-policy", {
  role: pipeRole.id,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        Resource: billing.arn,
      },
      { Effect: "Allow", Action: "events:PutEvents", Resource: bus.arn },
    ],
  }),
});
new aws.pipes.Pipe("replay", { roleArn: pipeRole.arn, source: billing.arn, target: bus.arn });

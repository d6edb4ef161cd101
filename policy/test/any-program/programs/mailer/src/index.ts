import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const { accountId } = aws.getCallerIdentityOutput();
const { region } = aws.getRegionOutput();

const messages = new aws.sqs.Queue("messages", {
  fifoQueue: true,
  contentBasedDeduplication: true,
});
const sender = new aws.ssm.Parameter("sender", {
  name: "/mailer/sender",
  type: "String",
  value: "shop@example.com",
});
const identity = new aws.sesv2.EmailIdentity("example.com", { emailIdentity: "example.com" });

const role = new aws.iam.Role("send", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
});
const logs = new aws.cloudwatch.LogGroup("send", {
  name: "/aws/lambda/send-message",
  retentionInDays: 30,
});

// Every ARN from known names, so that the first preview can read the policy.
new aws.iam.RolePolicy("send", {
  role: role.name,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Log",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:/aws/lambda/send-message:*`,
      },
      {
        Sid: "Receive",
        Effect: "Allow",
        Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        Resource: pulumi.interpolate`arn:aws:sqs:${region}:${accountId}:${messages.name}`,
      },
      {
        Sid: "Sender",
        Effect: "Allow",
        Action: "ssm:GetParameter",
        Resource: pulumi.interpolate`arn:aws:ssm:${region}:${accountId}:parameter/mailer/sender`,
      },
      {
        Sid: "Send",
        Effect: "Allow",
        Action: "ses:SendEmail",
        Resource: pulumi.interpolate`arn:aws:ses:${region}:${accountId}:identity/example.com`,
      },
    ],
  }),
});

const send = new aws.lambda.Function(
  "send",
  {
    name: "send-message",
    runtime: "nodejs22.x",
    handler: "index.handler",
    role: role.arn,
    code: new pulumi.asset.FileArchive("../functions/send"),
    environment: { variables: { SENDER_PARAMETER: sender.name } },
  },
  { dependsOn: [logs, identity] },
);
new aws.lambda.EventSourceMapping("send", { functionName: send.arn, eventSourceArn: messages.arn });

export const queueUrl = messages.url;

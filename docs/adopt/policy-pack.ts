import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ScopedRole } from "../../infra/scoped-role.ts";

const orders = new aws.sns.Topic("orders", { displayName: "Orders" });
const log = new aws.cloudwatch.LogGroup("teller-log", {
  name: "/aws/lambda/teller",
  retentionInDays: 30,
});

const role = new ScopedRole("teller-role", {
  service: "lambda.amazonaws.com",
  grants: [
    { sid: "Tell", actions: ["sns:Publish"], resources: [orders.arn] },
    {
      sid: "WriteOwnLog",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`${log.arn}:*`],
    },
  ],
});

export const { name: functionName } = new aws.lambda.CallbackFunction("teller", {
  name: "teller",
  runtime: "nodejs24.x",
  role: role.arn,
  timeout: 10,
  loggingConfig: { logFormat: "JSON", logGroup: log.name },
  environment: { variables: { TOPIC_ARN: orders.arn } },
  callback: async () => {
    const { PublishCommand, SNSClient } = await import("@aws-sdk/client-sns");
    const message = { TopicArn: process.env.TOPIC_ARN, Message: "An order came in." };
    await new SNSClient({}).send(new PublishCommand(message));
  },
});

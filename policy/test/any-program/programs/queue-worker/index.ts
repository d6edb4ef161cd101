import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const deadLetterQueue = new aws.sqs.Queue("jobs-dead", { messageRetentionSeconds: 1_209_600 });
const jobs = new aws.sqs.Queue("jobs", {
  visibilityTimeoutSeconds: 180,
  redrivePolicy: deadLetterQueue.arn.apply((arn) =>
    JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 }),
  ),
});
const results = new aws.dynamodb.Table("results", {
  attributes: [{ name: "id", type: "S" }],
  hashKey: "id",
  billingMode: "PAY_PER_REQUEST",
});

const workerPolicy = new aws.iam.Policy("worker-policy", {
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        Resource: jobs.arn,
      },
      { Effect: "Allow", Action: "dynamodb:PutItem", Resource: results.arn },
    ],
  }),
});

const worker = new aws.lambda.CallbackFunction<aws.sqs.QueueEvent, void>("worker", {
  policies: {
    logs: aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole,
    worker: workerPolicy.arn,
  },
  callback: async (event) => {
    const db = new DynamoDBClient({});
    for (const { messageId, body } of event.Records) {
      await db.send(
        new PutItemCommand({
          TableName: results.name.get(),
          Item: { id: { S: messageId }, body: { S: body } },
        }),
      );
    }
  },
});
jobs.onEvent("work", worker, { batchSize: 10 });

const cleanerRole = new aws.iam.Role("cleaner-role", {
  assumeRolePolicy: {
    Version: "2012-10-17",
    Statement: [
      {
        Action: "sts:AssumeRole",
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
      },
    ],
  },
});
new aws.iam.RolePolicy("cleaner-policy", {
  role: cleanerRole,
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: "arn:aws:logs:*:*:*",
      },
      { Effect: "Allow", Action: ["dynamodb:*"], Resource: "*" },
    ],
  },
});
const cleaner = new aws.lambda.CallbackFunction("cleaner", {
  role: cleanerRole,
  runtime: "nodejs22.x",
  callback: async () => {
    const db = new DynamoDBClient({});
    const TableName = results.name.get();
    const { Items = [] } = await db.send(new ScanCommand({ TableName }));
    for (const { id } of Items) {
      if (id) await db.send(new DeleteItemCommand({ TableName, Key: { id } }));
    }
  },
});
aws.cloudwatch.onSchedule("nightly", "cron(0 3 * * ? *)", cleaner);

export const queueUrl = jobs.url;

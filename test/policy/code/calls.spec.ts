import { createRequire } from "node:module";
import { expect } from "chai";
import type { Call } from "../../../policy/code/calls.ts";
import { loadProgram } from "../../../sandbox/program.ts";
import { callsOfHandler, callsOfTexts } from "./support.ts";

const pulumi = createRequire(import.meta.url)("@pulumi/pulumi") as typeof import("@pulumi/pulumi");

interface Row {
  readonly name: string;
  readonly title: string;
  /** Without what is empty. */
  readonly calls?: readonly Partial<Call>[];
  readonly unseen?: readonly string[];
}

/** The handlers of test/fixtures/handlers; each row was read against its file. */
const rows: readonly Row[] = [
  {
    name: "import.mjs",
    title: "an import",
    calls: [
      {
        name: "PublishCommand of @aws-sdk/client-sns",
        needs: [["sns:Publish"]],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["TOPIC_ARN"],
        where: "import.mjs:8",
      },
    ],
  },
  {
    name: "import-alias.mjs",
    title: "an import by another name",
    calls: [
      {
        name: "RebootInstancesCommand of @aws-sdk/client-ec2",
        needs: [["ec2:RebootInstances"]],
        variables: ["INSTANCE_ID"],
        where: "import-alias.mjs:8",
      },
    ],
  },
  {
    name: "import-namespace.mjs",
    title: "a namespace import",
    calls: [
      {
        name: "GetParameterCommand of @aws-sdk/client-ssm",
        needs: [["ssm:GetParameter"]],
        mayUse: ["kms:Decrypt"],
        variables: ["PARAMETER_NAME"],
        where: "import-namespace.mjs:7",
      },
    ],
  },
  {
    name: "require.js",
    title: "a required namespace",
    calls: [
      {
        name: "SendMessageCommand of @aws-sdk/client-sqs",
        needs: [["sqs:SendMessage"]],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["QUEUE_URL"],
        where: "require.js:11",
      },
    ],
  },
  {
    name: "require-destructured.js",
    title: "a require that is taken apart",
    calls: [
      {
        name: "ReEncryptCommand of @aws-sdk/client-kms",
        needs: [["kms:ReEncryptFrom"], ["kms:ReEncryptTo"]],
        variables: ["NEW_KEY_ARN"],
        where: "require-destructured.js:7",
      },
    ],
  },
  {
    name: "dynamic-import.mjs",
    title: "imports at run time",
    calls: [
      {
        name: "InvokeCommand of @aws-sdk/client-lambda",
        needs: [["lambda:InvokeFunction"]],
        variables: ["WORKER"],
        where: "dynamic-import.mjs:6",
      },
      {
        name: "PutEventsCommand of @aws-sdk/client-eventbridge",
        needs: [["events:PutEvents"]],
        variables: ["BUS_NAME"],
        where: "dynamic-import.mjs:9",
      },
      {
        name: "StartQueryCommand of @aws-sdk/client-cloudwatch-logs",
        needs: [["logs:StartQuery"]],
        variables: ["LOG_GROUP"],
        where: "dynamic-import.mjs:14",
      },
    ],
  },
  {
    name: "dynamic-import-kept.js",
    title: "imports at run time behind a function that keeps them",
    calls: [
      {
        name: "GetItemCommand of @aws-sdk/client-dynamodb",
        needs: [["dynamodb:GetItem"]],
        mayUse: ["kms:Decrypt"],
        variables: ["TABLE_NAME"],
        where: "dynamic-import-kept.js:19",
      },
      {
        name: "PublishCommand of @aws-sdk/client-sns",
        needs: [["sns:Publish"]],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["TOPIC_ARN"],
        where: "dynamic-import-kept.js:23",
      },
    ],
  },
  {
    name: "aggregated.mjs",
    title: "methods of an aggregated client",
    calls: [
      {
        name: "headObject of @aws-sdk/client-s3",
        needs: [["s3:GetObject"]],
        mayUse: ["s3:GetObjectVersion", "s3:ListBucket", "kms:Decrypt"],
        variables: ["BUCKET"],
        where: "aggregated.mjs:6",
      },
      {
        name: "deleteObject of @aws-sdk/client-s3",
        needs: [["s3:DeleteObject"]],
        mayUse: ["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"],
        variables: ["BUCKET"],
        where: "aggregated.mjs:7",
      },
    ],
  },
  {
    name: "aggregated-wrapped.js",
    title: "methods of a wrapped client",
    calls: [
      {
        name: "receiveMessage of @aws-sdk/client-sqs",
        needs: [["sqs:ReceiveMessage"]],
        mayUse: ["kms:Decrypt"],
        where: "aggregated-wrapped.js:11",
      },
    ],
  },
  {
    name: "aggregated-passed-on.js",
    title: "methods of what may be an aggregated client",
    calls: [
      {
        name: "publish of @aws-sdk/client-sns",
        where: "aggregated-passed-on.js:4",
        mayUse: ["sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"],
      },
    ],
  },
  {
    name: "paginator.mjs",
    title: "paginators",
    calls: [
      {
        name: "paginateListObjectsV2 of @aws-sdk/client-s3",
        needs: [["s3:ListBucket"]],
        variables: ["BUCKET"],
        where: "paginator.mjs:7",
      },
      {
        name: "paginateDescribeInstances of @aws-sdk/client-ec2",
        needs: [["ec2:DescribeInstances"]],
        where: "paginator.mjs:10",
      },
    ],
  },
  {
    name: "waiter.mjs",
    title: "waiters",
    calls: [
      {
        name: "StopInstancesCommand of @aws-sdk/client-ec2",
        needs: [["ec2:StopInstances"]],
        where: "waiter.mjs:8",
      },
      {
        name: "waitUntilInstanceStopped of @aws-sdk/client-ec2",
        needs: [["ec2:DescribeInstances"]],
        where: "waiter.mjs:9",
      },
    ],
    unseen: [
      "its code calls waitUntilTranscriptionJobCompleted of @aws-sdk/client-transcribe (waiter.mjs:10), a waiter whose operation is not known",
    ],
  },
  {
    name: "lib-dynamodb.mjs",
    title: "the document client",
    calls: [
      {
        name: "PutCommand of @aws-sdk/lib-dynamodb",
        needs: [["dynamodb:PutItem"]],
        mayUse: ["kms:Decrypt"],
        variables: ["TABLE_NAME"],
        where: "lib-dynamodb.mjs:14",
      },
      {
        name: "update of @aws-sdk/lib-dynamodb",
        needs: [["dynamodb:UpdateItem"]],
        mayUse: ["kms:Decrypt"],
        variables: ["TABLE_NAME"],
        where: "lib-dynamodb.mjs:15",
      },
      {
        name: "paginateQuery of @aws-sdk/lib-dynamodb",
        needs: [["dynamodb:Query"]],
        mayUse: ["kms:Decrypt"],
        variables: ["OTHER_TABLE"],
        where: "lib-dynamodb.mjs:17",
      },
    ],
  },
  {
    name: "lib-storage.mjs",
    title: "an upload",
    calls: [
      {
        name: "Upload of @aws-sdk/lib-storage",
        needs: [["s3:PutObject"]],
        mayUse: [
          "s3:AbortMultipartUpload",
          "s3:PutObjectAcl",
          "s3:PutObjectTagging",
          "kms:GenerateDataKey",
          "kms:Decrypt",
        ],
        variables: ["BUCKET"],
        where: "lib-storage.mjs:5",
      },
    ],
  },
  {
    name: "presigner.js",
    title: "presigned requests",
    calls: [
      {
        name: "createPresignedPost of @aws-sdk/s3-presigned-post",
        needs: [["s3:PutObject"]],
        mayUse: ["s3:PutObjectAcl"],
        variables: ["BUCKET"],
        where: "presigner.js:9",
      },
      {
        name: "GetObjectCommand of @aws-sdk/client-s3",
        needs: [["s3:GetObject"]],
        mayUse: ["s3:GetObjectVersion", "s3:ListBucket", "kms:Decrypt"],
        variables: ["BUCKET"],
        where: "presigner.js:10",
      },
    ],
  },
  {
    name: "credentials.mjs",
    title: "credentials of another role",
    calls: [
      {
        name: "fromTemporaryCredentials of @aws-sdk/credential-providers",
        needs: [["sts:AssumeRole"]],
        variables: ["ROLE_ARN"],
        where: "credentials.mjs:4",
      },
      {
        name: "GetCallerIdentityCommand of @aws-sdk/client-sts",
        mayUse: ["sts:GetCallerIdentity"],
        where: "credentials.mjs:8",
      },
    ],
  },
  {
    name: "re-exports",
    title: "commands that files hand on",
    calls: [
      {
        name: "DeleteMessageCommand of @aws-sdk/client-sqs",
        needs: [["sqs:DeleteMessage"]],
        variables: ["QUEUE_URL"],
        where: "index.mjs:7",
      },
      {
        name: "PublishCommand of @aws-sdk/client-sns",
        needs: [["sns:Publish"]],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["TOPIC_ARN"],
        where: "notify.mjs:6",
      },
    ],
  },
  {
    name: "command-map.mjs",
    title: "a command chosen from a table",
    calls: [
      {
        name: "StartInstancesCommand of @aws-sdk/client-ec2",
        needs: [["ec2:StartInstances"]],
        variables: ["INSTANCE_ID"],
        where: "command-map.mjs:7",
      },
      {
        name: "StopInstancesCommand of @aws-sdk/client-ec2",
        needs: [["ec2:StopInstances"]],
        variables: ["INSTANCE_ID"],
        where: "command-map.mjs:7",
      },
    ],
  },
  {
    name: "command-list.mjs",
    title: "commands that are only named",
    calls: [
      {
        name: "DescribeAlarmsCommand of @aws-sdk/client-cloudwatch",
        needs: [["cloudwatch:DescribeAlarms"]],
        where: "command-list.mjs:4",
      },
      {
        name: "DisableAlarmActionsCommand of @aws-sdk/client-cloudwatch",
        needs: [["cloudwatch:DisableAlarmActions"]],
        where: "command-list.mjs:4",
      },
    ],
  },
  {
    name: "own-wrapper.js",
    title: "an own class with send",
    calls: [
      {
        name: "SendMessageBatchCommand of @aws-sdk/client-sqs",
        needs: [["sqs:SendMessage"]],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["QUEUE_URL"],
        where: "own-wrapper.js:11",
      },
    ],
  },
  {
    name: "transaction.mjs",
    title: "a transaction whose items it writes",
    calls: [
      {
        name: "TransactWriteItemsCommand of @aws-sdk/client-dynamodb",
        needs: [["dynamodb:PutItem"], ["dynamodb:UpdateItem"]],
        mayUse: ["kms:Decrypt"],
        variables: ["TABLE_NAME"],
        where: "transaction.mjs:11",
      },
    ],
  },
  {
    name: "transaction-elsewhere.mjs",
    title: "a transaction whose items come from elsewhere",
    calls: [
      {
        name: "TransactWriteCommand of @aws-sdk/lib-dynamodb",
        needs: [
          [
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:ConditionCheckItem",
          ],
        ],
        mayUse: ["kms:Decrypt"],
        where: "transaction-elsewhere.mjs:7",
      },
    ],
  },
  {
    name: "hard-coded-arn.mjs",
    title: "an ARN in the code",
    calls: [
      {
        name: "StartExecutionCommand of @aws-sdk/client-sfn",
        needs: [["states:StartExecution"]],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        arns: ["arn:aws:states:eu-west-1:111122223333:stateMachine:orders"],
        where: "hard-coded-arn.mjs:7",
      },
    ],
  },
  {
    name: "environment.js",
    title: "variables in several forms",
    calls: [
      {
        name: "PutObjectCommand of @aws-sdk/client-s3",
        needs: [["s3:PutObject"]],
        mayUse: ["s3:PutObjectAcl", "s3:PutObjectTagging", "kms:GenerateDataKey"],
        variables: ["BUCKET", "KEY_ARN", "PREFIX"],
        where: "environment.js:10",
      },
    ],
  },
  {
    name: "unknown-command.mjs",
    title: "what the SDK does not have",
    unseen: [
      "its code calls FooBarCommand of @aws-sdk/client-sns (unknown-command.mjs:5), for which the reference has no action",
      "its code calls StartCommand of @aws-sdk/client-made-up (unknown-command.mjs:6), whose service in IAM is not known",
    ],
  },
  {
    name: "computed-command.js",
    title: "a computed command",
    unseen: [
      "its code takes a member of @aws-sdk/client-ec2 by a computed name (computed-command.js:5)",
    ],
  },
  {
    name: "computed-client.mjs",
    title: "a computed client",
    unseen: [
      "its code loads a package of the AWS SDK by a computed name (computed-client.mjs:2)",
      "its code takes a command by a computed name (computed-client.mjs:4)",
    ],
  },
  {
    name: "sdk-v2.js",
    title: "version 2 of the SDK",
    unseen: [
      "its code uses the AWS SDK for JavaScript v2 (sdk-v2.js:1), of which no calls are read",
    ],
  },
  {
    name: "middy.mjs",
    title: "packages that call AWS",
    unseen: [
      "its code uses @aws-lambda-powertools/idempotency (middy.mjs:1), which calls AWS by itself",
      "its code uses @middy/ssm (middy.mjs:3), which calls AWS by itself",
    ],
  },
  {
    name: "no-aws.js",
    title: "names like the SDK's without the SDK",
  },
  {
    name: "misleading-names.mjs",
    title: "names like the SDK's beside the SDK",
  },
  {
    name: "library",
    title: "a library that calls AWS",
    calls: [
      {
        name: "GetItemCommand of @aws-sdk/client-dynamodb",
        where: "node_modules/tables/index.js:10",
        mayUse: ["dynamodb:GetItem", "kms:Decrypt"],
      },
      {
        name: "DeleteItemCommand of @aws-sdk/client-dynamodb",
        where: "node_modules/tables/index.js:14",
        mayUse: ["dynamodb:DeleteItem", "kms:Decrypt"],
      },
    ],
    unseen: ["its code brings tables (node_modules/tables/index.js), which calls AWS by itself"],
  },
  {
    name: "not-parsed",
    title: "a file that cannot be parsed",
    calls: [
      {
        name: "PublishCommand of @aws-sdk/client-sns",
        needs: [["sns:Publish"]],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        where: "index.js:3",
      },
    ],
    unseen: ["its code has a file that cannot be parsed (broken.js)"],
  },
  {
    name: "bundle-esm.mjs",
    title: "a minified bundle as a module",
    calls: [
      {
        name: "PublishCommand of @aws-sdk/client-sns",
        needs: [["sns:Publish"]],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["TOPIC_ARN"],
        where: "bundle-esm.mjs:8",
      },
      {
        name: "DescribeInstanceStatusCommand of @aws-sdk/client-ec2",
        needs: [["ec2:DescribeInstanceStatus"]],
        variables: ["INSTANCE_ID"],
        where: "bundle-esm.mjs:12",
      },
      {
        name: "RebootInstancesCommand of @aws-sdk/client-ec2",
        needs: [["ec2:RebootInstances"]],
        variables: ["INSTANCE_ID"],
        where: "bundle-esm.mjs:13",
      },
    ],
  },
  {
    name: "bundle-cjs.js",
    title: "a minified bundle as CommonJS",
    calls: [
      {
        name: "PublishCommand of @aws-sdk/client-sns",
        needs: [["sns:Publish"]],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["TOPIC_ARN"],
        where: "bundle-cjs.js:29",
      },
      {
        name: "DescribeInstanceStatusCommand of @aws-sdk/client-ec2",
        needs: [["ec2:DescribeInstanceStatus"]],
        variables: ["INSTANCE_ID"],
        where: "bundle-cjs.js:35",
      },
      {
        name: "RebootInstancesCommand of @aws-sdk/client-ec2",
        needs: [["ec2:RebootInstances"]],
        variables: ["INSTANCE_ID"],
        where: "bundle-cjs.js:37",
      },
    ],
  },
  {
    name: "bundle-with-sdk.mjs",
    title: "a bundle with the SDK inside",
    unseen: [
      "its code has the AWS SDK in bundle-with-sdk.mjs, where the calls of both cannot be told apart",
    ],
  },
  {
    name: "bundle-with-older-sdk.js",
    title: "a bundle with an older SDK inside",
    unseen: [
      "its code has the AWS SDK in bundle-with-older-sdk.js, where the calls of both cannot be told apart",
    ],
  },
  {
    name: "serialized.js",
    title: "a function that Pulumi has serialized",
    calls: [
      {
        name: "PublishCommand of @aws-sdk/client-sns",
        needs: [["sns:Publish"]],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["TOPIC_ARN"],
        where: "serialized.js:22",
      },
      {
        name: "SendMessageCommand of @aws-sdk/client-sqs",
        needs: [["sqs:SendMessage"]],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["QUEUE_URL"],
        where: "serialized.js:28",
      },
    ],
  },
];

function withoutEmpty(call: Call): Partial<Call> {
  return Object.fromEntries(Object.entries(call).filter(([, value]) => value.length > 0));
}

describe("callsOf", () => {
  for (const { name, title, calls = [], unseen = [] } of rows) {
    it(`reads ${title} (${name})`, async () => {
      const found = await callsOfHandler(name);

      expect(found.calls.map(withoutEmpty)).to.deep.equal(calls);
      expect(found.unseen).to.deep.equal(unseen);
    });
  }

  it("finds exactly what this repository's handler calls", async () => {
    const { factory } = loadProgram<typeof import("../../fixtures/factory.ts")>(
      "test/fixtures/factory.ts",
    );
    const { text } = await pulumi.runtime.serializeFunction(factory, { isFactoryFunction: true });

    const { calls, unseen } = await callsOfTexts({ "__index.js": text });

    expect(
      [...new Set(calls.flatMap(({ needs }) => needs.map((it) => it.join(" or "))))].sort(),
    ).to.deep.equal([
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
      "ec2:DescribeInstanceStatus",
      "ec2:RebootInstances",
      "sns:Publish",
      "sqs:SendMessage",
    ]);
    expect(unseen).to.deep.equal([]);
  });

  it("says which file cannot be parsed, and reads the others", async () => {
    const { calls, unseen } = await callsOfTexts({
      "broken.js": "export const handler = <template>",
      "index.js": `
        const { SNSClient, PublishCommand } = require("@aws-sdk/client-sns");
        exports.handler = () => new SNSClient().send(new PublishCommand({}));`,
    });

    expect(calls.map(({ name }) => name)).to.deep.equal(["PublishCommand of @aws-sdk/client-sns"]);
    expect(unseen).to.deep.equal(["its code has a file that cannot be parsed (broken.js)"]);
  });

  it("asks for one of the clients' actions where several have an operation of that name", async () => {
    const { calls } = await callsOfTexts({
      "index.mjs": `
        const load = async () => ({
          sns: await import("@aws-sdk/client-sns"),
          iot: await import("@aws-sdk/client-iot-data-plane"),
        });
        const { sns, iot } = await keep(load)();
        new sns.SNSClient().send(new sns.PublishCommand({}));`,
    });

    expect(calls.map(({ name, needs }) => ({ name, needs }))).to.deep.equal([
      {
        name: "PublishCommand of @aws-sdk/client-sns or @aws-sdk/client-iot-data-plane",
        needs: [["sns:Publish", "iot:Publish"]],
      },
    ]);
  });

  it("does not mix up names of the same letter in minified code", async () => {
    const { calls } = await callsOfTexts({
      "index.js": `(()=>{var e=require("@aws-sdk/client-sns");
        function a(e){return new e.PublishCommand({})}
        function b(){var e=class{};return new e.SubscribeCommand({})}
        function c(){class PublishCommand{}return new PublishCommand}
        exports.handler=()=>new e.UnsubscribeCommand({})})()`,
    });

    // a: anything may come in, so the name counts; b: so it does for a member; c: it is its own.
    expect(calls.map(({ name, where }) => `${name} (${where})`)).to.deep.equal([
      "PublishCommand of @aws-sdk/client-sns (index.js:2)",
      "SubscribeCommand of @aws-sdk/client-sns (index.js:3)",
      "UnsubscribeCommand of @aws-sdk/client-sns (index.js:5)",
    ]);
  });

  it("survives an object that is spread into itself, and modules that import each other", async () => {
    const { calls } = await callsOfTexts({
      "index.mjs": `
        import { command } from "./other.mjs";
        export { PublishCommand } from "@aws-sdk/client-sns";
        let all = {}; all = { ...all, command }; all.start();
        new all.PublishCommand({ TopicArn: process.env.TOPIC_ARN });`,
      "other.mjs": `
        export * from "./index.mjs";
        import { PublishCommand } from "./index.mjs";
        export const command = new PublishCommand({});`,
    });

    expect(calls.map(({ where }) => where)).to.deep.equal(["index.mjs:5", "other.mjs:4"]);
  });

  it("reads long minified code in seconds", async () => {
    const line =
      'function f(a,b){var c=a.d(b)+a.e[b];for(let g of c.h)c.i=()=>g?[{j:c}]:"k";return c}';
    const text = `require("@aws-sdk/client-sns");${Array(60_000).fill(`{${line}}`).join("")}`;
    const start = Date.now();

    const { calls } = await callsOfTexts({ "index.js": text });

    expect(text.length).to.be.greaterThan(5_000_000);
    expect(calls).to.deep.equal([]);
    expect(Date.now() - start).to.be.lessThan(15_000);
  });

  it("gives the same answer to the same files", () => {
    const files = { "index.js": 'require("@aws-sdk/client-sns")' };

    expect(callsOfTexts(files)).to.equal(callsOfTexts({ ...files }));
  });
});

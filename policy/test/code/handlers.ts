/** A handler of policy/test/fixtures/handlers, and what is to be found in it. */
export interface Handler {
  /** A file, or a folder with several. */
  readonly name: string;
  readonly title: string;
  readonly calls: readonly FoundCall[];
  readonly unseen: readonly string[];
}

/** A call without what is empty of it; alternatives are one text, such as `a:B or c:D`. */
export interface FoundCall {
  readonly name: string;
  readonly where: string;
  readonly needs?: readonly string[];
  readonly mayUse?: readonly string[];
  readonly variables?: readonly string[];
  readonly arns?: readonly string[];
}

/** What is to be found in each handler, checked by hand against its code. */
export const expected: readonly Handler[] = [
  {
    name: "import.mjs",
    title: "an import",
    calls: [
      {
        name: "PublishCommand of @aws-sdk/client-sns",
        where: "import.mjs:8",
        needs: ["sns:Publish"],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["TOPIC_ARN"],
      },
    ],
    unseen: [],
  },
  {
    name: "import-alias.mjs",
    title: "an import by another name",
    calls: [
      {
        name: "RebootInstancesCommand of @aws-sdk/client-ec2",
        where: "import-alias.mjs:8",
        needs: ["ec2:RebootInstances"],
        variables: ["INSTANCE_ID"],
      },
    ],
    unseen: [],
  },
  {
    name: "import-namespace.mjs",
    title: "a namespace import",
    calls: [
      {
        name: "GetParameterCommand of @aws-sdk/client-ssm",
        where: "import-namespace.mjs:8",
        needs: ["ssm:GetParameter"],
        mayUse: ["kms:Decrypt"],
        variables: ["PARAMETER_NAME"],
      },
    ],
    unseen: [],
  },
  {
    name: "require.js",
    title: "a required namespace",
    calls: [
      {
        name: "SendMessageCommand of @aws-sdk/client-sqs",
        where: "require.js:11",
        needs: ["sqs:SendMessage"],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["QUEUE_URL"],
      },
    ],
    unseen: [],
  },
  {
    name: "require-destructured.js",
    title: "a require that is taken apart",
    calls: [
      {
        name: "ReEncryptCommand of @aws-sdk/client-kms",
        where: "require-destructured.js:8",
        needs: ["kms:ReEncryptFrom", "kms:ReEncryptTo"],
        variables: ["NEW_KEY_ARN"],
      },
    ],
    unseen: [],
  },
  {
    name: "dynamic-import.mjs",
    title: "imports at run time",
    calls: [
      {
        name: "InvokeCommand of @aws-sdk/client-lambda",
        where: "dynamic-import.mjs:6",
        needs: ["lambda:InvokeFunction"],
        variables: ["WORKER"],
      },
      {
        name: "PutEventsCommand of @aws-sdk/client-eventbridge",
        where: "dynamic-import.mjs:9",
        needs: ["events:PutEvents"],
        variables: ["BUS_NAME"],
      },
      {
        name: "StartQueryCommand of @aws-sdk/client-cloudwatch-logs",
        where: "dynamic-import.mjs:14",
        needs: ["logs:StartQuery"],
        variables: ["LOG_GROUP"],
      },
    ],
    unseen: [],
  },
  {
    name: "dynamic-import-kept.js",
    title: "imports at run time behind a function that keeps them",
    calls: [
      {
        name: "GetItemCommand of @aws-sdk/client-dynamodb",
        where: "dynamic-import-kept.js:25",
        needs: ["dynamodb:GetItem"],
        mayUse: ["kms:Decrypt"],
        variables: ["TABLE_NAME"],
      },
      {
        name: "PublishCommand of @aws-sdk/client-sns",
        where: "dynamic-import-kept.js:29",
        needs: ["sns:Publish"],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["TOPIC_ARN"],
      },
    ],
    unseen: [],
  },
  {
    name: "aggregated.mjs",
    title: "methods of an aggregated client",
    calls: [
      {
        name: "headObject of @aws-sdk/client-s3",
        where: "aggregated.mjs:6",
        needs: ["s3:GetObject"],
        mayUse: ["s3:GetObjectVersion", "s3:ListBucket", "kms:Decrypt"],
        variables: ["BUCKET"],
      },
      {
        name: "deleteObject of @aws-sdk/client-s3",
        where: "aggregated.mjs:7",
        needs: ["s3:DeleteObject"],
        mayUse: ["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"],
        variables: ["BUCKET"],
      },
    ],
    unseen: [],
  },
  {
    name: "aggregated-wrapped.js",
    title: "methods of a wrapped client",
    calls: [
      {
        name: "receiveMessage of @aws-sdk/client-sqs",
        where: "aggregated-wrapped.js:11",
        needs: ["sqs:ReceiveMessage"],
        mayUse: ["kms:Decrypt"],
      },
    ],
    unseen: [],
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
    unseen: [],
  },
  {
    name: "paginator.mjs",
    title: "paginators",
    calls: [
      {
        name: "paginateListObjectsV2 of @aws-sdk/client-s3",
        where: "paginator.mjs:7",
        needs: ["s3:ListBucket"],
        variables: ["BUCKET"],
      },
      {
        name: "paginateDescribeInstances of @aws-sdk/client-ec2",
        where: "paginator.mjs:10",
        needs: ["ec2:DescribeInstances"],
      },
    ],
    unseen: [],
  },
  {
    name: "waiter.mjs",
    title: "waiters",
    calls: [
      {
        name: "StopInstancesCommand of @aws-sdk/client-ec2",
        where: "waiter.mjs:7",
        needs: ["ec2:StopInstances"],
      },
      {
        name: "waitUntilInstanceStopped of @aws-sdk/client-ec2",
        where: "waiter.mjs:8",
        needs: ["ec2:DescribeInstances"],
      },
      {
        name: "waitUntilTranscriptionJobCompleted of @aws-sdk/client-transcribe",
        where: "waiter.mjs:9",
        needs: ["transcribe:GetTranscriptionJob"],
      },
    ],
    unseen: [],
  },
  {
    name: "lib-dynamodb.mjs",
    title: "the document client",
    calls: [
      {
        name: "PutCommand of @aws-sdk/lib-dynamodb",
        where: "lib-dynamodb.mjs:14",
        needs: ["dynamodb:PutItem"],
        mayUse: ["kms:Decrypt"],
        variables: ["TABLE_NAME"],
      },
      {
        name: "update of @aws-sdk/lib-dynamodb",
        where: "lib-dynamodb.mjs:15",
        needs: ["dynamodb:UpdateItem"],
        mayUse: ["kms:Decrypt"],
        variables: ["TABLE_NAME"],
      },
      {
        name: "paginateQuery of @aws-sdk/lib-dynamodb",
        where: "lib-dynamodb.mjs:17",
        needs: ["dynamodb:Query"],
        mayUse: ["kms:Decrypt"],
        variables: ["OTHER_TABLE"],
      },
    ],
    unseen: [],
  },
  {
    name: "lib-storage.mjs",
    title: "an upload",
    calls: [
      {
        name: "Upload of @aws-sdk/lib-storage",
        where: "lib-storage.mjs:5",
        needs: ["s3:PutObject"],
        mayUse: [
          "s3:AbortMultipartUpload",
          "s3:PutObjectAcl",
          "s3:PutObjectTagging",
          "kms:GenerateDataKey",
          "kms:Decrypt",
        ],
        variables: ["BUCKET"],
      },
    ],
    unseen: [],
  },
  {
    name: "presigner.js",
    title: "presigned requests",
    calls: [
      {
        name: "createPresignedPost of @aws-sdk/s3-presigned-post",
        where: "presigner.js:9",
        needs: ["s3:PutObject"],
        mayUse: ["s3:PutObjectAcl"],
        variables: ["BUCKET"],
      },
      {
        name: "GetObjectCommand of @aws-sdk/client-s3",
        where: "presigner.js:10",
        needs: ["s3:GetObject"],
        mayUse: ["s3:GetObjectVersion", "s3:ListBucket", "kms:Decrypt"],
        variables: ["BUCKET"],
      },
    ],
    unseen: [],
  },
  {
    name: "credentials.mjs",
    title: "credentials of another role",
    calls: [
      {
        name: "fromTemporaryCredentials of @aws-sdk/credential-providers",
        where: "credentials.mjs:4",
        needs: ["sts:AssumeRole"],
        variables: ["ROLE_ARN"],
      },
      {
        name: "GetCallerIdentityCommand of @aws-sdk/client-sts",
        where: "credentials.mjs:8",
        mayUse: ["sts:GetCallerIdentity"],
      },
    ],
    unseen: [],
  },
  {
    name: "re-exports",
    title: "commands that files hand on",
    calls: [
      {
        name: "DeleteMessageCommand of @aws-sdk/client-sqs",
        where: "index.mjs:7",
        needs: ["sqs:DeleteMessage"],
        variables: ["QUEUE_URL"],
      },
      {
        name: "PublishCommand of @aws-sdk/client-sns",
        where: "notify.mjs:6",
        needs: ["sns:Publish"],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["TOPIC_ARN"],
      },
    ],
    unseen: [],
  },
  {
    name: "command-map.mjs",
    title: "a command chosen from a table",
    calls: [
      {
        name: "StartInstancesCommand of @aws-sdk/client-ec2",
        where: "command-map.mjs:7",
        needs: ["ec2:StartInstances"],
        variables: ["INSTANCE_ID"],
      },
      {
        name: "StopInstancesCommand of @aws-sdk/client-ec2",
        where: "command-map.mjs:7",
        needs: ["ec2:StopInstances"],
        variables: ["INSTANCE_ID"],
      },
    ],
    unseen: [],
  },
  {
    name: "command-list.mjs",
    title: "commands that are only named",
    calls: [
      {
        name: "DescribeAlarmsCommand of @aws-sdk/client-cloudwatch",
        where: "command-list.mjs:4",
        needs: ["cloudwatch:DescribeAlarms"],
      },
      {
        name: "DisableAlarmActionsCommand of @aws-sdk/client-cloudwatch",
        where: "command-list.mjs:4",
        needs: ["cloudwatch:DisableAlarmActions"],
      },
    ],
    unseen: [],
  },
  {
    name: "own-wrapper.js",
    title: "an own class with send",
    calls: [
      {
        name: "SendMessageBatchCommand of @aws-sdk/client-sqs",
        where: "own-wrapper.js:11",
        needs: ["sqs:SendMessage"],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["QUEUE_URL"],
      },
    ],
    unseen: [],
  },
  {
    name: "transaction.mjs",
    title: "a transaction whose items it writes",
    calls: [
      {
        name: "TransactWriteItemsCommand of @aws-sdk/client-dynamodb",
        where: "transaction.mjs:11",
        needs: ["dynamodb:PutItem", "dynamodb:UpdateItem"],
        mayUse: ["kms:Decrypt"],
        variables: ["TABLE_NAME"],
      },
    ],
    unseen: [],
  },
  {
    name: "transaction-elsewhere.mjs",
    title: "a transaction whose items come from elsewhere",
    calls: [
      {
        name: "TransactWriteCommand of @aws-sdk/lib-dynamodb",
        where: "transaction-elsewhere.mjs:7",
        needs: [
          "dynamodb:PutItem or dynamodb:UpdateItem or dynamodb:DeleteItem or dynamodb:ConditionCheckItem",
        ],
        mayUse: ["kms:Decrypt"],
      },
    ],
    unseen: [],
  },
  {
    name: "hard-coded-arn.mjs",
    title: "an ARN in the code",
    calls: [
      {
        name: "StartExecutionCommand of @aws-sdk/client-sfn",
        where: "hard-coded-arn.mjs:7",
        needs: ["states:StartExecution"],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        arns: ["arn:aws:states:eu-west-1:111122223333:stateMachine:orders"],
      },
    ],
    unseen: [],
  },
  {
    name: "environment.js",
    title: "variables in several forms",
    calls: [
      {
        name: "PutObjectCommand of @aws-sdk/client-s3",
        where: "environment.js:15",
        needs: ["s3:PutObject"],
        mayUse: ["s3:PutObjectAcl", "s3:PutObjectTagging", "kms:GenerateDataKey"],
        variables: ["BUCKET", "KEY_ARN", "STORAGE_CLASS"],
      },
    ],
    unseen: [],
  },
  {
    name: "unknown-command.mjs",
    title: "what the SDK does not have",
    calls: [],
    unseen: [
      "its code calls FooBarCommand of @aws-sdk/client-sns (unknown-command.mjs:5), for which the reference has no action",
      "its code calls StartCommand of @aws-sdk/client-made-up (unknown-command.mjs:6), whose service in IAM is not known",
    ],
  },
  {
    name: "computed-command.js",
    title: "a computed command",
    calls: [],
    unseen: [
      "its code takes a member of @aws-sdk/client-ec2 by a computed name (computed-command.js:5)",
    ],
  },
  {
    name: "computed-client.mjs",
    title: "a computed client",
    calls: [],
    unseen: [
      "its code loads a package of the AWS SDK by a computed name (computed-client.mjs:3)",
      "its code takes a command by a computed name (computed-client.mjs:5)",
    ],
  },
  {
    name: "sdk-v2.js",
    title: "version 2 of the SDK",
    calls: [],
    unseen: [
      "its code uses the AWS SDK for JavaScript v2 (sdk-v2.js:1), of which no calls are read",
    ],
  },
  {
    name: "middy.mjs",
    title: "packages that call AWS",
    calls: [],
    unseen: [
      "its code uses @aws-lambda-powertools/idempotency (middy.mjs:1), which calls AWS by itself",
      "its code uses @middy/ssm (middy.mjs:3), which calls AWS by itself",
    ],
  },
  { name: "no-aws.js", title: "names like the SDK's without the SDK", calls: [], unseen: [] },
  {
    name: "misleading-names.mjs",
    title: "names like the SDK's beside the SDK",
    calls: [],
    unseen: [],
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
    name: "bundle-esm.mjs",
    title: "a minified bundle as a module",
    calls: [
      {
        name: "PublishCommand of @aws-sdk/client-sns",
        where: "bundle-esm.mjs:3",
        needs: ["sns:Publish"],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["TOPIC_ARN"],
      },
      {
        name: "DescribeInstanceStatusCommand of @aws-sdk/client-ec2",
        where: "bundle-esm.mjs:3",
        needs: ["ec2:DescribeInstanceStatus"],
        variables: ["INSTANCE_ID"],
      },
      {
        name: "RebootInstancesCommand of @aws-sdk/client-ec2",
        where: "bundle-esm.mjs:3",
        needs: ["ec2:RebootInstances"],
        variables: ["INSTANCE_ID"],
      },
    ],
    unseen: [],
  },
  {
    name: "bundle-cjs.js",
    title: "a minified bundle as CommonJS",
    calls: [
      {
        name: "PublishCommand of @aws-sdk/client-sns",
        where: "bundle-cjs.js:3",
        needs: ["sns:Publish"],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["TOPIC_ARN"],
      },
      {
        name: "DescribeInstanceStatusCommand of @aws-sdk/client-ec2",
        where: "bundle-cjs.js:3",
        needs: ["ec2:DescribeInstanceStatus"],
        variables: ["INSTANCE_ID"],
      },
      {
        name: "RebootInstancesCommand of @aws-sdk/client-ec2",
        where: "bundle-cjs.js:3",
        needs: ["ec2:RebootInstances"],
        variables: ["INSTANCE_ID"],
      },
    ],
    unseen: [],
  },
  {
    name: "bundle-with-sdk.mjs",
    title: "a bundle with the SDK inside",
    calls: [
      {
        name: "PublishCommand of @aws-sdk/client-sns",
        where: "bundle-with-sdk.mjs:3",
        needs: ["sns:Publish"],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["TOPIC_ARN"],
      },
    ],
    unseen: [
      "its code has the AWS SDK inside (bundle-with-sdk.mjs), where only commands that are made by their class are found",
    ],
  },
  {
    name: "bundle-with-older-sdk.js",
    title: "a bundle with an older SDK inside",
    calls: [
      {
        name: "RebootInstancesCommand of @aws-sdk/client-ec2",
        where: "bundle-with-older-sdk.js:3",
        needs: ["ec2:RebootInstances"],
        variables: ["INSTANCE_ID"],
      },
    ],
    unseen: [
      "its code has the AWS SDK inside (bundle-with-older-sdk.js), where only commands that are made by their class are found",
    ],
  },
  {
    name: "serialized.js",
    title: "a function that Pulumi has serialized",
    calls: [
      {
        name: "PublishCommand of @aws-sdk/client-sns",
        where: "serialized.js:24",
        needs: ["sns:Publish"],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["TOPIC_ARN"],
      },
      {
        name: "SendMessageCommand of @aws-sdk/client-sqs",
        where: "serialized.js:30",
        needs: ["sqs:SendMessage"],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["QUEUE_URL"],
      },
    ],
    unseen: [],
  },
];

/** What this repository's own handler needs. */
export const ownNeeds: readonly string[] = [
  "dynamodb:GetItem",
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
  "ec2:DescribeInstanceStatus",
  "ec2:RebootInstances",
  "sns:Publish",
  "sqs:SendMessage",
];

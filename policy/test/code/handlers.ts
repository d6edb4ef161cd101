/** A handler of policy/test/fixtures/handlers, and what the pack must find in it. */
export interface Handler {
  /** A file, or a folder with several. */
  readonly name: string;
  readonly title: string;
  readonly calls: readonly FoundCall[];
  readonly unresolved: readonly string[];
  readonly caveats?: readonly string[];
}

/** A call without its empty lists; alternatives are one string, e.g. `a:B or c:D`. */
export interface FoundCall {
  readonly name: string;
  readonly where: string;
  readonly needs?: readonly string[];
  readonly mayUse?: readonly string[];
  readonly variables?: readonly string[];
  readonly arns?: readonly string[];
}

/** What the pack must find in each handler, checked manually against its code. */
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
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
  },
  {
    name: "require-destructured.js",
    title: "a destructured require",
    calls: [
      {
        name: "ReEncryptCommand of @aws-sdk/client-kms",
        where: "require-destructured.js:8",
        needs: ["kms:ReEncryptFrom", "kms:ReEncryptTo"],
        variables: ["NEW_KEY_ARN"],
      },
    ],
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
  },
  {
    name: "re-exports",
    title: "re-exported commands",
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
    unresolved: [],
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
    unresolved: [],
  },
  {
    name: "command-list.mjs",
    title: "commands that are only mentioned",
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
    unresolved: [],
  },
  {
    name: "own-wrapper.js",
    title: "a custom class with send",
    calls: [
      {
        name: "SendMessageBatchCommand of @aws-sdk/client-sqs",
        where: "own-wrapper.js:11",
        needs: ["sqs:SendMessage"],
        mayUse: ["kms:Decrypt", "kms:GenerateDataKey"],
        variables: ["QUEUE_URL"],
      },
    ],
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
  },
  {
    name: "unknown-command.mjs",
    title: "an operation that the SDK lacks",
    calls: [],
    unresolved: [
      "its code calls FooBarCommand of @aws-sdk/client-sns (unknown-command.mjs:5), for which the Service Authorization Reference has no action",
      "its code calls StartCommand of @aws-sdk/client-made-up (unknown-command.mjs:6), whose IAM service is unknown",
    ],
  },
  {
    name: "computed-command.js",
    title: "a computed command",
    calls: [],
    unresolved: [
      "its code accesses a member of @aws-sdk/client-ec2 by a computed name (computed-command.js:5)",
    ],
  },
  {
    name: "computed-client.mjs",
    title: "a computed client",
    calls: [],
    unresolved: [
      "its code loads a package of the AWS SDK by a computed name (computed-client.mjs:3)",
      "its code accesses a command by a computed name (computed-client.mjs:5)",
    ],
  },
  {
    name: "sdk-v2.js",
    title: "version 2 of the SDK",
    calls: [],
    unresolved: [
      "its code uses the AWS SDK for JavaScript v2 (sdk-v2.js:1), whose calls are not read",
    ],
  },
  {
    name: "middy.mjs",
    title: "packages that call AWS",
    calls: [],
    unresolved: [
      "its code uses @aws-lambda-powertools/idempotency (middy.mjs:1), which calls AWS itself",
      "its code uses @middy/ssm (middy.mjs:3), which calls AWS itself",
    ],
  },
  { name: "no-aws.js", title: "names like the SDK's without the SDK", calls: [], unresolved: [] },
  {
    name: "misleading-names.mjs",
    title: "names like the SDK's next to the SDK",
    calls: [],
    unresolved: [],
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
    unresolved: ["its code includes tables (node_modules/tables/index.js), which calls AWS itself"],
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
    unresolved: [],
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
    unresolved: [],
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
    unresolved: [],
    caveats: [
      "its code bundles the AWS SDK (bundle-with-sdk.mjs), where only commands that are created from their class are found",
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
    unresolved: [],
    caveats: [
      "its code bundles the AWS SDK (bundle-with-older-sdk.js), where only commands that are created from their class are found",
    ],
  },
  {
    name: "serialized.js",
    title: "a function that Pulumi serialized",
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
    unresolved: [],
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

import type { Permissions } from "../code/operations.ts";

/**
 * Packages around the AWS SDK for JavaScript v3.
 *
 * Source: the README of each package.
 * Refresh: manually, when the SDK gets a new `lib-` package or a new library calls AWS.
 */

/** The operations of DynamoDB behind the commands of `@aws-sdk/lib-dynamodb`. */
export const documentOperations: Readonly<Record<string, string>> = {
  BatchExecuteStatement: "BatchExecuteStatement",
  BatchGet: "BatchGetItem",
  BatchWrite: "BatchWriteItem",
  Delete: "DeleteItem",
  ExecuteStatement: "ExecuteStatement",
  ExecuteTransaction: "ExecuteTransaction",
  Get: "GetItem",
  Put: "PutItem",
  Query: "Query",
  Scan: "Scan",
  TransactGet: "TransactGetItems",
  TransactWrite: "TransactWriteItems",
  Update: "UpdateItem",
};

const assumeRole: Permissions = { needs: [["sts:AssumeRole"]], mayUse: [] };
/** Of a managed upload, which divides a large object into parts. */
export const upload: Permissions = {
  needs: [["s3:PutObject"]],
  mayUse: [
    "s3:AbortMultipartUpload",
    "s3:PutObjectAcl",
    "s3:PutObjectTagging",
    "kms:GenerateDataKey",
    "kms:Decrypt",
  ],
};

export const presignedPost: Permissions = {
  needs: [["s3:PutObject"]],
  mayUse: ["s3:PutObjectAcl"],
};
export const databaseToken: Permissions = { needs: [["rds-db:connect"]], mayUse: [] };

/** Classes and functions of the SDK's other packages, and the actions that they require. */
export const helpers: Readonly<Record<string, Readonly<Record<string, Permissions>>>> = {
  "@aws-sdk/lib-storage": { Upload: upload },
  "@aws-sdk/s3-presigned-post": { createPresignedPost: presignedPost },
  "@aws-sdk/credential-providers": { fromTemporaryCredentials: assumeRole },
  "@aws-sdk/rds-signer": { Signer: databaseToken },
  "@aws-sdk/dsql-signer": {
    DsqlSigner: { needs: [["dsql:DbConnect", "dsql:DbConnectAdmin"]], mayUse: [] },
  },
  "@aws-sdk/polly-request-presigner": {
    getSynthesizeSpeechUrl: { needs: [["polly:SynthesizeSpeech"]], mayUse: [] },
  },
};

/** Packages that call AWS themselves, with an input that is set elsewhere. */
export const callingPackages: readonly string[] = [
  "@aws-lambda-powertools/idempotency",
  "@aws-lambda-powertools/parameters",
  "@aws-sdk/signature-v4",
  "@middy/appconfig",
  "@middy/dynamodb",
  "@middy/rds-signer",
  "@middy/s3",
  "@middy/s3-object-response",
  "@middy/secrets-manager",
  "@middy/service-discovery",
  "@middy/sqs-partial-batch-failure",
  "@middy/ssm",
  "@middy/sts",
  "@middy/ws-response",
  "@smithy/signature-v4",
  "aws4",
  "aws4fetch",
  "dynamodb-toolbox",
  "dynamoose",
  "electrodb",
  "sqs-consumer",
  "sqs-producer",
];

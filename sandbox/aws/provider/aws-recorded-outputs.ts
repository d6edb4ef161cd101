import type { Values } from "../../engine/values.ts";

/**
 * What real states have in properties that the program does not set, where it is not the empty value
 * of the property's type: values that AWS chooses, and `null` for strings and lists that the
 * provider never reads. Each function gets all properties of a resource.
 *
 * Recorded from a real provider (7.12) in the golden tests of Pulumi's translator of Terraform
 * states, except for the topic's policy (SNS's default one) and the key's (the one of KMS).
 */
export const recordedOutputs: Readonly<Record<string, (outputs: Values) => Values>> = {
  "aws:dynamodb/table:Table": () => ({
    pointInTimeRecovery: { enabled: false, recoveryPeriodInDays: 0 },
    restoreDateTime: null,
    restoreSourceName: null,
    restoreSourceTableArn: null,
    restoreToLatestTime: null,
    tableClass: "STANDARD",
    ttl: { attributeName: "", enabled: false },
  }),
  "aws:cloudwatch/logGroup:LogGroup": () => ({ logGroupClass: "STANDARD" }),
  "aws:iam/role:Role": () => ({ maxSessionDuration: 3_600, path: "/" }),
  "aws:kms/key:Key": ({ arn }) => ({
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
    policy: JSON.stringify({
      Id: "key-default-1",
      Statement: [
        {
          Action: "kms:*",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${accountIn(arn)}:root` },
          Resource: "*",
          Sid: "Enable IAM User Permissions",
        },
      ],
      Version: "2012-10-17",
    }),
  }),
  "aws:lambda/eventSourceMapping:EventSourceMapping": () => ({
    enabled: true,
    queues: null,
    state: "Enabled",
    stateTransitionReason: "USER_INITIATED",
  }),
  "aws:lambda/function:Function": ({ name }) => ({
    architectures: ["x86_64"],
    ephemeralStorage: { size: 512 },
    loggingConfig: {
      applicationLogLevel: "",
      logFormat: "Text",
      logGroup: `/aws/lambda/${name}`,
      systemLogLevel: "",
    },
    packageType: "Zip",
    replaceSecurityGroupsOnDestroy: null,
    replacementSecurityGroupIds: null,
    reservedConcurrentExecutions: -1,
    s3Bucket: null,
    s3Key: null,
    s3ObjectVersion: null,
    tracingConfig: { mode: "PassThrough" },
    version: "$LATEST",
  }),
  "aws:s3/bucket:Bucket": () => ({
    acl: null,
    requestPayer: "BucketOwner",
    serverSideEncryptionConfiguration: {
      rule: {
        applyServerSideEncryptionByDefault: { kmsMasterKeyId: "", sseAlgorithm: "AES256" },
        bucketKeyEnabled: false,
      },
    },
    tags: null,
    versioning: { enabled: false, mfaDelete: false },
    website: null,
    websiteDomain: null,
    websiteEndpoint: null,
  }),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": () => ({ skipDestroy: null }),
  "aws:s3/bucketVersioning:BucketVersioning": () => ({ mfa: null }),
  "aws:sns/topic:Topic": ({ arn }) => ({
    owner: accountIn(arn),
    policy: JSON.stringify({
      Id: "__default_policy_ID",
      Statement: [
        {
          Action: [
            "SNS:GetTopicAttributes",
            "SNS:SetTopicAttributes",
            "SNS:AddPermission",
            "SNS:RemovePermission",
            "SNS:DeleteTopic",
            "SNS:Subscribe",
            "SNS:ListSubscriptionsByTopic",
            "SNS:Publish",
          ],
          Condition: { StringEquals: { "AWS:SourceOwner": accountIn(arn) } },
          Effect: "Allow",
          Principal: { AWS: "*" },
          Resource: arn ?? null,
          Sid: "__default_statement_ID",
        },
      ],
      Version: "2008-10-17",
    }),
  }),
  "aws:sns/topicSubscription:TopicSubscription": ({ topic }) => ({
    confirmationTimeoutInMinutes: 1,
    ownerId: accountIn(topic),
  }),
  "aws:sqs/queue:Queue": () => ({
    kmsDataKeyReusePeriodSeconds: 300,
    maxMessageSize: 262_144,
    messageRetentionSeconds: 345_600,
    sqsManagedSseEnabled: true,
    visibilityTimeoutSeconds: 30,
  }),
};

function accountIn(arn: Values[string] | undefined): string {
  return String(arn ?? "").split(":")[4] ?? "";
}

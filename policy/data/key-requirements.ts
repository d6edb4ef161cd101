/**
 * What a call requires of the KMS key that encrypts its resource.
 *
 * Source: the encryption page of each service, linked in each entry.
 * Refresh: compare each entry with its page. test/stack/requirements.spec.ts checks that every action exists.
 */

import type { Requirement } from "./requirements.ts";

const sqs =
  "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html";
const sns = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html";
const secrets =
  "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html";
const parameters =
  "https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html";
const kinesis = "https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html";
const both = ["kms:Decrypt", "kms:GenerateDataKey"];

const why = "is encrypted with a key";

/** Action → what it requires of the key. */
export const keyRequirements: Readonly<Record<string, Requirement>> = {
  "kinesis:GetRecords": { why, required: ["kms:Decrypt"], url: kinesis },
  "kinesis:PutRecord": { why, required: ["kms:GenerateDataKey"], url: kinesis },
  "kinesis:PutRecords": { why, required: ["kms:GenerateDataKey"], url: kinesis },
  "secretsmanager:GetSecretValue": { why, required: ["kms:Decrypt"], url: secrets },
  "secretsmanager:PutSecretValue": { why, required: both, url: secrets },
  "sns:Publish": { why, required: both, url: sns },
  "sqs:ReceiveMessage": { why, required: ["kms:Decrypt"], url: sqs },
  "sqs:SendMessage": { why, required: both, url: sqs },
  "ssm:GetParameter": { why, required: ["kms:Decrypt"], url: parameters },
  "ssm:GetParameters": { why, required: ["kms:Decrypt"], url: parameters },
  "ssm:PutParameter": { why, required: ["kms:Encrypt"], url: parameters },
};

/** Type → the property that refers to a customer managed key. */
export const keyProperties: Readonly<Record<string, string>> = {
  "aws:kinesis/stream:Stream": "kmsKeyId",
  "aws:secretsmanager/secret:Secret": "kmsKeyId",
  "aws:sns/topic:Topic": "kmsMasterKeyId",
  "aws:sqs/queue:Queue": "kmsMasterKeyId",
  "aws:ssm/parameter:Parameter": "keyId",
};

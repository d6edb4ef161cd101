/** What a call asks of the key by which its resource is encrypted. */
export interface KeyDuty {
  readonly required: readonly string[];
  /** Where AWS says so. */
  readonly url: string;
}

const sqs =
  "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html";
const sns = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html";
const secrets =
  "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html";
const parameters =
  "https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html";
const kinesis = "https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html";
const both = ["kms:Decrypt", "kms:GenerateDataKey"];

export const keyDuties: Readonly<Record<string, KeyDuty>> = {
  "kinesis:GetRecords": { required: ["kms:Decrypt"], url: kinesis },
  "kinesis:PutRecord": { required: ["kms:GenerateDataKey"], url: kinesis },
  "kinesis:PutRecords": { required: ["kms:GenerateDataKey"], url: kinesis },
  "secretsmanager:GetSecretValue": { required: ["kms:Decrypt"], url: secrets },
  "secretsmanager:PutSecretValue": { required: both, url: secrets },
  "sns:Publish": { required: both, url: sns },
  "sqs:ReceiveMessage": { required: ["kms:Decrypt"], url: sqs },
  "sqs:SendMessage": { required: both, url: sqs },
  "ssm:GetParameter": { required: ["kms:Decrypt"], url: parameters },
  "ssm:GetParameters": { required: ["kms:Decrypt"], url: parameters },
  "ssm:PutParameter": { required: ["kms:Encrypt"], url: parameters },
};

/** The properties that name a customer's key. */
export const keyProperties: Readonly<Record<string, string>> = {
  "aws:kinesis/stream:Stream": "kmsKeyId",
  "aws:secretsmanager/secret:Secret": "kmsKeyId",
  "aws:sns/topic:Topic": "kmsMasterKeyId",
  "aws:sqs/queue:Queue": "kmsMasterKeyId",
  "aws:ssm/parameter:Parameter": "keyId",
};

/**
 * Members of the inputs of AWS calls that hold what is sent, and never the resource that it is sent
 * to: an ARN in one of them is data.
 *
 * Source: the API references of S3, Kinesis, EventBridge, DynamoDB, SNS, SQS, Lambda, and Secrets
 * Manager.
 * Refresh: manually, when a payload of another service leads to a false finding.
 */
export const payloadMembers: readonly string[] = [
  "Body",
  "Data",
  "Detail",
  "ExpressionAttributeValues",
  "Filename",
  "Item",
  "Key",
  "Message",
  "MessageAttributes",
  "MessageBody",
  "Metadata",
  "Payload",
  "Prefix",
  "SecretString",
  "Subject",
];

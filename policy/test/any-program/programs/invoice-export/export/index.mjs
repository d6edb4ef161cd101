import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const s3 = new S3Client();
const client = new DynamoDBClient();

export const handler = async () => {
  const lines = [];
  for await (const page of paginateScan({ client }, { TableName: process.env.INVOICES })) {
    for (const item of page.Items ?? []) lines.push(JSON.stringify(item));
  }
  await s3.send(
    new PutObjectCommand({
      Bucket: process.env.REPORTS,
      Key: `invoices/${new Date().toISOString()}.jsonl`,
      Body: lines.join("\n"),
    }),
  );
};

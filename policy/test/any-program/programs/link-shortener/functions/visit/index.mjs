import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const db = new DynamoDBClient({});
const sqs = new SQSClient({});

export async function handler({ rawPath }) {
  const id = rawPath.slice(1);
  const { Item } = await db.send(
    new GetItemCommand({ TableName: process.env.LINKS_TABLE, Key: { id: { S: id } } }),
  );
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.VISITS_QUEUE, MessageBody: id }));
  return { statusCode: Item ? 302 : 404, headers: { location: Item?.target.S } };
}

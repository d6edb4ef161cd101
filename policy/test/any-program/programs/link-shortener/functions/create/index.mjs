import { randomBytes } from "node:crypto";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

const db = new DynamoDBClient({});

export async function handler({ body }) {
  const id = randomBytes(6).toString("base64url");
  await db.send(
    new PutItemCommand({
      TableName: process.env.LINKS_TABLE,
      Item: { id: { S: id }, target: { S: body } },
    }),
  );
  return { statusCode: 201, body: id };
}

import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";

const db = new DynamoDBClient({});

export async function handler({ sku, quantity }) {
  await db.send(
    new UpdateItemCommand({
      TableName: process.env.STOCK_TABLE,
      Key: { sku: { S: sku } },
      UpdateExpression: "SET reserved = reserved + :quantity",
      ExpressionAttributeValues: { ":quantity": { N: String(quantity) } },
    }),
  );
  return { sku, quantity, reserved: true };
}

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = ({ id }) =>
  db.send(new GetCommand({ TableName: process.env.TABLE_NAME, Key: { id } }));

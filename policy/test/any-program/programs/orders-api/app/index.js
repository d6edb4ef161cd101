const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, GetCommand, PutCommand } = require("@aws-sdk/lib-dynamodb");

const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.TABLE_NAME;

exports.handler = async (event) => {
  if (event.httpMethod === "POST") {
    const order = JSON.parse(event.body);
    await db.send(new PutCommand({ TableName, Item: order }));
    return { statusCode: 201, body: JSON.stringify(order) };
  }
  const { Item } = await db.send(
    new GetCommand({ TableName, Key: { id: event.pathParameters.id } }),
  );
  return Item
    ? { statusCode: 200, body: JSON.stringify(Item) }
    : { statusCode: 404, body: "not found" };
};

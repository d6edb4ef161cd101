import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { Item } from "../../handler/incidents/table.ts";

/** The stack's table, which has the kill switches and what the instances of a group share. */
export interface Table {
  readonly db: Pick<DynamoDBClient, "send">;
  readonly tableName: string;
}

/** An item as the last write left it; empty if there is none. Throws what DynamoDB throws. */
export async function readItem({ db, tableName: TableName }: Table, Key: Item): Promise<Item> {
  const { Item = {} } = await db.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  return Item;
}

import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import type { AwsTarget } from "../../../../sandbox/aws/provider/aws-target.ts";

type Item = Record<string, AttributeValue>;

/** The table of one worker, which nobody else writes between two calls of its function. */
export class GroupTable {
  private readonly db: DynamoDBClient;
  private readonly TableName: string;
  private lastPassMs: number | undefined;

  constructor(aws: AwsTarget, tableName: string) {
    this.db = new DynamoDBClient(aws);
    this.TableName = tableName;
  }

  async put(Item: Item): Promise<void> {
    const { TableName } = this;
    await this.db.send(new PutItemCommand({ TableName, Item }));
  }

  /**
   * Moves all times of the table into the past, so that for the function these minutes have passed since the
   * last call: on a slow machine not more.
   */
  async passMinutes(minutes: number): Promise<void> {
    const nowMs = Date.now();
    const passedMs = nowMs - (this.lastPassMs ?? nowMs);
    this.lastPassMs = nowMs;
    const ms = minutes * 60_000 - passedMs;
    for (const item of await this.items()) {
      await this.put(
        Object.fromEntries(Object.entries(item).map(([name, it]) => [name, earlier(it, ms)])),
      );
    }
  }

  async clear(): Promise<void> {
    const { TableName } = this;
    for (const { id } of await this.items()) {
      const Key = { id: id ?? { S: "" } };
      await this.db.send(new DeleteItemCommand({ TableName, Key }));
    }
  }

  private async items(): Promise<Item[]> {
    const { TableName } = this;
    const { Items = [] } = await this.db.send(new ScanCommand({ TableName, ConsistentRead: true }));
    return Items;
  }
}

/** Greater than each count, and less than each time in milliseconds. */
const firstTimeMs = 1e12;

function earlier(value: AttributeValue, ms: number): AttributeValue {
  const { N, L } = value;
  if (L) return { L: L.map((it) => earlier(it, ms)) };
  return Number(N) > firstTimeMs ? { N: String(Number(N) - ms) } : value;
}

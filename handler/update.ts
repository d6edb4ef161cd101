import type { UpdateItemCommandInput, UpdateItemCommandOutput } from "@aws-sdk/client-dynamodb";
import { isNamed } from "./error.ts";
import type { HandlerOptions } from "./options.ts";

const attempts = 3;
const waitMs = 50;

/**
 * Updates one item, for at most `limitMs` a try. Where the write meets a claim of the same item,
 * DynamoDB refuses it with an error that the SDK does not repeat; it is tried again, three times in
 * all. Throws what DynamoDB throws.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export async function updateItem(
  input: UpdateItemCommandInput,
  { clients, wait }: Pick<HandlerOptions, "clients" | "wait">,
  limitMs: number,
): Promise<UpdateItemCommandOutput> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await clients.updateItem(input, limitMs);
    } catch (error) {
      const isConflict = isNamed(error, "TransactionConflictException");
      if (!isConflict || attempt === attempts) throw error;
      await wait(waitMs * attempt);
    }
  }
}

import type { Permissions } from "./operations.ts";

/** By the kind of a transaction's item. */
const actions: Readonly<Record<string, string>> = {
  Put: "dynamodb:PutItem",
  Update: "dynamodb:UpdateItem",
  Delete: "dynamodb:DeleteItem",
  ConditionCheck: "dynamodb:ConditionCheckItem",
};

/** The keys of the objects in a package. */
export interface Keys {
  /** Those whose value is an object literal, and those whose value is unknown. */
  readonly objectKeys: ReadonlySet<string>;
  readonly unknownKeys: ReadonlySet<string>;
}

/**
 * The permissions of a transaction, by the items that the package writes: `{ Put: { … } }`. If it
 * writes none of the four kinds in that way, one of the four actions is needed.
 */
export function transactionOf(
  permissions: Permissions,
  { objectKeys, unknownKeys }: Keys,
): Permissions {
  const named = (keys: ReadonlySet<string>) =>
    Object.entries(actions).flatMap(([key, action]) => (keys.has(key) ? [action] : []));
  const certain = named(objectKeys);
  if (certain.length === 0) return permissions;
  const { mayUse } = permissions;
  return {
    needs: certain.map((it) => [it]),
    mayUse: [...new Set([...mayUse, ...named(unknownKeys)])],
  };
}

/** True for a command or a method that sends a transaction of writes. */
export function isTransaction(name: string): boolean {
  return /^(TransactWrite(Items)?Command|transactWrite(Items)?|transact_write_items)$/.test(name);
}

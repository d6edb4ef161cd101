import type { Permissions } from "./operations.ts";

const actions: Readonly<Record<string, string>> = {
  Put: "dynamodb:PutItem",
  Update: "dynamodb:UpdateItem",
  Delete: "dynamodb:DeleteItem",
  ConditionCheck: "dynamodb:ConditionCheckItem",
};

/** Which keys a package's objects have. */
export interface Keys {
  /** Those that hold an object, and those that hold what is not known. */
  readonly objectKeys: ReadonlySet<string>;
  readonly openKeys: ReadonlySet<string>;
}

/**
 * What a transaction needs, by what the package writes in its objects: `{ Put: { … } }`. Where it
 * writes none of the four in that way, one of them is needed.
 */
export function transactionOf(
  permissions: Permissions,
  { objectKeys, openKeys }: Keys,
): Permissions {
  const named = (keys: ReadonlySet<string>) =>
    Object.entries(actions).flatMap(([key, action]) => (keys.has(key) ? [action] : []));
  const sure = named(objectKeys);
  if (sure.length === 0) return permissions;
  const { mayUse } = permissions;
  return { needs: sure.map((it) => [it]), mayUse: [...new Set([...mayUse, ...named(openKeys)])] };
}

/** True for the calls that send a transaction that writes. */
export function isTransaction(name: string): boolean {
  return /^(TransactWrite(Items)?Command|transactWrite(Items)?) of /.test(name);
}

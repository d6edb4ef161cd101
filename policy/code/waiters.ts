import { waiters } from "../data/waiters.ts";
import { ownValue } from "../field.ts";
import { permissionsOfOperation, type UsePermissions } from "./operations.ts";

/** The operation that a waiter calls: `DescribeInstances` for `InstanceRunning` of `ec2`. */
export function operationOfWaiter(client: string, waiter: string): string | undefined {
  const operations = Object.entries(ownValue(waiters, client) ?? {});
  return operations.find(([, names]) => names.includes(waiter))?.[0];
}

/** The permissions that a waiter of a client needs, e.g. `InstanceRunning` of `ec2`. */
export async function permissionsOfClientWaiter(
  client: string,
  waiter: string,
): Promise<UsePermissions> {
  const operation = operationOfWaiter(client, waiter);
  return operation === undefined
    ? { kind: "unresolved", why: "a waiter whose operation is unknown" }
    : permissionsOfOperation(client, operation);
}

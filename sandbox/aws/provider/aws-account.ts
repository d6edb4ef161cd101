import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Values } from "../../engine/values.ts";
import type { AwsTarget } from "./aws-target.ts";

/** What the real provider knows of where it works. */
export function accountFunctions(
  target: AwsTarget,
): Record<string, (args: Values) => Promise<Values>> {
  return {
    "aws:index/getCallerIdentity:getCallerIdentity": async () => {
      const accountId = await accountOf(target);
      return { id: accountId, accountId };
    },
    "aws:index/getRegion:getRegion": async () => ({ id: target.region, region: target.region }),
    "aws:index/getPartition:getPartition": async () => ({ id: "aws", partition: "aws" }),
  };
}

/** The id of the account whose credentials these are. */
export async function accountOf(target: AwsTarget): Promise<string> {
  const { Account = "" } = await new STSClient(target).send(new GetCallerIdentityCommand({}));
  return Account;
}

/** Refuses credentials of other accounts, as the real provider does; `allowed` is a JSON list. */
export async function checkAccount(target: AwsTarget, allowed: string | undefined): Promise<void> {
  if (allowed === undefined) return;
  const account = await accountOf(target);
  if (!JSON.parse(allowed).includes(account)) {
    throw new Error(`AWS account ID not allowed: ${account}; aws:allowedAccountIds has ${allowed}`);
  }
}

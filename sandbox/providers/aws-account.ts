import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsTarget } from "./aws-target.ts";
import type { Values } from "./values.ts";

/** What the real provider knows of where it works. */
export function accountFunctions(
  target: AwsTarget,
): Record<string, (args: Values) => Promise<Values>> {
  const sts = new STSClient(target);
  return {
    "aws:index/getCallerIdentity:getCallerIdentity": async () => {
      const { Account = null } = await sts.send(new GetCallerIdentityCommand({}));
      return { id: Account, accountId: Account };
    },
    "aws:index/getRegion:getRegion": async () => ({ id: target.region, region: target.region }),
    "aws:index/getPartition:getPartition": async () => ({ id: "aws", partition: "aws" }),
  };
}

import { httpSettings, keep, within } from "../aws-clients.ts";
import type { DescribeTargets } from "./targets.ts";

/** The call with the SDK of the Lambda runtime, which is loaded when it is first needed. */
export function createTargetsClient(): DescribeTargets {
  const load = keep(async () => {
    const sdk = await import("@aws-sdk/client-elastic-load-balancing-v2");
    const settings = { maxAttempts: 2, requestHandler: httpSettings };
    return { sdk, client: new sdk.ElasticLoadBalancingV2Client(settings) };
  });
  return async (input, limitMs) => {
    const { sdk, client } = await load();
    return client.send(new sdk.DescribeTargetHealthCommand(input), within(limitMs));
  };
}

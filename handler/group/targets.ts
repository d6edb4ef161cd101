import type {
  DescribeTargetHealthCommandInput,
  DescribeTargetHealthCommandOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Call } from "../aws-clients.ts";
import { errorText } from "../errors.ts";
import { timeLimitsMs } from "../time-limits.ts";
import type { Targets } from "./group.ts";

export type DescribeTargets = Call<
  DescribeTargetHealthCommandInput,
  DescribeTargetHealthCommandOutput
>;

/**
 * Why the instance must not be rebooted now because of the load balancer's other targets; `undefined` if it
 * may. They must be known: an error, an empty response, or one without the instance is a reason. Never
 * throws.
 *
 * A target that is registered on several ports is healthy if it is healthy on all of them. One with a lease is
 * not: it was just rebooted, and the load balancer may not have noticed yet. Nothing is
 * deregistered: health checks take a rebooting instance out, and the right to deregister could empty the
 * target group.
 */
export async function whyTargetsForbid(
  instanceId: string,
  leasedIds: readonly string[],
  { targetGroupArn, minHealthyPercent, describe }: Targets,
): Promise<string | undefined> {
  try {
    const input = { TargetGroupArn: targetGroupArn };
    const { TargetHealthDescriptions = [] } = await describe(input, timeLimitsMs.describeTargets);
    const healthy = new Map<string, boolean>();
    for (const { Target, TargetHealth } of TargetHealthDescriptions) {
      const id = Target?.Id ?? "";
      const isHealthy = TargetHealth?.State === "healthy" && !leasedIds.includes(id);
      healthy.set(id, isHealthy && (healthy.get(id) ?? true));
    }
    if (!healthy.delete(instanceId)) {
      return "the target group does not have the instance, so the health of the others is unknown";
    }
    const healthyCount = [...healthy.values()].filter((it) => it).length;
    const isEnough = healthy.size > 0 && healthyCount * 100 >= minHealthyPercent * healthy.size;
    return isEnough
      ? undefined
      : `${healthyCount} of ${healthy.size} other targets are healthy; at least ${minHealthyPercent} % must be`;
  } catch (error) {
    return `the health of the other targets is unknown: ${errorText(error)}`;
  }
}

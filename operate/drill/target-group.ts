import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Link } from "./link.ts";

/**
 * The last link of a group with a target group. The function reboots an instance only while enough of the
 * other targets are healthy, which says nothing of an instance that is not one of them. A target's id is
 * that of its instance if the target group has the type `instance`.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html
 */
export const targetGroupLink: Link = {
  name: "every instance is registered in the target group",
  async check({ stack, loadBalancers }) {
    const { TargetHealthDescriptions = [] } = await loadBalancers.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: stack.targetGroupArn }),
    );
    const registered = new Set(TargetHealthDescriptions.map(({ Target }) => Target?.Id));
    const missing = stack.instanceIds.filter((it) => !registered.has(it));
    if (missing.length > 0) {
      throw new Error(
        `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not registered in ${stack.targetGroupArn}: ` +
          "register each instance by its id in a target group of the type instance",
      );
    }
    return `${stack.instanceIds.length} instances`;
  },
};

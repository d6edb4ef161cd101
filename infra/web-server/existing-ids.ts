import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Every state of an instance that still exists. Without a list, AWS's provider finds running instances only. */
const states = ["pending", "running", "stopping", "stopped"];

/**
 * Those of the ids that are instances of the stack's account and region. One call; an id that does not exist is no
 * error, since the ids are a filter:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
 */
export function existingIds(
  instanceIds: readonly string[],
  more: aws.types.input.ec2.GetInstancesFilterArgs[] = [],
): pulumi.Output<string[]> {
  return aws.ec2.getInstancesOutput({
    filters: [{ name: "instance-id", values: [...instanceIds] }, ...more],
    instanceStateNames: states,
  }).ids;
}

/**
 * Ends the preview with this error. It is logged besides, because Pulumi puts the names of all properties that
 * depend on the failed value before the text of what is thrown.
 */
export function fail(message: string): never {
  void pulumi.log.error(message);
  throw new Error(message);
}

/**
 * Fails if an Auto Scaling group manages one of the instances: the group may replace an instance that reboots. The
 * tag's key must be a filter, because AWS's provider returns no tag of AWS with an instance.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html#tag-lifecycle
 * https://github.com/hashicorp/terraform-provider-aws/issues/32014
 */
export function refuseAutoScaling(instanceIds: readonly string[]): pulumi.Output<void> {
  const hasTag = { name: "tag-key", values: ["aws:autoscaling:groupName"] };
  return existingIds(instanceIds, [hasTag]).apply((managed) => {
    const [first, ...others] = managed;
    if (first === undefined) return;
    const them = others.length === 0 ? "it" : "them";
    fail(
      `${managed.join(", ")}: an Auto Scaling group manages ${them}, so replace ${them} instead of rebooting ${them}`,
    );
  });
}

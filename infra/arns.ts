import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Makes ARNs of the stack's account and region. */
export type ArnOf = (service: string, resource: pulumi.Input<string>) => pulumi.Output<string>;

/**
 * Makes ARNs from names, which a preview knows even if the resource is not created yet: so the policy pack
 * can check a resource policy there.
 */
export function arnsHere(parent?: pulumi.Resource): ArnOf {
  const { accountId } = aws.getCallerIdentityOutput({}, { parent });
  const { region } = aws.getRegionOutput({}, { parent });
  const { partition } = aws.getPartitionOutput({}, { parent });
  return (service, resource) =>
    pulumi.interpolate`arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

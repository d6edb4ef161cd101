import * as pulumi from "@pulumi/pulumi";

/**
 * Tags of EC2 resources with their stack. Their ids do not contain it, so the deploy role can be limited to a
 * stack only by these.
 */
export function stackTags(): Record<string, string> {
  return { Project: pulumi.getProject(), Stack: pulumi.getStack() };
}

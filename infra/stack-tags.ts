import * as pulumi from "@pulumi/pulumi";

/**
 * Tags that say which stack a resource of EC2 is of. Its ids say nothing, so a role for deployments
 * can be limited to a stack by these alone.
 */
export function stackTags(): Record<string, string> {
  return { Project: pulumi.getProject(), Stack: pulumi.getStack() };
}

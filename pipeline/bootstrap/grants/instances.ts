import type * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../../../infra/grants.ts";
import type { Names } from "../names.ts";

/** The ARNs of the instances that exist already, or of any instance, where tags say which one is the stack's. */
export function instanceArns(names: Names): pulumi.Output<string>[] {
  const { existingInstances } = names;
  const ids = existingInstances.length > 0 ? existingInstances : ["*"];
  return ids.map((it) => names.ec2(`instance/${it}`));
}

/**
 * The instances that exist already, or the one that has the stack's tags. A group is named by a condition on ids:
 * 50 ARNs have up to 3,900 characters, and a managed policy at most 6,144. EC2 has this key with each action on an
 * instance: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export function theInstances(names: Names): Pick<Grant, "resources" | "conditions"> {
  const { existingInstances: ids } = names;
  if (ids.length === 1) return { resources: instanceArns(names) };
  return {
    resources: [names.ec2("instance/*")],
    conditions:
      ids.length === 0
        ? names.ofStack("aws:ResourceTag")
        : { StringEquals: { "ec2:InstanceID": ids } },
  };
}

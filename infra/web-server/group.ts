import * as pulumi from "@pulumi/pulumi";
import { arnsHere } from "../arns.ts";
import { existingIds, fail, refuseAutoScaling } from "./existing-ids.ts";
import type { RebootTarget } from "./web-server.ts";

/**
 * Existing instances of the stack's account and region, in this order. The preview fails if one of them does not
 * exist there or belongs to an Auto Scaling group. Two calls find that out, whatever the number of instances.
 */
export function existingGroup(instanceIds: readonly string[]): RebootTarget {
  const checked = pulumi
    .all([existingIds(instanceIds), refuseAutoScaling(instanceIds)])
    .apply(([existing]) => refuseUnknown(instanceIds, existing));
  const arnOf = arnsHere();
  const ids = instanceIds.map((id) => checked.apply(() => id));
  return {
    instanceIds: ids,
    instanceArns: ids.map((id) => arnOf("ec2", pulumi.interpolate`instance/${id}`)),
  };
}

function refuseUnknown(instanceIds: readonly string[], existing: readonly string[]): void {
  const unknown = instanceIds.filter((it) => !existing.includes(it));
  if (unknown.length > 0) {
    fail(
      `instanceIds: there is no ${unknown.join(", ")}; ` +
        "expected instances of the account and the region that the stack is deployed to",
    );
  }
}

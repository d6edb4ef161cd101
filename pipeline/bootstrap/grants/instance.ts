import type { Grant } from "../../../infra/grants.ts";
import type { Names } from "../names.ts";

/** The one that exists already, or the one that has the stack's tags. */
export function theInstance(names: Names): Pick<Grant, "resources" | "conditions"> {
  return names.existingInstance
    ? { resources: [names.existingInstance] }
    : { resources: [names.ec2("instance/*")], conditions: names.ofStack("aws:ResourceTag") };
}

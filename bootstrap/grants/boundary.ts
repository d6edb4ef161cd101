import type * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../../infra/grants.ts";
import { rebootGrants } from "../../infra/reboot-grants.ts";
import type { Names } from "../names.ts";
import { theInstance } from "./instance.ts";

/**
 * The most that a role may have which the pipeline makes: what the program gives to its role, on
 * anything that has the stack's names or tags.
 */
export function boundaryGrants(names: Names): Grant[] {
  const { resources, conditions } = theInstance(names);
  const [instance] = resources as [pulumi.Input<string>];
  return rebootGrants({
    instance,
    topic: names.topics,
    logGroup: names.logGroup,
    table: names.tables,
    checkQueue: names.queuesNamed("reboot-checks"),
    deadLetters: names.queuesNamed("reboot-dead-letters"),
  }).map((it) => (it.sid === "RebootTheInstance" && conditions ? { ...it, conditions } : it));
}

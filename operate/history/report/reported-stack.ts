import { instanceIdsOf, type OpenStack, outputOf } from "../../open-stack.ts";
import type { ReportPorts } from "./read.ts";

/** What reports need to know of a stack in this region. Throws if it lacks an output. */
export function reportedStack(stack: OpenStack, region: string): ReportPorts["stack"] {
  const { project, name, outputs } = stack;
  const evidenceBucket = outputs.evidenceBucketName?.value;
  return {
    project,
    name,
    region,
    instanceIds: instanceIdsOf(stack),
    logGroupName: outputOf(stack, "logGroupName"),
    savedSearchId: outputOf(stack, "savedSearchId"),
    rule: outputs.alertRule?.value,
    ...(typeof evidenceBucket === "string" && { evidenceBucket }),
  };
}

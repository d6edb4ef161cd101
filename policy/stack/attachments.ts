import type { PolicyResource } from "@pulumi/policy";
import { types } from "../data/resource-types.ts";
import { addTo } from "../groups.ts";
import { namesIn, resolveProperty, resolveStandIn } from "./links.ts";

/** The event source mappings and invocation settings of functions. */
export type Attachments = (lambda: PolicyResource) => readonly PolicyResource[];

const attached: readonly string[] = [types.eventSourceMapping, types.eventInvokeConfig];

/** Finds what is attached to a function, also by an alias. */
export function attachmentsIn(resources: readonly PolicyResource[]): Attachments {
  const find = namesIn(resources.filter(({ type }) => type === types.function))(types.function);
  const found = new Map<PolicyResource, PolicyResource[]>();
  for (const it of resources) {
    if (!attached.includes(it.type)) continue;
    const { resources: all } = resolveProperty(it, "functionName", find);
    for (const lambda of new Set(all.flatMap(resolveStandIn))) addTo(found, lambda, it);
  }
  return (lambda) => found.get(lambda) ?? [];
}

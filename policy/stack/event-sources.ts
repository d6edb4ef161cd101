import type { PolicyResource } from "@pulumi/policy";
import { eventSources, readsSecret, subscribes } from "../data/requirements.ts";
import { types } from "../data/resource-types.ts";
import { has } from "../field.ts";
import type { StackArns } from "./arns.ts";
import { type Reference, resolveProperty, resolveStandIn } from "./links.ts";
import { type Need, needsByService, needsOf } from "./need.ts";

/** What Lambda reads for an event source mapping. */
export function eventNeeds(mapping: PolicyResource, { find }: StackArns): Need[] {
  if (mapping.type !== types.eventSourceMapping) return [];
  const source = resolveProperty(mapping, "eventSourceArn", find);
  // A consumer of a Kinesis stream reads that stream.
  const streams = { ...source, resources: source.resources.flatMap(resolveStandIn) };
  const isByConsumer = source.resources.some(({ type }) => type === types.streamConsumer);
  return [
    ...needsByService(mapping, streams, eventSources),
    ...(isByConsumer ? needsOf(mapping, subscribes, source) : []),
    ...(has(mapping.props, "sourceAccessConfigurations")
      ? needsOf(mapping, readsSecret, secretsOf(mapping, find))
      : []),
  ];
}

/** The secrets by which Lambda logs in to a broker or a database. Networks are in the list, too. */
function secretsOf(mapping: PolicyResource, find: StackArns["find"]): Reference {
  const path = "sourceAccessConfigurations.uri";
  const isSecret = (type: string) => type === types.secret;
  const { resources, values } = resolveProperty(mapping, path, find, isSecret);
  return {
    resources: resources.filter(({ type }) => isSecret(type)),
    values: values.filter((it) => it.includes(":secret:")),
  };
}

import type { PolicyResource } from "@pulumi/policy";
import { has, memberOf, readList, textOf } from "../field.ts";
import { types } from "../resources.ts";
import type { StackArns } from "./arns.ts";
import { eventSources, readsSecret, subscribes } from "./duties.ts";
import { needsByService, needsOf } from "./duty-needs.ts";
import { type Named, namedBy } from "./functions.ts";
import type { Need } from "./need.ts";

/** What Lambda reads for an event source mapping. */
export function eventNeeds(mapping: PolicyResource, arns: StackArns): Need[] {
  if (mapping.type !== types.eventSourceMapping) return [];
  const { props } = mapping;
  const named = namedBy(mapping, "eventSourceArn", () => props.eventSourceArn, arns);
  return [
    ...needsByService(mapping, streamsOf(named), eventSources),
    ...(named.resources.some(isConsumer) ? needsOf(mapping, subscribes, named) : []),
    ...(has(props, "sourceAccessConfigurations")
      ? needsOf(mapping, readsSecret, secretsOf(mapping, arns))
      : []),
  ];
}

function isConsumer({ type }: PolicyResource): boolean {
  return type === "aws:kinesis/streamConsumer:StreamConsumer";
}

/** A consumer of a Kinesis stream reads that stream. */
function streamsOf({ resources, texts }: Named): Named {
  const streams = resources.flatMap((it) =>
    isConsumer(it) ? (it.propertyDependencies.streamArn ?? []) : [it],
  );
  return { resources: streams, texts };
}

/** The secrets by which Lambda logs in to a broker or a database; networks stand in the list, too. */
function secretsOf(mapping: PolicyResource, arns: StackArns): Named {
  const property = "sourceAccessConfigurations";
  const uris = readList(() => mapping.props[property]).map((it) => memberOf(it, "uri"));
  const texts = uris.flatMap((it) => textOf(it) ?? []).filter((it) => it.includes(":secret:"));
  const found = texts.map((it) => arns.find(it) ?? it);
  const sources = mapping.propertyDependencies[property] ?? [];
  return {
    resources: [
      ...found.filter((it) => typeof it !== "string"),
      ...sources.filter(({ type }) => type === "aws:secretsmanager/secret:Secret"),
    ],
    texts: found.filter((it) => typeof it === "string"),
  };
}

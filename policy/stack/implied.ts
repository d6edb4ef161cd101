import type { PolicyResource } from "@pulumi/policy";
import {
  type Fields,
  isFields,
  memberOf,
  ownValue,
  read,
  readList,
  scalarOf,
  textOf,
} from "../field.ts";
import { types } from "../resources.ts";
import { partsOf, type StackArns } from "./arns.ts";
import {
  type Duty,
  decryptsVariables,
  destinations,
  eventSources,
  isInVpc,
  isTraced,
  mountsFiles,
  readsSecret,
  writesLog,
} from "./duties.ts";
import { type Belongings, type Named, namedBy } from "./functions.ts";
import type { Need } from "./need.ts";

/** What a function's role is needed for by how the function and what belongs to it are configured. */
export function impliedNeeds(
  lambda: PolicyResource,
  belongings: Belongings,
  arns: StackArns,
): Need[] {
  const { props } = lambda;
  const has = (property: string) => property in props && isSet(read(() => props[property]));
  return [
    ...needsOf(lambda, writesLog, logOf(lambda, arns)),
    ...(isActive(props) ? needsOf(lambda, isTraced) : []),
    ...(has("vpcConfig") ? needsOf(lambda, isInVpc) : []),
    ...(has("fileSystemConfig")
      ? needsOf(lambda, mountsFiles, namedBelow(lambda, "fileSystemConfig", "arn", arns))
      : []),
    ...(has("kmsKeyArn")
      ? needsOf(
          lambda,
          decryptsVariables,
          namedBy(lambda, "kmsKeyArn", () => props.kmsKeyArn, arns),
        )
      : []),
    ...(has("deadLetterConfig")
      ? deliveries(lambda, namedBelow(lambda, "deadLetterConfig", "targetArn", arns))
      : []),
    ...belongings.of(lambda).flatMap((it) => [...events(it, arns), ...outcomes(it, arns)]),
  ];
}

function needsOf(of: PolicyResource, duty: Duty, named: Named = nothing): Need[] {
  const why = `${of.name} ${duty.why} (${duty.url})`;
  const need = (action: string, isRequired: boolean): Need => ({
    of,
    why,
    isRequired,
    ways: [{ action, ...named }],
  });
  return [
    ...duty.required.map((it) => need(it, true)),
    ...(duty.optional ?? []).map((it) => need(it, false)),
  ];
}

const nothing: Named = { resources: [], texts: [] };

function isSet(field: ReturnType<typeof read>): boolean {
  return (
    !field.isKnown || (field.value !== undefined && field.value !== null && field.value !== "")
  );
}

function isActive(props: PolicyResource["props"]): boolean {
  const config = read(() => props.tracingConfig);
  if (!config.isKnown || !isFields(config.value)) return false;
  const { value } = config;
  return scalarOf(read(() => value.mode)) === "Active";
}

/** The log group: the one that is configured, or the one that has the function's name. */
function logOf(lambda: PolicyResource, arns: StackArns): Named {
  const sources = lambda.propertyDependencies.loggingConfig ?? [];
  const group = sources.find(({ type }) => type === types.logGroup);
  if (group) return { resources: [group], texts: [] };
  const configured = textOf(read(() => fieldsOf(lambda.props.loggingConfig).logGroup));
  const own = textOf(read(() => lambda.props.name));
  const name = configured ?? (own && `/aws/lambda/${own}`);
  const found = name === undefined ? undefined : arns.find(`arn:*:logs:*:*:log-group:${name}`);
  if (found) return { resources: [found], texts: [] };
  return { resources: [], texts: name === undefined ? [] : [name] };
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function namedBelow(
  resource: PolicyResource,
  property: string,
  member: string,
  arns: StackArns,
): Named {
  return namedBy(resource, property, () => fieldsOf(resource.props[property])[member], arns);
}

/** What Lambda reads for an event source mapping. */
function events(mapping: PolicyResource, arns: StackArns): Need[] {
  if (mapping.type !== types.eventSourceMapping) return [];
  const { props } = mapping;
  const named = namedBy(mapping, "eventSourceArn", () => props.eventSourceArn, arns);
  return [
    ...duties(mapping, streamsOf(named), eventSources),
    ...("sourceAccessConfigurations" in props
      ? needsOf(mapping, readsSecret, secretsOf(mapping, arns))
      : []),
  ];
}

/** A consumer of a Kinesis stream reads that stream. */
function streamsOf({ resources, texts }: Named): Named {
  const streams = resources.flatMap((it) =>
    it.type === "aws:kinesis/streamConsumer:StreamConsumer"
      ? (it.propertyDependencies.streamArn ?? [])
      : [it],
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

/** Where an event source mapping or an invocation's configuration sends what was done or failed. */
function outcomes(config: PolicyResource, arns: StackArns): Need[] {
  return ["onFailure", "onSuccess"].flatMap((outcome) => {
    const destination = () => fieldsOf(fieldsOf(config.props.destinationConfig)[outcome]);
    const isThere = read(destination);
    if (isThere.isKnown && Object.keys(isThere.value).length === 0) return [];
    const arn = () => destination().destination ?? destination().destinationArn;
    return deliveries(config, namedBy(config, "destinationConfig", arn, arns));
  });
}

function deliveries(of: PolicyResource, named: Named): Need[] {
  return duties(of, named, destinations);
}

function duties(of: PolicyResource, named: Named, table: Readonly<Record<string, Duty>>): Need[] {
  const byService = new Map<string, Named>();
  for (const it of named.resources) {
    const service = /^aws:(\w+)\//.exec(it.type)?.[1] ?? "";
    // EventBridge's and MSK's modules have other names than their services.
    const name = it.type.startsWith("aws:cloudwatch/event")
      ? "events"
      : (renamed[service] ?? service);
    const before = byService.get(name) ?? nothing;
    byService.set(name, { ...before, resources: [...before.resources, it] });
  }
  for (const it of named.texts) {
    byService.set(partsOf(it).service, { resources: [], texts: [it] });
  }
  return [...byService].flatMap(([service, one]) => {
    const duty = ownValue(table, service);
    return duty ? needsOf(of, duty, one) : [];
  });
}

const renamed: Readonly<Record<string, string>> = { docdb: "rds", msk: "kafka" };

import type { PolicyResource } from "@pulumi/policy";
import { isFields, read, scalarOf, textOf } from "../field.ts";
import { types } from "../resources.ts";
import type { StackArns } from "./arns.ts";
import {
  decryptsVariables,
  destinations,
  isInVpc,
  isTraced,
  mountsFiles,
  writesLog,
} from "./duties.ts";
import { fieldsOf, namedBelow, needsByService, needsOf } from "./duty-needs.ts";
import { eventNeeds } from "./event-sources.ts";
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
    ...belongings.of(lambda).flatMap((it) => [...eventNeeds(it, arns), ...outcomes(it, arns)]),
  ];
}

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
  return needsByService(of, named, destinations);
}

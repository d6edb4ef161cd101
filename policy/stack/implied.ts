import type { PolicyResource } from "@pulumi/policy";
import { has, isFields, isSet, memberOf, read, scalarOf, setTextOf } from "../field.ts";
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
  return [
    ...needsOf(lambda, writesLog, logOf(lambda, arns)),
    ...(isActive(props) ? needsOf(lambda, isTraced) : []),
    ...(hasNetwork(props) ? needsOf(lambda, isInVpc) : []),
    ...(has(props, "fileSystemConfig")
      ? needsOf(lambda, mountsFiles, namedBelow(lambda, "fileSystemConfig", "arn", arns))
      : []),
    ...(has(props, "kmsKeyArn")
      ? needsOf(
          lambda,
          decryptsVariables,
          namedBy(lambda, "kmsKeyArn", () => props.kmsKeyArn, arns),
        )
      : []),
    ...(has(props, "deadLetterConfig")
      ? deliveries(lambda, namedBelow(lambda, "deadLetterConfig", "targetArn", arns))
      : []),
    ...belongings.of(lambda).flatMap((it) => [...eventNeeds(it, arns), ...outcomes(it, arns)]),
  ];
}

/** A function is in a VPC by its subnets; the block can have other values without any. */
function hasNetwork(props: PolicyResource["props"]): boolean {
  const config = read(() => props.vpcConfig);
  return isSet(memberOf(config, "subnetIds"));
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
  const configured = setTextOf(read(() => fieldsOf(lambda.props.loggingConfig).logGroup));
  const own = setTextOf(read(() => lambda.props.name));
  const name = configured ?? (own && `/aws/lambda/${own}`);
  const found = name === undefined ? undefined : arns.find(`arn:*:logs:*:*:log-group:${name}`);
  if (found) return { resources: [found], texts: [] };
  return { resources: [], texts: name === undefined ? [] : [name] };
}

/** Where an event source mapping or an invocation's configuration sends what was done or failed. */
function outcomes(config: PolicyResource, arns: StackArns): Need[] {
  return ["onFailure", "onSuccess"].flatMap((outcome) => {
    const destination = () => fieldsOf(fieldsOf(config.props.destinationConfig)[outcome]);
    if (!isSet(read(destination))) return [];
    const arn = () => destination().destination || destination().destinationArn;
    return deliveries(config, namedBy(config, "destinationConfig", arn, arns));
  });
}

function deliveries(of: PolicyResource, named: Named): Need[] {
  return needsByService(of, named, destinations);
}

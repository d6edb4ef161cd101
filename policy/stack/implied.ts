import type { PolicyResource } from "@pulumi/policy";
import {
  decryptsVariables,
  destinations,
  isInVpc,
  isTraced,
  mountsFiles,
  writesLog,
} from "../data/requirements.ts";
import { types } from "../data/resource-types.ts";
import { has, isSet, memberOf, nonEmptyStringOf, read, scalarOf } from "../field.ts";
import type { StackArns } from "./arns.ts";
import type { Attachments } from "./attachments.ts";
import { eventNeeds } from "./event-sources.ts";
import { type Reference, resolveProperty } from "./links.ts";
import { type Need, needsByService, needsOf } from "./need.ts";

/** What the configuration of a function, and of what is attached to it, requires of its role. */
export function impliedNeeds(
  lambda: PolicyResource,
  attachments: Attachments,
  arns: StackArns,
): Need[] {
  const { props } = lambda;
  const resolve = (path: string) => resolveProperty(lambda, path, arns.find);
  return [
    ...needsOf(lambda, writesLog, logOf(lambda, arns)),
    ...(isActive(props) ? needsOf(lambda, isTraced) : []),
    ...(hasNetwork(props) ? needsOf(lambda, isInVpc) : []),
    ...(has(props, "fileSystemConfig")
      ? needsOf(lambda, mountsFiles, resolve("fileSystemConfig.arn"))
      : []),
    ...(has(props, "kmsKeyArn") ? needsOf(lambda, decryptsVariables, resolve("kmsKeyArn")) : []),
    ...(has(props, "deadLetterConfig")
      ? needsByService(lambda, resolve("deadLetterConfig.targetArn"), destinations)
      : []),
    ...attachments(lambda).flatMap((it) => [
      ...eventNeeds(it, arns),
      ...destinationNeeds(it, arns),
    ]),
  ];
}

/** A function is in a VPC by its subnets. The block can have other values without any. */
function hasNetwork(props: PolicyResource["props"]): boolean {
  const config = read(() => props.vpcConfig);
  return isSet(memberOf(config, "subnetIds"));
}

function isActive(props: PolicyResource["props"]): boolean {
  const config = read(() => props.tracingConfig);
  return scalarOf(memberOf(config, "mode")) === "Active";
}

/** The log group: the configured one, or else the one that has the function's name. */
function logOf(lambda: PolicyResource, arns: StackArns): Reference {
  const findByName = (name: string) => arns.find(`arn:*:logs:*:*:log-group:${name}`);
  const isLogGroup = (type: string) => type === types.logGroup;
  const configured = resolveProperty(lambda, "loggingConfig.logGroup", findByName, isLogGroup);
  if (configured.resources.length + configured.values.length > 0) return configured;
  const name = nonEmptyStringOf(read(() => lambda.props.name));
  const own = name && `/aws/lambda/${name}`;
  const found = own && findByName(own);
  return { resources: found ? [found] : [], values: own && !found ? [own] : [] };
}

/** Where an event source mapping or an invocation's settings send what is done or failed. */
function destinationNeeds(config: PolicyResource, arns: StackArns): Need[] {
  return ["onFailure", "onSuccess"].flatMap((outcome) => {
    const path = `destinationConfig.${outcome}`;
    const block = memberOf(
      read(() => config.props.destinationConfig),
      outcome,
    );
    if (!isSet(block)) return [];
    const member = isSet(memberOf(block, "destination")) ? "destination" : "destinationArn";
    return needsByService(
      config,
      resolveProperty(config, `${path}.${member}`, arns.find),
      destinations,
    );
  });
}

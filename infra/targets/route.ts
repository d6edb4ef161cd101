import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type EventType, eventSource } from "../../handler/incidents/events.ts";
import { type DetailKey, detailKeys } from "./event-format.ts";

/** What each route of a stack has in common. */
export interface RouteArgs {
  readonly busName: pulumi.Input<string>;
  /** Keeps the events that could not be delivered. */
  readonly deadLetterQueueArn: pulumi.Input<string>;
  /** Minutes between health checks. */
  readonly checkEveryMinutes: number;
}

/** Which events go where, and as what. */
export interface Route {
  readonly busName: pulumi.Input<string>;
  /** The types of the events; all if absent. */
  readonly types?: readonly EventType[];
  readonly description: string;
}

/** Where the events of a rule go. */
export interface Destination {
  readonly arn: pulumi.Input<string>;
  /** The role with which EventBridge delivers; none if the target has a resource policy. */
  readonly roleArn?: pulumi.Input<string>;
  /** The delivered JSON, created by `template`; the whole event if absent. */
  readonly body?: string;
}

/** Delivery is tried again with increasing delays; EventBridge's default is 185 times in 24 hours. */
const maximumRetryAttempts = 10;

/** The rule that selects the events. It needs a destination. */
export function createRule(
  name: string,
  { busName, types, description }: Route,
  parent: pulumi.Resource,
) {
  return new aws.cloudwatch.EventRule(
    name,
    {
      eventBusName: busName,
      description,
      eventPattern: JSON.stringify({
        source: [eventSource],
        ...(types && { "detail-type": types }),
      }),
    },
    { parent },
  );
}

/**
 * Delivers the rule's events. Retries end no later than the first health check after a reboot, so that a late
 * event does not follow the one that closes the incident. 60 seconds are EventBridge's minimum.
 */
export function deliver(
  name: string,
  rule: aws.cloudwatch.EventRule,
  { arn, roleArn, body }: Destination,
  { busName, deadLetterQueueArn, checkEveryMinutes }: RouteArgs,
  opts: pulumi.CustomResourceOptions,
) {
  return new aws.cloudwatch.EventTarget(
    name,
    {
      eventBusName: busName,
      rule: rule.name,
      targetId: name,
      arn,
      roleArn,
      ...(body && { inputTransformer: { inputPaths, inputTemplate: body } }),
      retryPolicy: {
        maximumEventAgeInSeconds: Math.max(60, 60 * (checkEveryMinutes - 1)),
        maximumRetryAttempts,
      },
      deadLetterConfig: { arn: deadLetterQueueArn },
    },
    opts,
  );
}

/** JSON with values of the event in it. */
export type Template = string | { readonly [key: string]: Template } | readonly Template[] | Value;

/** The value of the event with this name, as a JSON string. */
export interface Value {
  readonly ofEvent: DetailKey | "type";
}

export const value = (ofEvent: Value["ofEvent"]): Value => ({ ofEvent });

/**
 * The template of an input transformer. A placeholder for a string is not in quotation marks: EventBridge adds
 * them, and escapes what is between them.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function template(body: Template): string {
  if (typeof body === "string") return JSON.stringify(body);
  if (Array.isArray(body)) return `[${body.map(template).join(",")}]`;
  if (isValue(body)) return `<${body.ofEvent}>`;
  const members = Object.entries(body as { readonly [key: string]: Template });
  return `{${members.map(([key, it]) => `${JSON.stringify(key)}:${template(it)}`).join(",")}}`;
}

function isValue(body: Template): body is Value {
  return typeof body === "object" && "ofEvent" in body;
}

const inputPaths: Readonly<Record<string, string>> = {
  type: "$.detail-type",
  ...Object.fromEntries(detailKeys.map((key) => [key, `$.detail.${key}`])),
};

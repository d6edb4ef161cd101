import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ScopedRole } from "../scoped-role.ts";
import { createRule, deliver, type RouteArgs, template, value } from "./route.ts";

export interface PagerArgs {
  /** The integration key of a PagerDuty service. */
  readonly routingKey: pulumi.Output<string>;
  readonly route: RouteArgs;
  readonly accountId: pulumi.Input<string>;
  /** ARN of the policy that limits what the rules' role can ever be granted. */
  readonly permissionsBoundary?: string;
}

/** What pages, and what closes the page. Nothing else reaches PagerDuty. */
const pages = [
  {
    action: "trigger",
    types: [
      "Reboot Failed",
      "Instance Not Recovered",
      "Reboot Unconfirmed",
      "Shared Cause Suspected",
      "Notification Test",
    ],
  },
  {
    action: "resolve",
    types: [
      "Instance Recovered",
      "Instance Removed",
      "Shared Cause Over",
      "Notification Test Resolved",
    ],
  },
] as const;

/**
 * Pages through PagerDuty's Events API: one alert per incident, which the recovery resolves.
 * https://developer.pagerduty.com/docs/events-api-v2/overview/
 */
export class Pager extends pulumi.ComponentResource {
  public readonly rules: readonly aws.cloudwatch.EventRule[];

  constructor(name: string, args: PagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:Pager", name, {}, opts);
    const destination = createDestination(name, args, this);
    const role = new ScopedRole(
      `${name}-role`,
      {
        service: "events.amazonaws.com",
        sourceAccount: args.accountId,
        grants: pagerGrants(destination.arn),
        permissionsBoundary: args.permissionsBoundary,
      },
      { parent: this },
    );
    this.rules = pages.map(({ action, types }) => {
      const rule = createRule(
        `${name}-${action}`,
        {
          busName: args.route.busName,
          types,
          description: `Events that ${action} an alert of PagerDuty`,
        },
        this,
      );
      const body = action === "trigger" ? trigger : resolve;
      deliver(
        `${name}-${action}`,
        rule,
        { arn: destination.arn, roleArn: role.arn, body },
        args.route,
        { parent: this, dependsOn: [role] },
      );
      return rule;
    });
    this.registerOutputs();
  }
}

/** All that the rules' role may do. */
export function pagerGrants(destination: pulumi.Input<string>) {
  return [{ sid: "Page", actions: ["events:InvokeApiDestination"], resources: [destination] }];
}

/** EventBridge adds the routing key to each body, and keeps it in Secrets Manager. */
function createDestination(name: string, { routingKey }: PagerArgs, parent: pulumi.Resource) {
  const connection = new aws.cloudwatch.EventConnection(
    name,
    {
      description: "PagerDuty's Events API",
      authorizationType: "API_KEY",
      authParameters: {
        // A connection must have a header. PagerDuty reads the routing key from the body only.
        apiKey: { key: "X-Client", value: "reboot-automation" },
        invocationHttpParameters: {
          bodies: [{ key: "routing_key", value: routingKey, isValueSecret: true }],
        },
      },
    },
    { parent },
  );
  return new aws.cloudwatch.EventApiDestination(
    name,
    {
      description: "PagerDuty's Events API",
      connectionArn: connection.arn,
      invocationEndpoint: "https://events.pagerduty.com/v2/enqueue",
      httpMethod: "POST",
      // PagerDuty accepts 120 a minute: https://developer.pagerduty.com/docs/events-api-v2-overview
      invocationRateLimitPerSecond: 1,
    },
    { parent },
  );
}

const trigger = template({
  event_action: "trigger",
  dedup_key: value("incidentId"),
  payload: {
    summary: value("title"),
    source: value("instanceId"),
    severity: value("severity"),
    timestamp: value("time"),
    class: value("type"),
    custom_details: {
      event: value("id"),
      outcome: value("outcome"),
      reason: value("reason"),
      next_step: value("nextStep"),
    },
  },
});

const resolve = template({ event_action: "resolve", dedup_key: value("incidentId") });

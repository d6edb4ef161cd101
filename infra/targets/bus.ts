import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ScopedRole } from "../scoped-role.ts";
import { createRule, deliver, type RouteArgs } from "./route.ts";

export interface ForwardingArgs {
  /** The bus, of any account and region. One of another account must allow events:PutEvents to this account. */
  readonly busArn: string;
  readonly route: RouteArgs;
  readonly accountId: pulumi.Input<string>;
  /** ARN of the policy that limits what the rule's role can ever be granted. */
  readonly permissionsBoundary?: string;
}

/** Forwards every event, unchanged, to an existing event bus. */
export class Forwarding extends pulumi.ComponentResource {
  public readonly rules: readonly aws.cloudwatch.EventRule[];

  constructor(name: string, args: ForwardingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:Forwarding", name, {}, opts);
    const role = new ScopedRole(
      `${name}-role`,
      {
        service: "events.amazonaws.com",
        sourceAccount: args.accountId,
        grants: forwardingGrants(args.busArn),
        permissionsBoundary: args.permissionsBoundary,
      },
      { parent: this },
    );
    const rule = createRule(
      name,
      { busName: args.route.busName, description: "Every event goes to another bus" },
      this,
    );
    deliver(name, rule, { arn: args.busArn, roleArn: role.arn }, args.route, {
      parent: this,
      dependsOn: [role],
    });
    this.rules = [rule];
    this.registerOutputs();
  }
}

/** All that the rule's role may do. */
export function forwardingGrants(busArn: pulumi.Input<string>) {
  return [{ sid: "Forward", actions: ["events:PutEvents"], resources: [busArn] }];
}

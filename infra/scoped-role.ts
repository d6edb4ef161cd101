import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Grant, grantInputs, policyDocument, trustPolicy } from "./grants.ts";

export interface ScopedRoleArgs {
  /** The one AWS service that may assume the role, such as `lambda.amazonaws.com`. */
  readonly service: string;
  /** All that the role may do. */
  readonly grants: readonly Grant[];
  /** ARN of the managed policy that bounds what the role can ever be given. */
  readonly permissionsBoundary?: string;
}

/**
 * An IAM role with exactly the grants given: one inline policy, no managed ones. Any other policy on
 * the role is removed when the component is created, and by each `up` with refresh. The component's
 * own inputs and outputs hold the grants, so the policy pack sees them leaf by leaf in a preview.
 */
export class ScopedRole extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ScopedRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    const inputs = { service: args.service, ...grantInputs(args.grants) };
    super("reboot-automation:index:ScopedRole", name, inputs, opts);
    const role = new aws.iam.Role(
      name,
      {
        assumeRolePolicy: trustPolicy(args.service),
        permissionsBoundary: args.permissionsBoundary,
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { role: role.name, policy: policyDocument(args.grants) },
      { parent: this },
    );
    // A policy that somebody adds is drift, which a refresh of the role itself does not report
    // (docs/decisions/0030-a-roles-policies-are-exclusive.md).
    new aws.iam.RolePoliciesExclusive(
      `${name}-policies`,
      { roleName: role.name, policyNames: [policy.name] },
      { parent: this },
    );
    new aws.iam.RolePolicyAttachmentsExclusive(
      `${name}-attachments`,
      { roleName: role.name, policyArns: [] },
      { parent: this },
    );
    this.arn = role.arn;
    this.registerOutputs({ arn: this.arn, grants: args.grants });
  }
}

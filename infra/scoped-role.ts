import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Grant, grantInputs, policyDocument, trustPolicy } from "./grants.ts";

export interface ScopedRoleArgs {
  /** The one AWS service that may assume the role, for example `lambda.amazonaws.com`. */
  readonly service: string;
  /** The account on whose behalf the service must act, for services that say so. */
  readonly sourceAccount?: pulumi.Input<string>;
  /** Everything that the role allows; nothing if empty. */
  readonly grants: readonly Grant[];
  /** ARN of the managed policy that limits what the role can ever be granted. */
  readonly permissionsBoundary?: string;
}

/**
 * An IAM role with exactly these grants: at most one inline policy and no managed ones. Any other policy of the role
 * is removed when the component is created and by each `up` with refresh. The grants are also inputs and
 * outputs of the component: the policy pack reads them in a preview.
 */
export class ScopedRole extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ScopedRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    const inputs = { service: args.service, ...grantInputs(args.grants) };
    super("reboot-automation:index:ScopedRole", name, inputs, opts);
    const role = new aws.iam.Role(
      name,
      {
        assumeRolePolicy: trustPolicy(args.service, args.sourceAccount),
        permissionsBoundary: args.permissionsBoundary,
      },
      { parent: this },
    );
    // IAM accepts no policy without a statement.
    const policies =
      args.grants.length === 0
        ? []
        : [
            new aws.iam.RolePolicy(
              `${name}-policy`,
              { role: role.name, policy: policyDocument(args.grants) },
              { parent: this },
            ),
          ];
    // A policy that someone adds is drift, but a refresh of the role does not report it
    // (docs/decisions/0030-a-roles-policies-are-exclusive.md).
    new aws.iam.RolePoliciesExclusive(
      `${name}-policies`,
      { roleName: role.name, policyNames: policies.map((it) => it.name) },
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

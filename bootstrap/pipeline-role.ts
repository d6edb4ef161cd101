import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Grant, grantInputs, policyDocument } from "../infra/grants.ts";

export interface PipelineRoleArgs {
  readonly roleName: string;
  readonly description: string;
  readonly oidcProviderArn: pulumi.Input<string>;
  /** Whose tokens of GitHub may assume the role, exactly. */
  readonly subjects: readonly string[];
  /** Managed policies of the stack, each with its logical name. */
  readonly policies: Readonly<Record<string, pulumi.Input<string>>>;
  /** All that the role may do besides. */
  readonly grants: readonly Grant[];
}

const issuer = "token.actions.githubusercontent.com";

/** A role for jobs of GitHub Actions, for an hour at a time, with exactly the policies and grants given. */
export class PipelineRole extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;

  constructor(name: string, args: PipelineRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    const { subjects, grants } = args;
    const inputs = { subjects, ...grantInputs(grants) };
    super("reboot-automation:bootstrap:PipelineRole", name, inputs, opts);
    const role = new aws.iam.Role(
      name,
      {
        name: args.roleName,
        description: args.description,
        assumeRolePolicy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "sts:AssumeRoleWithWebIdentity",
              Principal: { Federated: args.oidcProviderArn },
              // https://docs.github.com/en/actions/reference/security/oidc
              Condition: {
                StringEquals: {
                  [`${issuer}:aud`]: "sts.amazonaws.com",
                  [`${issuer}:sub`]: subjects,
                },
              },
            },
          ],
        }),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${name}-policy`,
      { name: "all", role: role.name, policy: policyDocument(grants) },
      { parent: this },
    );
    for (const [policy, policyArn] of Object.entries(args.policies)) {
      new aws.iam.RolePolicyAttachment(
        `${name}-${policy}`,
        { role: role.name, policyArn },
        { parent: this },
      );
    }
    this.arn = role.arn;
    this.registerOutputs({ arn: role.arn, grants });
  }
}

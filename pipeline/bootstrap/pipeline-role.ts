import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Grant, grantInputs, policyDocument } from "../../infra/grants.ts";

export interface PipelineRoleArgs {
  readonly roleName: string;
  readonly description: string;
  readonly oidcProviderArn: pulumi.Input<string>;
  /** What a token of GitHub must say, claim by claim, exactly; one of several values if a list. */
  readonly claims: Readonly<Partial<Record<Claim, string | readonly string[]>>>;
  /** Managed policies of the stack, each with its logical name. */
  readonly policies: Readonly<Record<string, pulumi.Input<string>>>;
  /** All that the role may do besides. */
  readonly grants: readonly Grant[];
}

/**
 * The claims of GitHub's tokens that STS has as condition keys, and that are used here:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
type Claim = "sub" | "ref" | "job_workflow_ref" | "repository_id";

const issuer = "token.actions.githubusercontent.com";

/** A role for jobs of GitHub Actions, for an hour at a time, with exactly the policies and grants given. */
export class PipelineRole extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;

  constructor(name: string, args: PipelineRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    const { claims, grants } = args;
    const inputs = { claims, ...grantInputs(grants) };
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
                StringEquals: Object.fromEntries(
                  Object.entries({ aud: "sts.amazonaws.com", ...claims }).map(([claim, value]) => [
                    `${issuer}:${claim}`,
                    value,
                  ]),
                ),
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

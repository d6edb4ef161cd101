import * as pulumi from "@pulumi/pulumi";
import { type Grant, policyDocument } from "../../infra/grants.ts";

/** A role that the program has with an option, besides the function's. */
export interface OptionRole {
  /** Part of the names of statements about it: `PipeRole`. */
  readonly title: string;
  readonly logicalName: string;
  readonly arn: pulumi.Output<string>;
  /** The name and the ARN of its permissions boundary. */
  readonly boundaryName: string;
  readonly boundary: pulumi.Output<string>;
  /** The one service that gets the role. */
  readonly service: string;
  /** The most that it may ever do; nothing if empty. */
  readonly most: readonly Grant[];
}

/** The policy that is the role's boundary. */
export function boundaryDocument({ most }: OptionRole): pulumi.Output<string> {
  // IAM accepts no policy without a statement.
  return most.length > 0 ? policyDocument(most) : pulumi.output(nothing);
}

const nothing = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Sid: "Nothing", Effect: "Deny", Action: "*", Resource: "*" }],
});

/** What creates a role, changes it within its boundary, and gives it to its one service. */
export function roleGrants({ title, arn, boundary, service, most }: OptionRole): Grant[] {
  return [
    {
      // As for the function's role in write.ts, without the right to replace the trust of a role that exists.
      sid: `Make${title}`,
      actions: [
        "iam:CreateRole",
        "iam:PutRolePermissionsBoundary",
        ...(most.length > 0 ? ["iam:PutRolePolicy"] : []),
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ],
      resources: [arn],
      conditions: { StringEquals: { "iam:PermissionsBoundary": boundary } },
    },
    {
      sid: `RemovePoliciesOf${title}`,
      actions: ["iam:DeleteRolePolicy", "iam:DetachRolePolicy"],
      resources: [arn],
    },
    {
      sid: `Give${title}`,
      actions: ["iam:PassRole"],
      resources: [arn],
      conditions: { StringEquals: { "iam:PassedToService": service } },
    },
  ];
}

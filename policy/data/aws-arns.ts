/**
 * ARNs of what AWS itself offers to every account, or creates in each. No stack can create them.
 *
 * Source: AWS's page of each entry.
 * Refresh: compare each entry with its page.
 */

export interface AwsArn {
  readonly service: string;
  /** The account's part of the ARN: empty, `aws`, or `*` for any account. */
  readonly account: "" | "aws" | "*";
  /** The part after the account, with wildcards. */
  readonly rest: string;
  readonly url: string;
}

export const awsArns: readonly AwsArn[] = [
  {
    service: "athena",
    account: "*",
    rest: "workgroup/primary",
    url: "https://docs.aws.amazon.com/athena/latest/ug/deleting-workgroups.html",
  },
  {
    service: "bedrock",
    account: "",
    rest: "foundation-model/*",
    url: "https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html",
  },
  {
    // Those of a customer are `application-inference-profile/…`.
    service: "bedrock",
    account: "*",
    rest: "inference-profile/*",
    url: "https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html",
  },
  {
    service: "glue",
    account: "*",
    rest: "catalog",
    url: "https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html",
  },
  {
    service: "iam",
    account: "aws",
    rest: "*",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
  },
  {
    service: "iam",
    account: "*",
    rest: "role/aws-service-role/*.amazonaws.com/*",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html",
  },
  // Reserved prefixes of names: see `Name` on the page.
  ...["AWS*", "Amazon*"].map((name) => ({
    service: "ssm",
    account: "*" as const,
    rest: `document/${name}`,
    url: "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html",
  })),
  {
    service: "ssm",
    account: "",
    rest: "parameter/aws/*",
    url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html",
  },
];

import { boundaryNameOf } from "../../infra/role-boundary.ts";
import { autoNamed, iamName, type StackName, withoutEnding } from "../../infra/stack-names.ts";

const role = iamName("an IAM role", 64);
const policy = iamName("an IAM policy", 128);
const bucket = {
  of: "an S3 bucket",
  longest: 63,
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  form: /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9]/,
  expected: "a letter or digit first, and not xn--, sthree- or amzn-s3-demo-",
};
const alias = {
  of: "a KMS alias",
  longest: 256,
  form: /^alias\/(?!aws\/)[\w/-]*$/,
  expected: "letters, digits, - and _",
};

/** The name of the bucket for the state. S3 allows lower-case letters, digits and - only. */
export function stateBucketName(projectAndStack: string, accountId: string): string {
  return `${projectAndStack.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-")}-state-${accountId}`;
}

/** Every name in the pipeline's own stack that has the deployed project's and stack's in it. */
export const bootstrapNames: readonly StackName[] = [
  ...autoNamed("aws:iam/role:Role", role, ["preview", "deploy"], withoutEnding),
  ...autoNamed(
    "aws:iam/policy:Policy",
    policy,
    [
      "boundary",
      ...["events-pipe-role", "chat-role", "pager-role", "bus-role"].map((role) =>
        boundaryNameOf("boundary", role),
      ),
      "read",
      "read-options",
      "server",
      "tags",
      "events",
      "chat",
      "pager",
      "bus",
    ],
    withoutEnding,
  ),
  {
    type: "aws:s3/bucket:Bucket",
    logicalName: "state",
    rule: bucket,
    nameOf: (name) => stateBucketName(name, "000000000000"),
  },
  {
    type: "aws:kms/alias:Alias",
    logicalName: "state",
    rule: alias,
    nameOf: (name) => `alias/${name}-state`,
  },
];

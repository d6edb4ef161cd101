import { iamName, type StackName } from "../infra/stack-names.ts";

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
  {
    type: "aws:iam/role:Role",
    logicalName: "preview",
    rule: role,
    nameOf: (name) => `${name}-preview`,
  },
  {
    type: "aws:iam/role:Role",
    logicalName: "deploy",
    rule: role,
    nameOf: (name) => `${name}-deploy`,
  },
  {
    type: "aws:iam/policy:Policy",
    logicalName: "boundary",
    rule: policy,
    nameOf: (name) => `${name}-boundary`,
  },
  {
    type: "aws:iam/policy:Policy",
    logicalName: "read",
    rule: policy,
    nameOf: (name) => `${name}-read`,
  },
  {
    type: "aws:iam/policy:Policy",
    logicalName: "tags",
    rule: policy,
    nameOf: (name) => `${name}-tags`,
  },
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

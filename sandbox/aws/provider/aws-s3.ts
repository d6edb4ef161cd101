import {
  CreateBucketCommand,
  DeleteBucketCommand,
  HeadBucketCommand,
  type LifecycleRule,
  type PublicAccessBlockConfiguration,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type ServerSideEncryptionRule,
  type VersioningConfiguration,
} from "@aws-sdk/client-s3";
import { isValues, type Value, type Values } from "../../engine/values.ts";
import { type AwsTarget, unlessGone } from "./aws-target.ts";
import { cannotUpdate, names, type ResourceType, text } from "./resource-type.ts";

/** A bucket, and the parts of it that are separate types in the real provider. */
export function s3Resources(target: AwsTarget): Record<string, ResourceType> {
  const s3 = new S3Client({ ...target, forcePathStyle: true });

  async function exists(name: string): Promise<boolean> {
    return (await unlessGone(s3.send(new HeadBucketCommand({ Bucket: name })))) !== undefined;
  }

  const bucket: ResourceType = {
    inputs: ["bucket"],
    replaces: ["bucket"],
    autoName: "bucket",
    // The bridge's name for buckets (AutoNameTransform in provider/resources.go of pulumi-aws).
    completeAutoName: (proposed) => proposed.toLowerCase(),
    async create(inputs) {
      const name = text(inputs, "bucket");
      await s3.send(new CreateBucketCommand({ Bucket: name }));
      return { id: name, outputs: { arn: arnOf(name) } };
    },
    async read(name, state) {
      return (await exists(name)) ? { ...state, arn: arnOf(name) } : undefined;
    },
    update: cannotUpdate,
    async delete(name) {
      await s3.send(new DeleteBucketCommand({ Bucket: name }));
    },
  };

  /** One setting of a bucket. It goes when the bucket does; nobody looks for its drift here. */
  function setting(
    inputs: string,
    put: (bucketName: string, inputs: Values) => Promise<unknown>,
  ): ResourceType {
    return {
      inputs: ["bucket", ...names(inputs)],
      replaces: ["bucket"],
      ...(inputs === "policy" && { json: ["policy"] }),
      async create(values) {
        const name = text(values, "bucket");
        await put(name, values);
        return { id: name, outputs: {} };
      },
      read: async (id, state) => ((await exists(id)) ? state : undefined),
      async update(id, values) {
        await put(id, values);
        return {};
      },
      async delete() {},
    };
  }

  return {
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketVersioning:BucketVersioning": setting(
      "versioningConfiguration",
      (Bucket, { versioningConfiguration }) =>
        s3.send(
          new PutBucketVersioningCommand({
            Bucket,
            VersioningConfiguration: asS3Writes(versioningConfiguration) as VersioningConfiguration,
          }),
        ),
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting(
      "rules",
      (Bucket, { rules }) =>
        s3.send(
          new PutBucketLifecycleConfigurationCommand({
            Bucket,
            LifecycleConfiguration: { Rules: asS3Writes(rules) as LifecycleRule[] },
          }),
        ),
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
      setting("rules", (Bucket, { rules }) =>
        s3.send(
          new PutBucketEncryptionCommand({
            Bucket,
            ServerSideEncryptionConfiguration: {
              Rules: asS3Writes(rules) as ServerSideEncryptionRule[],
            },
          }),
        ),
      ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting(
      "blockPublicAcls blockPublicPolicy ignorePublicAcls restrictPublicBuckets",
      (Bucket, { bucket: _, ...values }) =>
        s3.send(
          new PutPublicAccessBlockCommand({
            Bucket,
            PublicAccessBlockConfiguration: asS3Writes(values) as PublicAccessBlockConfiguration,
          }),
        ),
    ),
    "aws:s3/bucketPolicy:BucketPolicy": setting("policy", (Bucket, values) =>
      s3.send(new PutBucketPolicyCommand({ Bucket, Policy: text(values, "policy") })),
    ),
  };
}

/** S3 begins each word with a capital, and has two abbreviations. */
function asS3Writes(value: Value | undefined): unknown {
  if (Array.isArray(value)) return value.map(asS3Writes);
  if (!isValues(value)) return value;
  const words: Readonly<Record<string, string>> = { id: "ID", sseAlgorithm: "SSEAlgorithm" };
  return Object.fromEntries(
    Object.entries(value).map(([key, it]) => [
      words[key] ?? key.charAt(0).toUpperCase() + key.slice(1),
      asS3Writes(it),
    ]),
  );
}

function arnOf(name: string): string {
  return `arn:aws:s3:::${name}`;
}

import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  type LifecycleRule,
  ListObjectVersionsCommand,
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
import { names, type ResourceType, text } from "./resource-type.ts";

/**
 * What the provider asks a bucket for besides its tags, though other types manage most of it:
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/bucket.go (resourceBucketRead).
 * It falls back to GetBucketTagging where S3 Control does not list the tags
 * (https://github.com/hashicorp/terraform-provider-aws/pull/45251).
 */
// biome-ignore lint/suspicious/noExplicitAny: each command has its output
const settingsThatAreRead: readonly (new (input: { Bucket: string }) => any)[] = [
  GetBucketPolicyCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketWebsiteCommand,
  GetBucketVersioningCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketLoggingCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketReplicationCommand,
  GetBucketEncryptionCommand,
  GetObjectLockConfigurationCommand,
  GetBucketTaggingCommand,
];

/** S3 has a different error for each setting that a bucket does not have. */
async function unlessNotSet(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!/^NoSuch|NotFound/.test((error as Error).name)) throw error;
  }
}

/** A bucket, and the parts of it that are separate types in the real provider. */
export function s3Resources(target: AwsTarget): Record<string, ResourceType> {
  const s3 = new S3Client({ ...target, forcePathStyle: true });

  async function exists(name: string): Promise<boolean> {
    return (await unlessGone(s3.send(new HeadBucketCommand({ Bucket: name })))) !== undefined;
  }

  const bucket: ResourceType = {
    inputs: ["bucket", "forceDestroy"],
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
      if (!(await exists(name))) return undefined;
      for (const Command of settingsThatAreRead) {
        await unlessNotSet(s3.send(new Command({ Bucket: name })));
      }
      return { ...state, arn: arnOf(name) };
    },
    // `forceDestroy` is in the state alone.
    update: async () => ({}),
    async delete(name, { forceDestroy }) {
      if (forceDestroy === true) await empty(name);
      await s3.send(new DeleteBucketCommand({ Bucket: name }));
    },
  };

  /** Deletes every version of every object, as the provider does before it deletes a bucket by force. */
  async function empty(Bucket: string): Promise<void> {
    for (;;) {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(
        new ListObjectVersionsCommand({ Bucket }),
      );
      const Objects = [...Versions, ...DeleteMarkers].map(({ Key = "", VersionId }) => ({
        Key,
        VersionId,
      }));
      if (Objects.length === 0) return;
      await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    }
  }

  /** One setting of a bucket: the inputs that it has besides the bucket, and its three calls. */
  function setting(
    inputs: string,
    calls: {
      put(bucketName: string, inputs: Values): Promise<unknown>;
      get(bucketName: string): Promise<unknown>;
      remove(bucketName: string): Promise<unknown>;
    },
  ): ResourceType {
    return {
      inputs: ["bucket", ...names(inputs)],
      replaces: ["bucket"],
      ...(inputs === "policy" && { json: ["policy"] }),
      async create(values) {
        const name = text(values, "bucket");
        await calls.put(name, values);
        return { id: name, outputs: {} };
      },
      async read(id, state) {
        const now = await unlessGone(calls.get(id));
        return now === undefined ? undefined : { ...state, ...(asProviderWrites(now) as Values) };
      },
      async update(id, values) {
        await calls.put(id, values);
        return {};
      },
      async delete(id) {
        await unlessGone(calls.remove(id));
      },
    };
  }

  return {
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketVersioning:BucketVersioning": setting("versioningConfiguration", {
      put: (Bucket, { versioningConfiguration }) =>
        s3.send(
          new PutBucketVersioningCommand({
            Bucket,
            VersioningConfiguration: asS3Writes(versioningConfiguration) as VersioningConfiguration,
          }),
        ),
      async get(Bucket) {
        const { Status, MFADelete } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
        return { versioningConfiguration: { Status, ...(MFADelete && { MFADelete }) } };
      },
      // A bucket cannot become unversioned again.
      remove: (Bucket) =>
        s3.send(
          new PutBucketVersioningCommand({
            Bucket,
            VersioningConfiguration: { Status: "Suspended" },
          }),
        ),
    }),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": setting("rules", {
      put: (Bucket, { rules }) =>
        s3.send(
          new PutBucketLifecycleConfigurationCommand({
            Bucket,
            LifecycleConfiguration: { Rules: asS3Writes(rules) as LifecycleRule[] },
          }),
        ),
      async get(Bucket) {
        const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
        return { rules: Rules };
      },
      remove: (Bucket) => s3.send(new DeleteBucketLifecycleCommand({ Bucket })),
    }),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
      setting("rules", {
        put: (Bucket, { rules }) =>
          s3.send(
            new PutBucketEncryptionCommand({
              Bucket,
              ServerSideEncryptionConfiguration: {
                Rules: asS3Writes(rules) as ServerSideEncryptionRule[],
              },
            }),
          ),
        async get(Bucket) {
          const { ServerSideEncryptionConfiguration: now } = await s3.send(
            new GetBucketEncryptionCommand({ Bucket }),
          );
          return { rules: now?.Rules };
        },
        remove: (Bucket) => s3.send(new DeleteBucketEncryptionCommand({ Bucket })),
      }),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": setting(
      "blockPublicAcls blockPublicPolicy ignorePublicAcls restrictPublicBuckets",
      {
        put: (Bucket, { bucket: _, ...values }) =>
          s3.send(
            new PutPublicAccessBlockCommand({
              Bucket,
              PublicAccessBlockConfiguration: asS3Writes(values) as PublicAccessBlockConfiguration,
            }),
          ),
        async get(Bucket) {
          const now = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
          return now.PublicAccessBlockConfiguration;
        },
        remove: (Bucket) => s3.send(new DeletePublicAccessBlockCommand({ Bucket })),
      },
    ),
    "aws:s3/bucketPolicy:BucketPolicy": setting("policy", {
      put: (Bucket, values) =>
        s3.send(new PutBucketPolicyCommand({ Bucket, Policy: text(values, "policy") })),
      async get(Bucket) {
        const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
        return { policy: Policy };
      },
      remove: (Bucket) => s3.send(new DeleteBucketPolicyCommand({ Bucket })),
    }),
  };
}

/** Words of S3 that do not only differ by a capital: `sseAlgorithm` is `SSEAlgorithm`. */
const wordsOfS3: Readonly<Record<string, string>> = { id: "ID", sseAlgorithm: "SSEAlgorithm" };

/** S3 begins each word with a capital. */
function asS3Writes(value: Value | undefined): unknown {
  if (Array.isArray(value)) return value.map(asS3Writes);
  if (!isValues(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, it]) => [
      wordsOfS3[key] ?? key.charAt(0).toUpperCase() + key.slice(1),
      asS3Writes(it),
    ]),
  );
}

/** The other way round; what is not set is left out. */
function asProviderWrites(value: unknown): Value | undefined {
  if (Array.isArray(value)) return value.map((it) => asProviderWrites(it) ?? null);
  if (typeof value !== "object" || value === null) return value as Value | undefined;
  const wordOf = (key: string) =>
    Object.keys(wordsOfS3).find((it) => wordsOfS3[it] === key) ??
    key.charAt(0).toLowerCase() + key.slice(1);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, it]) => {
      const written = asProviderWrites(it);
      return written === undefined ? [] : [[wordOf(key), written]];
    }),
  );
}

function arnOf(name: string): string {
  return `arn:aws:s3:::${name}`;
}

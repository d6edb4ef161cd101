import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface State {
  readonly bucketArn: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
  /** The key's alias, with `alias/`. */
  readonly keyAlias: pulumi.Output<string>;
}

/** The bucket that keeps the state of the program's stacks, and the key of its secrets. */
export class StateStore extends pulumi.ComponentResource implements State {
  public readonly bucketArn: pulumi.Output<string>;
  public readonly bucketName: pulumi.Output<string>;
  public readonly keyArn: pulumi.Output<string>;
  public readonly keyAlias: pulumi.Output<string>;

  /** `prefix` begins the names of the bucket and of the key's alias. */
  constructor(name: string, prefix: string, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:bootstrap:StateStore", name, { prefix }, opts);
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    // S3 takes lower-case letters, digits and - only, and knows each name once in the whole world.
    const beginning = prefix.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-");
    const bucket = new aws.s3.Bucket(
      name,
      { bucket: pulumi.interpolate`${beginning}state-${accountId}` },
      // Without it nobody could change or remove what was deployed.
      { parent: this, protect: true },
    );
    keepVersions(name, bucket, this);
    closeToOthers(name, bucket, this);
    const key = new aws.kms.Key(
      name,
      { description: `Secrets in the state of ${prefix}*`, enableKeyRotation: true },
      { parent: this, protect: true },
    );
    const alias = new aws.kms.Alias(
      name,
      { name: `alias/${prefix}state`, targetKeyId: key.keyId },
      { parent: this },
    );
    this.bucketArn = bucket.arn;
    this.bucketName = bucket.bucket;
    this.keyArn = key.arn;
    this.keyAlias = alias.name;
    this.registerOutputs({ bucketArn: bucket.arn, keyArn: key.arn });
  }
}

/** What was overwritten or deleted can be had back for 90 days; everything is encrypted. */
function keepVersions(name: string, bucket: aws.s3.Bucket, parent: pulumi.Resource) {
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versions`,
    { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
    { parent },
  );
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-old-versions`,
    {
      bucket: bucket.bucket,
      rules: [
        {
          id: "old-versions",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { noncurrentDays: 90 },
        },
      ],
    },
    { parent, dependsOn: [versioning] },
  );
  new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      bucket: bucket.bucket,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    },
    { parent },
  );
}

/** Nobody from outside, and nobody without TLS. */
function closeToOthers(name: string, bucket: aws.s3.Bucket, parent: pulumi.Resource) {
  const closed = new aws.s3.BucketPublicAccessBlock(
    `${name}-closed`,
    {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    { parent },
  );
  new aws.s3.BucketPolicy(
    `${name}-tls-only`,
    {
      bucket: bucket.bucket,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      }),
    },
    { parent, dependsOn: [closed] },
  );
}

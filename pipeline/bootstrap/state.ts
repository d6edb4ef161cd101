import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { keepPrivate } from "../../infra/private-bucket.ts";
import type { Names } from "./names.ts";

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

  constructor(
    name: string,
    { stateBucket, prefix }: Pick<Names, "stateBucket" | "prefix">,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("reboot-automation:bootstrap:StateStore", name, {}, opts);
    const bucket = new aws.s3.Bucket(
      name,
      { bucket: stateBucket },
      // Without it nobody could change or remove what was deployed.
      { parent: this, protect: true },
    );
    keepVersions(name, bucket, this);
    keepPrivate(name, { bucket, bucketName: stateBucket }, this);
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

/** What was overwritten or deleted can be had back for 90 days. */
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
}

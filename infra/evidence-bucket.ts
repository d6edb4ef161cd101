import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { keepPrivate } from "./private-bucket.ts";
import { evidenceBucketName } from "./stack-names.ts";

const keptDays = 30;

/**
 * The private bucket for what the function captures of the instance before a reboot. Objects are deleted
 * after 30 days, and all of them with the bucket: a console can show personal data and secrets.
 */
export class EvidenceBucket extends pulumi.ComponentResource {
  public readonly bucketName: pulumi.Output<string>;
  public readonly bucketArn: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("reboot-automation:index:EvidenceBucket", name, {}, opts);
    const physicalName = bucketNameOf(this);
    const bucket = new aws.s3.Bucket(
      name,
      // Without versions: what the lifecycle deletes must be gone.
      { bucket: physicalName, forceDestroy: true },
      { parent: this },
    );
    keepPrivate(name, { bucket, bucketName: physicalName }, this);
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-expiry`,
      {
        bucket: bucket.bucket,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: keptDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      },
      { parent: this },
    );
    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }
}

function bucketNameOf(parent: pulumi.Resource): pulumi.Output<string> {
  const { accountId } = aws.getCallerIdentityOutput({}, { parent });
  const projectAndStack = `${pulumi.getProject()}-${pulumi.getStack()}`;
  return accountId.apply((id) => evidenceBucketName(projectAndStack, id));
}

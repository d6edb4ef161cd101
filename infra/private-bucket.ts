import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * Closes a bucket: nobody from outside, nobody without TLS, and everything is encrypted. `bucketName` is the
 * name that the program gives the bucket. A first preview does not know the bucket's ARN, and could not check
 * a policy with it.
 */
export function keepPrivate(
  name: string,
  { bucket, bucketName }: { bucket: aws.s3.Bucket; bucketName: pulumi.Output<string> },
  parent: pulumi.Resource,
) {
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
    { bucket: bucket.bucket, policy: tlsOnly(bucketName, parent) },
    // S3 refuses concurrent changes of these two with OperationAborted.
    { parent, dependsOn: [closed] },
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

function tlsOnly(
  bucketName: pulumi.Output<string>,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { partition } = aws.getPartitionOutput({}, { parent });
  const bucketArn = pulumi.interpolate`arn:${partition}:s3:::${bucketName}`;
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}

import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import * as aws from "@pulumi/aws";

const uploads = new aws.s3.Bucket("uploads", { forceDestroy: true });
const thumbnails = new aws.s3.Bucket("thumbnails", { forceDestroy: true });
const topic = new aws.sns.Topic("thumbnails-ready");

// With the role and the policies that Pulumi creates by default.
uploads.onObjectCreated("make-thumbnail", async (event) => {
  const s3 = new S3Client({});
  for (const record of event.Records ?? []) {
    const { bucket, object } = record.s3;
    const picture = await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: object.key }));
    await s3.send(
      new PutObjectCommand({
        Bucket: thumbnails.bucket.get(),
        Key: `small-${object.key}`,
        Body: await picture.Body?.transformToByteArray(),
      }),
    );
  }
});

topic.onEvent("log-thumbnail", async (event) => {
  for (const record of event.Records ?? []) console.log(record.Sns.Message);
});

new aws.s3.BucketPublicAccessBlock("thumbnails-private", {
  bucket: thumbnails.id,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});

export const bucketName = uploads.id;

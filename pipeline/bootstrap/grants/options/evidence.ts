import * as pulumi from "@pulumi/pulumi";
import type { Names } from "../../names.ts";
import type { Option } from "../../options.ts";

/** The bucket for evidence. What the function may do with it is in its boundary: see boundary.ts. */
export function evidenceOption({ evidenceBucket }: Names): Option {
  return {
    name: "evidence",
    read: [
      {
        sid: "ReadEvidenceBucket",
        // The provider asks a bucket for everything that it may have.
        actions: [
          "s3:GetAccelerateConfiguration",
          "s3:GetBucketAcl",
          "s3:GetBucketCORS",
          "s3:GetBucketLogging",
          "s3:GetBucketObjectLockConfiguration",
          "s3:GetBucketPolicy",
          "s3:GetBucketPublicAccessBlock",
          "s3:GetBucketRequestPayment",
          "s3:GetBucketTagging",
          "s3:GetBucketVersioning",
          "s3:GetBucketWebsite",
          "s3:GetEncryptionConfiguration",
          "s3:GetLifecycleConfiguration",
          "s3:GetReplicationConfiguration",
          "s3:ListBucket",
        ],
        resources: [evidenceBucket],
      },
    ],
    tag: { actions: ["s3:PutBucketTagging"], resources: [evidenceBucket] },
    write: [
      {
        sid: "ChangeEvidenceBucket",
        actions: [
          "s3:CreateBucket",
          "s3:DeleteBucket",
          "s3:DeleteBucketPolicy",
          "s3:ListBucketVersions",
          "s3:PutBucketPolicy",
          "s3:PutBucketPublicAccessBlock",
          "s3:PutEncryptionConfiguration",
          "s3:PutLifecycleConfiguration",
        ],
        resources: [evidenceBucket],
      },
      {
        sid: "EmptyEvidenceBucket",
        actions: ["s3:DeleteObjectVersion"],
        resources: [pulumi.interpolate`${evidenceBucket}/*`],
      },
    ],
  };
}

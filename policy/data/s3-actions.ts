import type { ActionsByOperation } from "./action-exceptions.ts";

const read = { mayUse: ["s3:GetObjectVersion", "s3:ListBucket", "kms:Decrypt"] };
const written = { mayUse: ["s3:PutObjectAcl", "s3:PutObjectTagging", "kms:GenerateDataKey"] };
const upload = { needs: ["s3:PutObject"], mayUse: [...written.mayUse, "kms:Decrypt"] };
const copy = {
  needs: ["s3:GetObject", "s3:PutObject"],
  mayUse: [...read.mayUse, ...written.mayUse, "s3:GetObjectTagging"],
};
const remove = {
  needs: ["s3:DeleteObject"],
  mayUse: ["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"],
};

/**
 * Operations of S3 whose action has another name. `s3:ListBucket` is optional for reading: without
 * it, a missing object is a 403 instead of a 404.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 * Refresh: compare with that page; policy/test/code/operations.spec.ts reports actions that the
 * Service Authorization Reference lacks, and entries that only repeat the operation's name.
 */
export const s3Actions: ActionsByOperation = {
  CompleteMultipartUpload: upload,
  CopyObject: copy,
  CreateBucketMetadataConfiguration: "s3:CreateBucketMetadataTableConfiguration",
  CreateMultipartUpload: upload,
  CreateSession: "s3express:CreateSession",
  DeleteBucketAnalyticsConfiguration: "s3:PutAnalyticsConfiguration",
  DeleteBucketCors: "s3:PutBucketCORS",
  DeleteBucketEncryption: "s3:PutEncryptionConfiguration",
  DeleteBucketIntelligentTieringConfiguration: "s3:PutIntelligentTieringConfiguration",
  DeleteBucketInventoryConfiguration: "s3:PutInventoryConfiguration",
  DeleteBucketLifecycle: "s3:PutLifecycleConfiguration",
  DeleteBucketMetadataConfiguration: "s3:DeleteBucketMetadataTableConfiguration",
  DeleteBucketMetricsConfiguration: "s3:PutMetricsConfiguration",
  DeleteBucketOwnershipControls: "s3:PutBucketOwnershipControls",
  DeleteBucketReplication: "s3:PutReplicationConfiguration",
  DeleteBucketTagging: "s3:PutBucketTagging",
  DeleteObject: remove,
  DeleteObjects: remove,
  DeleteObjectTagging: {
    needs: ["s3:DeleteObjectTagging"],
    mayUse: ["s3:DeleteObjectVersionTagging"],
  },
  DeletePublicAccessBlock: "s3:PutBucketPublicAccessBlock",
  GetBucketAccelerateConfiguration: "s3:GetAccelerateConfiguration",
  GetBucketAnalyticsConfiguration: "s3:GetAnalyticsConfiguration",
  GetBucketEncryption: "s3:GetEncryptionConfiguration",
  GetBucketIntelligentTieringConfiguration: "s3:GetIntelligentTieringConfiguration",
  GetBucketInventoryConfiguration: "s3:GetInventoryConfiguration",
  GetBucketLifecycle: "s3:GetLifecycleConfiguration",
  GetBucketLifecycleConfiguration: "s3:GetLifecycleConfiguration",
  GetBucketMetadataConfiguration: "s3:GetBucketMetadataTableConfiguration",
  GetBucketMetricsConfiguration: "s3:GetMetricsConfiguration",
  GetBucketNotificationConfiguration: "s3:GetBucketNotification",
  GetBucketReplication: "s3:GetReplicationConfiguration",
  GetObject: { needs: ["s3:GetObject"], ...read },
  GetObjectAcl: { needs: ["s3:GetObjectAcl"], mayUse: ["s3:GetObjectVersionAcl"] },
  GetObjectAttributes: {
    needs: ["s3:GetObjectAttributes", "s3:GetObject"],
    mayUse: [...read.mayUse, "s3:GetObjectVersionAttributes"],
  },
  GetObjectLockConfiguration: "s3:GetBucketObjectLockConfiguration",
  GetObjectTagging: { needs: ["s3:GetObjectTagging"], mayUse: ["s3:GetObjectVersionTagging"] },
  GetPublicAccessBlock: "s3:GetBucketPublicAccessBlock",
  HeadBucket: "s3:ListBucket",
  HeadObject: { needs: ["s3:GetObject"], ...read },
  ListBucketAnalyticsConfigurations: "s3:GetAnalyticsConfiguration",
  ListBucketIntelligentTieringConfigurations: "s3:GetIntelligentTieringConfiguration",
  ListBucketInventoryConfigurations: "s3:GetInventoryConfiguration",
  ListBucketMetricsConfigurations: "s3:GetMetricsConfiguration",
  ListBuckets: "s3:ListAllMyBuckets",
  ListDirectoryBuckets: "s3express:ListAllMyDirectoryBuckets",
  ListMultipartUploads: "s3:ListBucketMultipartUploads",
  ListObjects: "s3:ListBucket",
  ListObjectsV2: "s3:ListBucket",
  ListObjectVersions: "s3:ListBucketVersions",
  ListParts: "s3:ListMultipartUploadParts",
  PutBucketAccelerateConfiguration: "s3:PutAccelerateConfiguration",
  PutBucketAnalyticsConfiguration: "s3:PutAnalyticsConfiguration",
  PutBucketEncryption: "s3:PutEncryptionConfiguration",
  PutBucketIntelligentTieringConfiguration: "s3:PutIntelligentTieringConfiguration",
  PutBucketInventoryConfiguration: "s3:PutInventoryConfiguration",
  PutBucketLifecycle: "s3:PutLifecycleConfiguration",
  PutBucketLifecycleConfiguration: "s3:PutLifecycleConfiguration",
  PutBucketMetricsConfiguration: "s3:PutMetricsConfiguration",
  PutBucketNotificationConfiguration: "s3:PutBucketNotification",
  PutBucketReplication: "s3:PutReplicationConfiguration",
  PutObject: { needs: ["s3:PutObject"], ...written },
  PutObjectAcl: { needs: ["s3:PutObjectAcl"], mayUse: ["s3:PutObjectVersionAcl"] },
  PutObjectLockConfiguration: "s3:PutBucketObjectLockConfiguration",
  PutObjectTagging: { needs: ["s3:PutObjectTagging"], mayUse: ["s3:PutObjectVersionTagging"] },
  PutPublicAccessBlock: "s3:PutBucketPublicAccessBlock",
  RenameObject: "s3express:CreateSession",
  SelectObjectContent: { needs: ["s3:GetObject"], ...read },
  UploadPart: upload,
  UploadPartCopy: copy,
  WriteGetObjectResponse: "s3-object-lambda:WriteGetObjectResponse",
};

/** The same for S3 Control, whose bucket operations are about buckets on Outposts. */
export const s3ControlActions: ActionsByOperation = {
  DeleteAccessPointScope: "s3express:DeleteAccessPointScope",
  DeleteBucketLifecycleConfiguration: "s3-outposts:PutLifecycleConfiguration",
  DeleteBucketReplication: "s3-outposts:PutReplicationConfiguration",
  DeleteBucketTagging: "s3-outposts:PutBucketTagging",
  DeletePublicAccessBlock: "s3:PutAccountPublicAccessBlock",
  GetAccessPointScope: "s3express:GetAccessPointScope",
  GetBucket: "s3-outposts:GetBucket",
  GetBucketLifecycleConfiguration: "s3-outposts:GetLifecycleConfiguration",
  GetBucketReplication: "s3-outposts:GetReplicationConfiguration",
  GetPublicAccessBlock: "s3:GetAccountPublicAccessBlock",
  ListAccessPointsForDirectoryBuckets: "s3express:ListAccessPointsForDirectoryBuckets",
  ListRegionalBuckets: "s3-outposts:ListRegionalBuckets",
  PutAccessPointScope: "s3express:PutAccessPointScope",
  PutBucketLifecycleConfiguration: "s3-outposts:PutLifecycleConfiguration",
  PutBucketReplication: "s3-outposts:PutReplicationConfiguration",
  PutPublicAccessBlock: "s3:PutAccountPublicAccessBlock",
};

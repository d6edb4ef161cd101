import type { Permissions } from "../code/operations.ts";
import { databaseToken, presignedPost, upload } from "./libraries.ts";

/**
 * Methods of boto3's clients that are no operations. A test compares their names with those of boto3.
 *
 * Source: https://docs.aws.amazon.com/boto3/latest/reference/core/boto3.html, and the classes of botocore's clients.
 * Refresh: with policy/data/boto3.ts, if that test reports another method.
 */

/**
 * Members of every client, which call nothing. The operation in `get_paginator("…")`, in `get_waiter("…")` and in
 * `generate_presigned_url("…")` is looked up by itself.
 */
export const quietMethods: readonly string[] = [
  "can_paginate",
  "close",
  "exceptions",
  "generate_presigned_url",
  "get_paginator",
  "get_waiter",
  "meta",
  "waiter_names",
];

/** An operation, and what a method may need besides. */
export interface MethodOperation {
  readonly operation: string;
  readonly mayUse: readonly string[];
}

/**
 * Further methods by service.
 *
 * S3's transfers divide large objects into parts:
 * https://github.com/boto/s3transfer/tree/develop/s3transfer (copies.py: tags and annotations, only if the
 * directives say so).
 */
export const clientMethods: Readonly<
  Record<string, Readonly<Record<string, Permissions | MethodOperation>>>
> = {
  s3: {
    upload_file: upload,
    upload_fileobj: upload,
    download_file: { operation: "GetObject", mayUse: [] },
    download_fileobj: { operation: "GetObject", mayUse: [] },
    copy: {
      operation: "CopyObject",
      mayUse: [
        "s3:AbortMultipartUpload",
        "s3:GetObjectVersionTagging",
        "s3:PutObjectVersionTagging",
        "s3:ListObjectAnnotations",
        "s3:ListObjectVersionAnnotations",
        "s3:GetObjectAnnotation",
        "s3:GetObjectVersionAnnotation",
        "s3:PutObjectAnnotation",
        "s3:PutObjectVersionAnnotation",
      ],
    },
    generate_presigned_post: presignedPost,
  },
  rds: { generate_db_auth_token: databaseToken },
  dsql: {
    generate_db_connect_auth_token: { needs: [["dsql:DbConnect"]], mayUse: [] },
    generate_db_connect_admin_auth_token: { needs: [["dsql:DbConnectAdmin"]], mayUse: [] },
  },
};

import type { Call, Reader } from "../call.ts";
import { one } from "./tables.ts";

/** Sub-resources of a bucket, as the query names them. */
const settings: Readonly<Record<string, string>> = {
  accelerate: "AccelerateConfiguration",
  acl: "BucketAcl",
  cors: "BucketCORS",
  encryption: "EncryptionConfiguration",
  lifecycle: "LifecycleConfiguration",
  logging: "BucketLogging",
  "object-lock": "BucketObjectLockConfiguration",
  policy: "BucketPolicy",
  publicAccessBlock: "BucketPublicAccessBlock",
  replication: "ReplicationConfiguration",
  requestPayment: "BucketRequestPayment",
  tagging: "BucketTagging",
  versioning: "BucketVersioning",
  website: "BucketWebsite",
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export const s3: Reader = async ({ method, path, body }) => {
  const url = new URL(path, "http://s3");
  const [, bucket = "", ...rest] = url.pathname.split("/").map(decodeURIComponent);
  const key = rest.join("/");
  const bucketArn = `arn:aws:s3:::${bucket}`;
  if (method === "POST" && key === "" && url.searchParams.has("delete")) {
    return deleting(body, bucketArn);
  }
  const verb = { GET: "Get", HEAD: "Get", PUT: "Put", DELETE: "Delete" }[method];
  if (bucket === "" || verb === undefined) return undefined;
  // Copies read another object, and versions have other actions: nobody here needs them.
  if (key !== "") {
    const isPlain = [...url.searchParams.keys()].every((name) => name === "x-id");
    return isPlain ? one(`s3:${verb}Object`, `${bucketArn}/${key}`) : undefined;
  }
  const setting = [...url.searchParams.keys()].find((name) => name in settings);
  // Only the policy has a separate action for its end.
  const change = verb === "Delete" && setting !== "policy" ? "Put" : verb;
  if (setting) return one(`s3:${change}${settings[setting]}`, bucketArn);
  if (method === "GET" && url.searchParams.has("versions")) {
    return one("s3:ListBucketVersions", bucketArn);
  }
  if (method === "PUT") return one("s3:CreateBucket", bucketArn);
  if (method === "DELETE") return one("s3:DeleteBucket", bucketArn);
  const prefix = url.searchParams.get("prefix");
  return one("s3:ListBucket", bucketArn, prefix === null ? {} : { "s3:prefix": prefix });
};

/** Several objects at once; versions of them have another action. */
function deleting(body: string, bucketArn: string): Call[] {
  return [...body.matchAll(/<Object>(.*?)<\/Object>/gs)].flatMap(([, object = ""]) => {
    const key = /<Key>(.*?)<\/Key>/s.exec(object)?.[1] ?? "";
    const action = object.includes("<VersionId>") ? "s3:DeleteObjectVersion" : "s3:DeleteObject";
    return one(action, `${bucketArn}/${key}`);
  });
}

import type { Reader } from "../call.ts";
import { one } from "./tables.ts";

/** Sub-resources of a bucket, as the query names them. */
const settings: Readonly<Record<string, string>> = {
  encryption: "EncryptionConfiguration",
  lifecycle: "LifecycleConfiguration",
  policy: "BucketPolicy",
  publicAccessBlock: "BucketPublicAccessBlock",
  versioning: "BucketVersioning",
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export const s3: Reader = async ({ method, path }) => {
  const url = new URL(path, "http://s3");
  const [, bucket = "", ...rest] = url.pathname.split("/").map(decodeURIComponent);
  const key = rest.join("/");
  const bucketArn = `arn:aws:s3:::${bucket}`;
  const verb = { GET: "Get", HEAD: "Get", PUT: "Put", DELETE: "Delete" }[method];
  if (bucket === "" || verb === undefined) return undefined;
  // Copies read another object, and versions have other actions: nobody here needs them.
  if (key !== "") {
    const isPlain = [...url.searchParams.keys()].every((name) => name === "x-id");
    return isPlain ? one(`s3:${verb}Object`, `${bucketArn}/${key}`) : undefined;
  }
  const setting = [...url.searchParams.keys()].find((name) => name in settings);
  if (setting) return one(`s3:${verb}${settings[setting]}`, bucketArn);
  if (method === "PUT") return one("s3:CreateBucket", bucketArn);
  if (method === "DELETE") return one("s3:DeleteBucket", bucketArn);
  const prefix = url.searchParams.get("prefix");
  return one("s3:ListBucket", bucketArn, prefix === null ? {} : { "s3:prefix": prefix });
};

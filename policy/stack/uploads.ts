import type { PolicyResource } from "@pulumi/policy";
import { type Code, codeOf, codeOfObject, reasonUnreadable, unreadable } from "../code/package.ts";
import { types } from "../data/resource-types.ts";
import { has, nonEmptyStringOf, read, stringOf } from "../field.ts";
import { listed } from "../finding.ts";
import { addTo } from "../groups.ts";
import { resolveProperty, sourcesOf } from "./links.ts";
import { resourceName } from "./permissions.ts";

/** A function's code, and the resource that uploads it. */
export interface UploadedCode {
  readonly code: Code;
  /** The function, or an object in S3. The engine's hash of the code is of this resource. */
  readonly from: PolicyResource;
}

/** Finds the code of a stack's functions. */
export interface Uploads {
  codeOf(lambda: PolicyResource): Promise<UploadedCode>;
}

const bucketTypes: readonly string[] = [types.bucket, types.bucketV2];
const objectTypes: readonly string[] = [types.bucketObject, types.bucketObjectV2, types.objectCopy];

/** The functions with `s3Bucket` and `s3Key` get the code of the stack's one object that has both. */
export function uploadsIn(resources: readonly PolicyResource[]): Uploads {
  const objects = resources.filter(({ type }) => objectTypes.includes(type));
  const buckets = new Map<string, PolicyResource>();
  for (const it of resources) {
    const name = nonEmptyStringOf(read(() => it.props.bucket));
    if (bucketTypes.includes(it.type) && name !== undefined) buckets.set(name, it);
  }

  /**
   * The one bucket that a property names: a resource, or a name that none of the stack has. An unknown name may
   * also come from something in a bucket, e.g. its objects or its versioning.
   */
  const bucketOf = (resource: PolicyResource, property: string) => {
    const named = resolveProperty(resource, property, (name) => buckets.get(name), isOfS3);
    const found = new Set([...named.values, ...named.resources.map(bucketWith)]);
    const [bucket] = found;
    return found.size === 1 ? bucket : undefined;
  };
  /** The bucket of something in it; the thing itself if its bucket is unknown. */
  const bucketWith = (resource: PolicyResource): PolicyResource | string =>
    bucketTypes.includes(resource.type) ? resource : (bucketOf(resource, "bucket") ?? resource);

  let byBucket: Map<PolicyResource | string, PolicyResource[]> | undefined;
  const objectsIn = (bucket: PolicyResource | string) => {
    if (!byBucket) {
      byBucket = new Map();
      for (const it of objects) addTo(byBucket, bucketWith(it), it);
    }
    return byBucket.get(bucket) ?? [];
  };

  /** The object, or why there is none. */
  const objectOf = (lambda: PolicyResource): PolicyResource | string => {
    const bucket = bucketOf(lambda, "s3Bucket");
    const inBucket = bucket === undefined ? [] : objectsIn(bucket);
    const key = read(() => lambda.props.s3Key as unknown);
    const found = inBucket.filter((it) =>
      key.isKnown
        ? nonEmptyStringOf(read(() => it.props.key)) === key.value
        : sourcesOf(lambda, "s3Key").includes(it),
    );
    const [object, ...others] = found;
    if (object && others.length === 0) {
      return isItsVersion(lambda, object)
        ? object
        : `its code is a version of ${resourceName(object)} that may not be what the program uploads`;
    }
    if (object) return `its code in S3 may be any of ${listed(found.map(resourceName))}`;
    return bucket === undefined || !key.isKnown
      ? "its code is in S3, in a bucket or at a key that is not known before deployment"
      : "its code is in S3, in an object that this stack does not upload";
  };

  return {
    async codeOf(lambda) {
      const { props } = lambda;
      const isInS3 = has(props, "s3Bucket") || has(props, "s3Key");
      if (!isInS3 || reasonUnreadable(props) !== undefined) {
        return { code: codeOf(props), from: lambda };
      }
      const object = objectOf(lambda);
      return typeof object === "string"
        ? { code: unreadable(object), from: lambda }
        : { code: await codeOfObject(object.props), from: object };
    },
  };
}

/** True unless a function has a version of the object other than the last. */
function isItsVersion({ props, ...lambda }: PolicyResource, object: PolicyResource): boolean {
  if (!has(props, "s3ObjectVersion")) return true;
  const version = read(() => props.s3ObjectVersion as unknown);
  if (!version.isKnown) return sourcesOf(lambda, "s3ObjectVersion").includes(object);
  return stringOf(read(() => object.props.versionId)) === version.value;
}

function isOfS3(type: string): boolean {
  return type.startsWith("aws:s3/");
}

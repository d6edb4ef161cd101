import type { ApiRequest } from "../../../sandbox/aws/api-request.ts";

/** What AWS asks its policies about: may this action be done on this resource, under these keys? */
export interface Call {
  /** For example `lambda:CreateFunction`. */
  readonly action: string;
  /** The resource's ARN, or `*`. */
  readonly resource: string;
  readonly keys: Keys;
}

/** Condition keys of a call, in lower case; one that is not here is absent. */
export type Keys = Readonly<Record<string, string | readonly string[]>>;

/** What a service knows about its resources, and IAM about roles. */
export interface LookUp {
  /** Tags of a resource of EC2. */
  tagsOf(ec2Id: string): Promise<Readonly<Record<string, string>>>;
  /** The VPC of a subnet; without an id, the default VPC. */
  vpcOf(subnetId: string | undefined): Promise<string>;
  /** The type of an instance; nothing if there is no such instance. */
  instanceTypeOf(instanceId: string): Promise<string | undefined>;
  /** The VPC of a network interface. */
  vpcOfInterface(interfaceId: string): Promise<string>;
  /** The alias or account that owns an image. */
  imageOwnerOf(imageId: string): Promise<string>;
  /** The ARN of a role's permissions boundary. */
  boundaryOf(roleName: string): Promise<string | undefined>;
  /** The function's ARN of an event source mapping; nothing if there is no such mapping. */
  functionOf(mappingId: string): Promise<string | undefined>;
  /** The ARN of the key that an id, an ARN or an alias names. */
  keyOf(keyId: string): Promise<string>;
}

/** Where a request is made. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** Returns the calls that a request needs to be allowed; nothing if it does not know the request. */
export type Reader = (
  request: ApiRequest,
  place: Place,
  lookUp: LookUp,
) => Promise<readonly Call[] | undefined>;

export function arn(service: string, { region, accountId }: Place, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}

/** `aws:RequestTag/…` and `aws:TagKeys` of the tags that a request gives, or whose keys it removes. */
export function requestTags(
  tags: Readonly<Record<string, string>>,
  removed: readonly string[] = [],
): Keys {
  const keys = [...Object.keys(tags), ...removed];
  return {
    ...Object.fromEntries(
      Object.entries(tags).map(([key, value]) => [`aws:requesttag/${key.toLowerCase()}`, value]),
    ),
    ...(keys.length > 0 && { "aws:tagkeys": keys }),
  };
}

/** `aws:ResourceTag/…`, and the same under the service's own prefix. */
export function resourceTags(service: string, tags: Readonly<Record<string, string>>): Keys {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) =>
      ["aws", service].map((prefix) => [`${prefix}:resourcetag/${key.toLowerCase()}`, value]),
    ),
  );
}

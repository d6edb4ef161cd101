import { ownValue } from "../field.ts";
import { hasWildcard, matches, overlaps, takesEverything } from "./pattern.ts";

/**
 * What stands in the Resource element, against the forms of the Service Authorization Reference,
 * such as `arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}`.
 */

const partCount = 6;
const placeholder = /\$\{[^}]+\}/g;

/** Of a character that no name has, so only a wildcard can take it. */
const other = "\u{E000}";
/**
 * A name that has of everything a little, as most names have: single letters and digits, the
 * separators, a UUID's dashes, and the end of a secret's ARN. A pattern that takes it names nothing.
 */
const anyName = [
  [8, 4, 4, 4, 12].map((length) => other.repeat(length)).join("-"),
  ...[..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:._+=,@~!-/:."],
  other.repeat(40),
]
  .join(other)
  .concat("-", other.repeat(6));

/** How AWS begins the ids that it makes, by placeholder: `i-0*` takes every instance. */
const idStarts: Readonly<Record<string, readonly string[]>> = {
  AccessPointId: ["fsap-", "fsap-0"],
  AllocationId: ["eipalloc-", "eipalloc-0"],
  DistributionId: ["E"],
  FileSystemId: ["fs-", "fs-0"],
  Id: ["Z", "Z0"],
  ImageId: ["ami-", "ami-0"],
  InstanceId: ["i-", "i-0"],
  InternetGatewayId: ["igw-", "igw-0"],
  LaunchTemplateId: ["lt-", "lt-0"],
  NatGatewayId: ["nat-", "nat-0"],
  NaclId: ["acl-", "acl-0"],
  NetworkInterfaceId: ["eni-", "eni-0"],
  RouteTableId: ["rtb-", "rtb-0"],
  SecurityGroupId: ["sg-", "sg-0"],
  SecurityGroupRuleId: ["sgr-", "sgr-0"],
  SnapshotId: ["snap-", "snap-0"],
  SubnetId: ["subnet-", "subnet-0"],
  VolumeId: ["vol-", "vol-0"],
  VpcEndpointId: ["vpce-", "vpce-0"],
  VpcId: ["vpc-", "vpc-0"],
};

/** True if the ARN may be one of that form. */
export function mayBe(arn: string, form: string): boolean {
  const given = withVariables(arn, "*");
  const any = form.replaceAll(placeholder, "?*");
  const parts = partsOf(complete(given));
  const fits = partsOf(any).map((part, index) => overlaps(parts[index] ?? "*", part));
  // Documents and parameters of Systems Manager that AWS owns have no account.
  if (parts[2] === "ssm" && parts[4] === "") fits[4] = true;
  if (fits.every(Boolean)) return true;
  // A `*` may stand for several parts.
  return given.split(":").length < partCount && hasWildcard(given) && overlaps(given, any);
}

/** Five parts without a colon, and the rest. */
function partsOf(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, partCount - 1), parts.slice(partCount - 1).join(":")];
}

/**
 * True if the ARN takes every resource of that form in some region and account, or as good as every
 * one: what is left of the name beside wildcards are single letters, separators, or how each id begins.
 */
export function takesAll(arn: string, form: string): boolean {
  const pattern = complete(withVariables(arn, "\u{E001}"));
  if (takesEverything(pattern)) return true;
  const parts = pattern.split(":");
  const everyOne = (start: (name: string) => string) =>
    form.split(":").map((part, index) => {
      const named = parts[index];
      const isPlace = index < partCount - 1 && part.startsWith("${");
      if (isPlace && named && !hasWildcard(named)) return named;
      return part.replaceAll(placeholder, (it) => start(it.slice(2, -1)) + anyName);
    });
  const starts = [...form.matchAll(placeholder)].flatMap(
    ([it]) => ownValue(idStarts, it.slice(2, -1)) ?? [],
  );
  return ["", ...starts].some((start) =>
    matches(
      pattern,
      everyOne((name) => (ownValue(idStarts, name)?.includes(start) ? start : "")).join(":"),
    ),
  );
}

/** True for what can take more than one resource: a wildcard, or an ARN with parts missing. */
export function isPattern(arn: string): boolean {
  return hasWildcard(complete(arn));
}

/** True for an ARN that leaves service, account and resource open. */
export function isEveryArn(arn: string): boolean {
  const [, , service = "", , account = "", resource = ""] = partsOf(complete(arn));
  return [service, account, resource].every(takesEverything);
}

/** AWS reads the missing parts of an ARN as `*`. */
function complete(arn: string): string {
  if (takesEverything(arn)) return arn;
  return arn + ":*".repeat(Math.max(0, partCount - arn.split(":").length));
}

/**
 * Policy variables: `${aws:username}` as what is given, `${*}`, `${?}` and `${$}` as characters.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
function withVariables(arn: string, value: string): string {
  return arn
    .replaceAll("${*}", "\u{E002}")
    .replaceAll("${?}", "\u{E003}")
    .replaceAll("${$}", "$")
    .replaceAll(placeholder, value);
}

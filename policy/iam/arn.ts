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

/**
 * The forms of the ids that AWS makes, by placeholder: `i-0*` takes every instance, and so does
 * `i-` with 17 `?`. `~` is some other character; a number behind it says how many.
 */
const idForms: Readonly<Record<string, readonly string[]>> = {
  AccessPointId: ["fsap-0~16"],
  AllocationId: ["eipalloc-0~16"],
  ApiId: ["~10"],
  ClientVpnEndpointId: ["cvpn-endpoint-0~16"],
  ClusterId: ["j-~12"],
  DbiResourceId: ["db-~26", "cluster-~26"],
  DirectoryId: ["d-~10"],
  DistributionId: ["E~13", "E~12"],
  FileSystemId: ["fs-0~16"],
  Id: ["Z0~19", "Z~13"],
  ImageId: ["ami-0~16"],
  InstanceId: ["i-0~16", "mi-0~16", "ssoins-~16"],
  InternetGatewayId: ["igw-0~16"],
  KeyId: ["~8-~4-4~3-~4-~12", "mrk-~32"],
  LaunchTemplateId: ["lt-0~16"],
  NaclId: ["acl-0~16"],
  NatGatewayId: ["nat-0~16"],
  NetworkInterfaceId: ["eni-0~16"],
  PermissionSetId: ["ps-~16"],
  RouteTableId: ["rtb-0~16"],
  SecurityGroupId: ["sg-0~16"],
  SecurityGroupRuleId: ["sgr-0~16"],
  ServerId: ["s-~17"],
  SnapshotId: ["snap-0~16"],
  SubnetId: ["subnet-0~16"],
  TransitGatewayId: ["tgw-0~16"],
  UserPoolId: ["eu-west-1_~9", "us-east-1_~9"],
  VolumeId: ["vol-0~16", "fsvol-0~16"],
  VpcEndpointId: ["vpce-0~16"],
  VpcId: ["vpc-0~16"],
  VpcPeeringConnectionId: ["pcx-0~16"],
  WorkspaceId: ["ws-~9"],
};

/** How many forms an id has at the most. */
const mostForms = Math.max(...Object.values(idForms).map(({ length }) => length));

/** An id of the form with this number, or the last; where AWS makes none, any name. */
function idOf(name: string, number: number): string {
  const form = ownValue(idForms, name)
    ?.slice(0, number + 1)
    .at(-1);
  if (form === undefined) return anyName;
  return form.replaceAll(/~(\d+)/g, (_, length) => other.repeat(Number(length)));
}

/** The ways to name a resource: by any name, or by each form of its id. */
const namings = [
  () => anyName,
  ...Array.from({ length: mostForms }, (_, number) => (name: string) => idOf(name, number)),
];

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
 * one: what it has of the name beside wildcards are single letters, separators, or what each id has.
 */
export function takesAll(arn: string, form: string): boolean {
  const pattern = complete(withVariables(arn, "\u{E001}"));
  if (takesEverything(pattern)) return true;
  const parts = pattern.split(":");
  const oneWith = (nameOf: (placeholder: string) => string) =>
    form.split(":").map((part, index) => {
      // Whatever partition, region and account it has, these are those of the resource, too.
      const isPlace = index < partCount - 1 && part.startsWith("${");
      if (isPlace) return (parts[index] ?? "").replaceAll(/[*?]/g, other);
      return part.replaceAll(placeholder, (it) => nameOf(it.slice(2, -1)));
    });
  return namings.some((nameOf) => matches(pattern, oneWith(nameOf).join(":")));
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
  const text = arn
    .replaceAll("${*}", "\u{E002}")
    .replaceAll("${?}", "\u{E003}")
    .replaceAll("${$}", "$");
  // A regular expression would search the whole rest for each variable without an end.
  let result = "";
  let at = 0;
  for (let start = text.indexOf("${"); start >= 0; start = text.indexOf("${", start)) {
    const end = text.indexOf("}", start);
    if (end < 0) break;
    if (end > start + 2) {
      result += text.slice(at, start) + value;
      at = end + 1;
    }
    start = end + 1;
  }
  return result + text.slice(at);
}

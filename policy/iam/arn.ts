import { hasWildcard, matches, overlaps, takesEverything } from "./pattern.ts";

/**
 * What stands in the Resource element, against the forms of the Service Authorization Reference,
 * such as `arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}`.
 */

const partCount = 6;
const placeholder = /\$\{[^}]+\}/g;
/** A name that only a wildcard can take: of a character that no name has, and of no usual length. */
const anyName = "\u{E000}".repeat(60);

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

/** True if the ARN takes every resource of that form in some region and account. */
export function takesAll(arn: string, form: string): boolean {
  const pattern = complete(withVariables(arn, "\u{E001}"));
  if (takesEverything(pattern)) return true;
  const parts = pattern.split(":");
  const everyOne = form.split(":").map((part, index) => {
    const named = parts[index];
    const isPlace = index < partCount - 1 && part.startsWith("${");
    return isPlace && named && !hasWildcard(named) ? named : part.replaceAll(placeholder, anyName);
  });
  return matches(pattern, everyOne.join(":"));
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

import { idForms } from "../data/id-forms.ts";
import { ownValue } from "../field.ts";
import { hasWildcard, matches, matchesEverything, overlaps } from "./pattern.ts";

/**
 * Compares values of the Resource element with the ARN formats of the Service Authorization Reference,
 * e.g. `arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}`.
 */

const partCount = 6;
const placeholder = /\$\{[^}]+\}/g;

/** A character that no name has, so only a wildcard can match it. */
const other = "\u{E000}";
/**
 * A name with a little of everything that most names have: single letters and digits, separators, a
 * UUID's dashes, and the end of a secret's ARN. A pattern that matches it specifies nothing.
 */
const anyName = [
  [8, 4, 4, 4, 12].map((length) => other.repeat(length)).join("-"),
  ...[..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:._+=,@~!-/:."],
  other.repeat(40),
]
  .join(other)
  .concat("-", other.repeat(6));

/** The largest number of formats that an id has. */
const mostFormats = Math.max(...Object.values(idForms).map(({ length }) => length));

/** An id of the format with this number, or of the last one; any name if AWS generates no id. */
function idOf(name: string, number: number): string {
  const form = ownValue(idForms, name)
    ?.slice(0, number + 1)
    .at(-1);
  if (form === undefined) return anyName;
  return form.replaceAll(/~(\d+)/g, (_, length) => other.repeat(Number(length)));
}

/** How a resource can be named: by any name, or by each format of its id. */
const namings = [
  () => anyName,
  ...Array.from({ length: mostFormats }, (_, number) => (name: string) => idOf(name, number)),
];

/** True if the ARN may have that format. */
export function mayBe(arn: string, form: string): boolean {
  const given = withoutVariables(arn);
  const any = form.replaceAll(placeholder, "?*");
  const parts = partsOf(complete(given));
  const fits = partsOf(any).map((part, index) => overlaps(parts[index] ?? "*", part));
  // Documents and parameters of Systems Manager that AWS owns have no account.
  if (parts[2] === "ssm" && parts[4] === "") fits[4] = true;
  if (fits.every(Boolean)) return true;
  // A `*` may match several parts.
  return given.split(":").length < partCount && hasWildcard(given) && overlaps(given, any);
}

/** Five parts without a colon, and the rest. */
function partsOf(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, partCount - 1), parts.slice(partCount - 1).join(":")];
}

/**
 * True if the ARN matches every resource of that format in some region and account, or almost every one: if
 * its name has, besides wildcards, only single letters, separators, or what every id has.
 */
export function matchesAll(arn: string, form: string): boolean {
  const pattern = complete(withVariables(arn, "\u{E001}"));
  if (matchesEverything(pattern)) return true;
  const parts = pattern.split(":");
  const oneWith = (nameOf: (placeholder: string) => string) =>
    form.split(":").map((part, index) => {
      // Partition, region and account of the resource are whatever the pattern has.
      const isPlace = index < partCount - 1 && part.startsWith("${");
      if (isPlace) return (parts[index] ?? "").replaceAll(/[*?]/g, other);
      return part.replaceAll(placeholder, (it) => nameOf(it.slice(2, -1)));
    });
  return namings.some((nameOf) => matches(pattern, oneWith(nameOf).join(":")));
}

/** True if it can match more than one resource: it has a wildcard or lacks parts. */
export function isPattern(arn: string): boolean {
  return hasWildcard(complete(arn));
}

/** True for an ARN that leaves service, account and resource open. */
export function isEveryArn(arn: string): boolean {
  const [, , service = "", , account = "", resource = ""] = partsOf(complete(arn));
  return [service, account, resource].every(matchesEverything);
}

/** AWS reads missing parts of an ARN as `*`. */
function complete(arn: string): string {
  if (matchesEverything(arn)) return arn;
  return arn + ":*".repeat(Math.max(0, partCount - arn.split(":").length));
}

/** The ARN with a wildcard for each policy variable, which may have any value. */
export function withoutVariables(arn: string): string {
  return withVariables(arn, "*");
}

/**
 * Policy variables: `${aws:username}` as the given value, `${*}`, `${?}` and `${$}` as characters.
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

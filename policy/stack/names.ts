import type { PolicyResource } from "@pulumi/policy";
import { nameProperties } from "../data/resource-names.ts";
import { arnOfAnother } from "../data/resource-types.ts";
import { nonEmptyStringOf, ownValue, read } from "../field.ts";
import { lowerCase } from "../iam/case.ts";

/**
 * The names of a resource that are known: `name`, or what its type calls it, e.g. `clusterIdentifier` of a
 * cluster and `domainName` of a domain. Wildcards and documents are no names.
 */
export function namesOf({ type, props }: Pick<PolicyResource, "type" | "props">): string[] {
  const kind = asProperty(type.split(":")[2] ?? "");
  const own = ["name", "identifier", "id", `${kind}Name`, `${kind}Identifier`, `${kind}Id`];
  const exception = ownValue(nameProperties, type) ?? [];
  const names = [...own, "bucket", kind]
    .concat(exception)
    .flatMap((property) => nonEmptyStringOf(read(() => props[property])) ?? []);
  return [...new Set(names)].filter((it) => !/[*?{]/.test(it));
}

/** The ARN of a resource, if it is known. */
export function arnOf({ type, props }: Pick<PolicyResource, "type" | "props">): string | undefined {
  if (arnOfAnother.includes(type)) return undefined;
  return nonEmptyStringOf(read(() => props.arn));
}

/** A type or a placeholder as a property has it: `databaseName` for `DatabaseName`. */
export function asProperty(name: string): string {
  return lowerCase(name.charAt(0)) + name.slice(1);
}

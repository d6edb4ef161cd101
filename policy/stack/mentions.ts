import type { PolicyResource } from "@pulumi/policy";
import { types } from "../data/resource-types.ts";
import { isFields, nonEmptyStringOf, read, readList } from "../field.ts";
import { lowerCase } from "../iam/case.ts";
import { readLimits } from "../read-limits.ts";
import { onlyMentioning } from "./consumers.ts";
import { namesIn, sourcesOf } from "./links.ts";

/** Types whose values other programs read. */
const stored =
  /^aws:(ssm\/parameter:|secretsmanager\/secretVersion:|s3\/bucketObject(v2)?:|appconfig\/)/i;

const stackType = "pulumi:pulumi:Stack";

/** A role's ARN, also in a JSON document in a string. */
const roleArn = /arn:[\w-]+:iam::\d*:role\/[\w+=,.@/-]+/g;

/** Levels of objects and lists below a property that are read. */
const mostLevels = 12;

/**
 * The roles that something outside of the program may use: those whose ARN is in a string of a resource
 * (a document, e.g. of OpenAPI), in a stored value, or in an output of the stack.
 */
export function mentionedRoles(resources: readonly PolicyResource[]): ReadonlySet<PolicyResource> {
  const roles = resources.filter(({ type }) => type === types.role);
  const find = namesIn(roles)(types.role);
  const found = new Set<PolicyResource>();
  for (const resource of resources) {
    // Policies of IAM name roles without using them.
    if (resource.type.startsWith("aws:iam/")) continue;
    if (stored.test(resource.type)) {
      for (const property of Object.keys(resource.propertyDependencies)) {
        for (const it of sourcesOf(resource, property)) found.add(it);
      }
    }
    const ignored = onlyMentioning(resource.type);
    for (const property of Object.keys(resource.props)) {
      if (ignored.includes(property)) continue;
      for (const arn of roleArnsIn(() => resource.props[property], mostLevels)) {
        const role = find(arn);
        if (role) found.add(role);
      }
    }
    if (resource.type !== stackType) continue;
    for (const role of roles) if (mayExport(resource, role)) found.add(role);
  }
  return found;
}

/**
 * True if an output that is not known yet may be the role's ARN or name: the engine does not know what an
 * output comes from, so its name decides.
 */
function mayExport({ props }: PolicyResource, role: PolicyResource): boolean {
  const name = plain(role.name);
  const own = ["arn", "name", "id", "uniqueId"].flatMap(
    (property) => nonEmptyStringOf(read(() => role.props[property])) ?? [],
  );
  return Object.keys(props).some((output) => {
    const value = read(() => props[output]);
    if (value.isKnown) return typeof value.value === "string" && own.includes(value.value);
    return /role|arn/i.test(output) || plain(output).includes(name);
  });
}

function plain(name: string): string {
  return lowerCase(name.replaceAll(/[^A-Za-z0-9]/g, ""));
}

function* roleArnsIn(get: () => unknown, levels: number): Iterable<string> {
  const field = read(get);
  if (!field.isKnown || levels === 0) return;
  const { value } = field;
  if (typeof value === "string") {
    if (value.length > readLimits.documentCharacters || !value.includes(":role/")) return;
    for (const [arn] of value.matchAll(roleArn)) yield arn;
  } else if (Array.isArray(value)) {
    for (const it of readList(() => value)) {
      if (it.isKnown) yield* roleArnsIn(() => it.value, levels - 1);
    }
  } else if (isFields(value)) {
    for (const name of Object.keys(value)) yield* roleArnsIn(() => value[name], levels - 1);
  }
}

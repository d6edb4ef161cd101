import type { PolicyResource } from "@pulumi/policy";
import { keyProperties, keyRequirements } from "../data/key-requirements.ts";
import { types } from "../data/resource-types.ts";
import { ownValue, read } from "../field.ts";
import type { StackArns } from "./arns.ts";
import { isOfAws, type Reference, resolveProperty, resolveStandIn } from "./links.ts";
import { type Alternative, type Need, nothing } from "./need.ts";

/** The keys that encrypt a resource of the stack, and that resource with all that it depends on. */
export interface KeyInUse {
  readonly keys: Reference;
  readonly of: ReadonlySet<PolicyResource>;
}

/**
 * What needs require of the keys that encrypt their resources. Since not every encryption is a property of the
 * resource itself, a key of anything that depends on the resource may be used as well.
 */
export function keyNeeds(
  needs: readonly Need[],
  inUse: readonly KeyInUse[],
  arns: StackArns,
): Need[] {
  const required = needs.flatMap((it) => requiredKeys(it, arns));
  const [first] = needs;
  if (!first) return required;
  const alternatives = needs.filter((it) => it.isRequired).flatMap((it) => it.alternatives);
  const needed = new Set(alternatives.flatMap(({ resources }) => resources));
  const isOpen = alternatives.some(({ resources }) => resources.length === 0);
  const optional = (reference: Omit<Alternative, "action">) =>
    ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"].map(
      (action): Need => ({
        of: first.of,
        why: "a resource that it uses is encrypted",
        isRequired: false,
        alternatives: [{ action, ...reference }],
      }),
    );
  return [
    ...required,
    ...inUse
      .filter(({ of }) => isOpen || [...of].some((it) => needed.has(it)))
      .flatMap(({ keys }) => optional(keys)),
    ...(alternatives.some(mayBeOutside) ? optional({ ...nothing, isOutside: true }) : []),
  ];
}

/**
 * True if what is used may be outside of the stack, and so may be its key. CloudWatch Logs uses keys
 * without the permissions of the role.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function mayBeOutside({ action, resources, values, isGuess }: Alternative): boolean {
  if (action.startsWith("logs:") || resources.length > 0) return false;
  return values.length > 0 || isGuess === true;
}

/** Only if it is known which resource is meant. */
function requiredKeys({ of, why, isRequired, alternatives }: Need, { find }: StackArns): Need[] {
  const [alternative, ...others] = alternatives;
  const [resource, ...further] = alternative?.resources ?? [];
  if (!isRequired || !alternative || !resource || others.length + further.length > 0) return [];
  const requirement = ownValue(keyRequirements, alternative.action);
  const property = ownValue(keyProperties, resource.type);
  if (!requirement || !property) return [];
  const { resources, values } = resolveProperty(resource, property, find);
  const keys = {
    resources: resources.flatMap(resolveStandIn).filter(isKey),
    values: values.filter(isOfCustomer),
  };
  if (keys.resources.length + keys.values.length === 0) return [];
  return requirement.required.map((action) => ({
    of,
    why: `${why}, and ${resource.name} ${requirement.why} (${requirement.url})`,
    isRequired: true,
    alternatives: [{ action, ...keys }],
  }));
}

/** AWS managed keys allow everyone who may use the resource. An alias does not tell which key it is for. */
function isOfCustomer(value: string): boolean {
  return !value.includes("alias/");
}

function isKey({ type }: PolicyResource): boolean {
  return type === types.key;
}

/** The keys that encrypt resources of the stack, whatever the name of the property. */
export function keysInUse(resources: readonly PolicyResource[]): KeyInUse[] {
  const found: KeyInUse[] = [];
  for (const resource of resources) {
    if (/^aws:(iam|kms)\//.test(resource.type) || !isOfAws(resource.type)) continue;
    const sources = Object.values(resource.propertyDependencies).flat();
    const keys = [...new Set(sources.flatMap(resolveStandIn).filter(isKey))];
    const values = [...new Set(keyArnsIn(() => resource.props, 4))];
    if (keys.length + values.length === 0) continue;
    found.push({ keys: { resources: keys, values }, of: new Set([resource, ...sources]) });
  }
  return found;
}

/** Strings that are ARNs of keys, at most this many levels down. */
function keyArnsIn(get: () => unknown, levels: number): string[] {
  const field = read(get);
  if (!field.isKnown || levels === 0) return [];
  const { value } = field;
  if (typeof value === "string") return /^arn:[\w-]+:kms:/.test(value) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  const members = value as Record<string, unknown>;
  return Object.keys(members).flatMap((name) => keyArnsIn(() => members[name], levels - 1));
}

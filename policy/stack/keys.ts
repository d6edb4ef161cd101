import type { PolicyResource } from "@pulumi/policy";
import { ownValue, read } from "../field.ts";
import type { StackArns } from "./arns.ts";
import { type Named, namedBy } from "./functions.ts";
import { keyDuties, keyProperties } from "./key-duties.ts";
import type { Need } from "./need.ts";

const key = "aws:kms/key:Key";
const alias = "aws:kms/alias:Alias";

/** A key by which a resource of the stack is encrypted, and what that resource belongs to. */
export interface KeyInUse {
  readonly named: Named;
  readonly of: ReadonlySet<PolicyResource>;
}

/**
 * What needs ask of the keys by which their resources are encrypted; and, since not every
 * encryption is a property of the resource, the keys of what belongs to it.
 */
export function keyNeeds(
  needs: readonly Need[],
  keys: readonly KeyInUse[],
  arns: StackArns,
): Need[] {
  const required = needs.flatMap((it) => requiredKeys(it, arns));
  const [first] = needs;
  if (!first) return required;
  const ways = needs.filter((it) => it.isRequired).flatMap((it) => it.ways);
  const needed = new Set(ways.flatMap(({ resources }) => resources));
  const isOpen = ways.some(({ resources }) => resources.length === 0);
  const perhaps = keys
    .filter(({ of }) => isOpen || [...of].some((it) => needed.has(it)))
    .flatMap(({ named }) =>
      ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"].map(
        (action): Need => ({
          of: first.of,
          why: "a resource that it uses is encrypted",
          isRequired: false,
          ways: [{ action, ...named }],
        }),
      ),
    );
  return [...required, ...perhaps];
}

/** Only where it is known which resource is meant. */
function requiredKeys({ of, why, isRequired, ways }: Need, arns: StackArns): Need[] {
  const [way, ...others] = ways;
  const [resource, ...further] = way?.resources ?? [];
  if (!isRequired || !way || !resource || others.length + further.length > 0) return [];
  const duty = ownValue(keyDuties, way.action);
  const property = ownValue(keyProperties, resource.type);
  if (!duty || !property) return [];
  const { resources, texts } = namedBy(resource, property, () => resource.props[property], arns);
  const named = { resources: resources.flatMap(keysBehind), texts: texts.filter(isOfCustomer) };
  if (named.resources.length + named.texts.length === 0) return [];
  return duty.required.map((action) => ({
    of,
    why: `${why}, and ${resource.name} is encrypted with a key (${duty.url})`,
    isRequired: true,
    ways: [{ action, ...named }],
  }));
}

/** AWS's own keys let everybody who may use the resource; an alias does not say which key it is. */
function isOfCustomer(text: string): boolean {
  return !text.includes("alias/");
}

/** A key itself, or that of an alias. */
function keysBehind(resource: PolicyResource): PolicyResource[] {
  if (resource.type === key) return [resource];
  if (resource.type !== alias) return [];
  return (resource.propertyDependencies.targetKeyId ?? []).filter(({ type }) => type === key);
}

/** The keys that resources of the stack are encrypted with, whatever the property's name is. */
export function keysInUse(resources: readonly PolicyResource[]): KeyInUse[] {
  const found: KeyInUse[] = [];
  for (const resource of resources) {
    if (/^aws:(iam|kms)\//.test(resource.type) || !resource.type.startsWith("aws:")) continue;
    const sources = Object.values(resource.propertyDependencies).flat();
    const keys = [...new Set(sources.flatMap(keysBehind))];
    const texts = [...new Set(keyArnsIn(() => resource.props, 4))];
    if (keys.length + texts.length === 0) continue;
    found.push({ named: { resources: keys, texts }, of: new Set([resource, ...sources]) });
  }
  return found;
}

/** Texts that are ARNs of keys, at most so many levels down. */
function keyArnsIn(get: () => unknown, levels: number): string[] {
  const field = read(get);
  if (!field.isKnown || levels === 0) return [];
  const { value } = field;
  if (typeof value === "string") return /^arn:[\w-]+:kms:/.test(value) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  const members = value as Record<string, unknown>;
  return Object.keys(members).flatMap((name) => keyArnsIn(() => members[name], levels - 1));
}

import type { PolicyResource } from "@pulumi/policy";
import { ownValue, read, textOf } from "../field.ts";
import type { StackArns } from "./arns.ts";
import { keyDuties, keyProperties } from "./duties.ts";
import { type Named, namedBy } from "./functions.ts";
import type { Need } from "./need.ts";

const key = "aws:kms/key:Key";

/**
 * What needs ask of the keys by which their resources are encrypted; and, since not every
 * encryption is a property of the resource, that any key in use may be used.
 */
export function keyNeeds(needs: readonly Need[], inUse: Named, arns: StackArns): Need[] {
  const [first] = needs;
  if (!first) return [];
  const perhaps = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"].map(
    (action): Need => ({
      of: first.of,
      why: "a resource that it uses may be encrypted",
      isRequired: false,
      ways: [{ action, ...inUse }],
    }),
  );
  return [...needs.flatMap((it) => requiredKeys(it, arns)), ...perhaps];
}

/** Only where it is known which resource is meant. */
function requiredKeys({ of, why, isRequired, ways }: Need, arns: StackArns): Need[] {
  const [way, ...others] = ways;
  const [resource, ...further] = way?.resources ?? [];
  if (!isRequired || !way || !resource || others.length + further.length > 0) return [];
  const duty = ownValue(keyDuties, way.action);
  const property = ownValue(keyProperties, resource.type);
  if (!duty || !property) return [];
  const named = namedBy(resource, property, () => resource.props[property], arns);
  if (named.resources.length + named.texts.filter(isOfCustomer).length === 0) return [];
  return duty.required.map((action) => ({
    of,
    why: `${why}, and ${resource.name} is encrypted with a key (${duty.url})`,
    isRequired: true,
    ways: [{ action, ...named }],
  }));
}

/** AWS's own keys let everybody who may use the resource; an alias does not say which key it is. */
function isOfCustomer(text: string): boolean {
  return text !== "" && !text.includes("alias/");
}

/** The keys that resources of the stack are encrypted with, whatever the property's name is. */
export function keysInUse(resources: readonly PolicyResource[]): Named {
  const found = new Set<PolicyResource>();
  const texts = new Set<string>();
  for (const resource of resources) {
    if (/^aws:(iam|kms)\//.test(resource.type)) continue;
    for (const sources of Object.values(resource.propertyDependencies)) {
      for (const it of sources) if (it.type === key) found.add(it);
    }
    for (const property of Object.keys(resource.props)) {
      const text = textOf(read(() => resource.props[property]));
      if (text?.startsWith("arn:") && text.includes(":kms:")) texts.add(text);
    }
  }
  return { resources: [...found], texts: [...texts] };
}

import type { PolicyResource } from "@pulumi/policy";
import { read, setTextOf, textOf } from "../field.ts";
import { addTo } from "../groups.ts";
import { types } from "../resources.ts";
import { partsOf } from "./arn-parts.ts";
import type { StackArns } from "./arns.ts";

/** What belongs to functions: event source mappings, and where their calls end. */
export interface Belongings {
  of(lambda: PolicyResource): readonly PolicyResource[];
}

const belonging: readonly string[] = [types.eventSourceMapping, types.eventInvokeConfig];

/** Finds what names a function by dependency, or by its name or ARN. */
export function belongingsIn(resources: readonly PolicyResource[]): Belongings {
  const found = new Map<PolicyResource | string, PolicyResource[]>();
  for (const it of resources) {
    if (!belonging.includes(it.type)) continue;
    const lambdas = functionsOf(it);
    const name = functionNameOf(textOf(read(() => it.props.functionName)));
    const keys = lambdas.length > 0 ? lambdas : name === undefined ? [] : [name];
    for (const key of keys) addTo(found, key, it);
  }
  return {
    of(lambda) {
      const name = setTextOf(read(() => lambda.props.name));
      return [...(found.get(lambda) ?? []), ...(name === undefined ? [] : (found.get(name) ?? []))];
    },
  };
}

/** The functions that a resource names, also by an alias. */
function functionsOf({ propertyDependencies }: PolicyResource): PolicyResource[] {
  return (propertyDependencies.functionName ?? []).flatMap((it) => {
    if (it.type === types.function) return [it];
    return it.type === "aws:lambda/alias:Alias" ? functionsOf(it) : [];
  });
}

/** Of a name, perhaps with an alias or a version behind it, or of an ARN. */
function functionNameOf(text: string | undefined): string | undefined {
  const name = text?.startsWith("arn:") ? partsOf(text).rest.split(":")[1] : text?.split(":")[0];
  return name === "" ? undefined : name;
}

/** What a property names: a resource of the stack, or else its text, as far as that is known. */
export interface Named {
  readonly resources: readonly PolicyResource[];
  readonly texts: readonly string[];
}

/** What a property of a resource names by ARN; `read` gets the value below the property. */
export function namedBy(
  resource: PolicyResource,
  property: string,
  get: () => unknown,
  arns: StackArns,
): Named {
  const text = setTextOf(read(get));
  if (text !== undefined) {
    const found = arns.find(text);
    return found ? { resources: [found], texts: [] } : { resources: [], texts: [text] };
  }
  const sources = resource.propertyDependencies[property] ?? [];
  return { resources: sources.filter(({ type }) => type.startsWith("aws:")), texts: [] };
}

/** The role of a function; nothing if it is not of this stack. */
export function roleOf(lambda: PolicyResource, arns: StackArns): PolicyResource | undefined {
  const { resources } = namedBy(lambda, "role", () => lambda.props.role, arns);
  return resources.find(({ type }) => type === types.role);
}

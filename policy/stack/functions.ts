import type { PolicyResource } from "@pulumi/policy";
import { read, textOf } from "../field.ts";
import { types } from "../resources.ts";
import { partsOf, type StackArns } from "./arns.ts";

/** The resources of a type that name a function, by dependency, or by its name or ARN. */
export function ofFunction(
  lambda: PolicyResource,
  type: string,
  resources: readonly PolicyResource[],
): PolicyResource[] {
  const name = textOf(read(() => lambda.props.name));
  return resources.filter((it) => {
    if (it.type !== type) return false;
    if (it.propertyDependencies.functionName?.includes(lambda)) return true;
    const given = textOf(read(() => it.props.functionName));
    return given !== undefined && name !== undefined && functionNameOf(given) === name;
  });
}

function functionNameOf(text: string): string | undefined {
  return text.startsWith("arn:") ? partsOf(text).rest.split(":")[1] : text;
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
  const text = textOf(read(get));
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

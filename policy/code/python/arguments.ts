import type { Located, Parameter } from "./scopes.ts";
import { child, type PyNode } from "./syntax.ts";
import type { GivenArgument } from "./value.ts";

/** The arguments of a call in their order; those given by position have no name. */
export function argumentsOf({ node, scope, frame }: Located): GivenArgument[] {
  const list = child(node, "arguments");
  // `sum(x for x in y)`
  const parts = list?.type === "generator_expression" ? [list] : (list?.children ?? []);
  return parts.map((it) => {
    const value = it.type === "keyword_argument" ? child(it, "value") : undefined;
    return {
      name: value && child(it, "name")?.text,
      value: { node: value ?? it, scope, frame },
    };
  });
}

/** The argument of a name, or at a position. */
export function argument(
  given: readonly GivenArgument[],
  name: string | undefined,
  index?: number,
): Located | undefined {
  const byName = name === undefined ? undefined : given.find((it) => it.name === name);
  if (byName) return byName.value;
  const byPosition = given.filter((it) => it.name === undefined && !isSplat(it.value.node));
  return index === undefined ? undefined : byPosition[index]?.value;
}

function isSplat({ type }: PyNode): boolean {
  return type === "dictionary_splat" || type === "list_splat";
}

/** What a call binds the parameters of a function to; the first `bound` of them are bound before. */
export function bind(
  parameters: readonly Parameter[],
  given: readonly GivenArgument[],
  bound: number,
): Map<string, Located> {
  const found = new Map<string, Located>();
  const named = parameters.filter(({ rest }) => !rest);
  const byIndex = new Map(named.map((it) => [it.index, it]));
  const byName = new Map(named.map((it) => [it.name, it]));
  const byPosition = given.filter((it) => it.name === undefined && !isSplat(it.value.node));
  byPosition.forEach(({ value }, index) => {
    const parameter = byIndex.get(index + bound);
    if (parameter) found.set(parameter.name, value);
  });
  for (const { name, value } of given) {
    const parameter = name === undefined ? undefined : byName.get(name);
    if (parameter) found.set(parameter.name, value);
  }
  // `f(*values, **options)` may give all others.
  const splat = given.find((it) => isSplat(it.value.node));
  for (const { name, index } of splat ? named : []) {
    if (!found.has(name) && (index === undefined || index >= bound) && splat)
      found.set(name, splat.value);
  }
  return found;
}

/** The same of a call, of which `**kwargs` gets all arguments. */
export function bindCall(
  parameters: readonly Parameter[],
  call: Located,
  bound: number,
): Map<string, Located> {
  const found = bind(parameters, argumentsOf(call), bound);
  const rest = parameters.find((it) => it.rest === "dictionary");
  const list = child(call.node, "arguments");
  if (rest && list) found.set(rest.name, { ...call, node: list });
  return found;
}

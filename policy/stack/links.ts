import type { PolicyResource } from "@pulumi/policy";
import { standIns } from "../data/resource-types.ts";
import {
  type Field,
  isSet,
  memberOf,
  nonEmptyStringOf,
  ownValue,
  read,
  readList,
  stringOf,
} from "../field.ts";
import { addTo } from "../groups.ts";
import type { Action } from "../iam/actions.ts";
import { partsOf } from "./arn-parts.ts";
import { fitOf } from "./kinds.ts";

/** What one or more values refer to. */
export interface Reference {
  /** Resources of the stack. An unknown value may come from any of several. */
  readonly resources: readonly PolicyResource[];
  /** Known values that identify nothing in the stack, e.g. an ARN of another stack. */
  readonly values: readonly string[];
}

/** Finds the resource that a known value identifies, e.g. by its ARN. */
export type Find = (value: string) => PolicyResource | undefined;

/**
 * Resolves values: a known value identifies a resource or something outside of the stack. If a value
 * is unknown, or there is none, it may be any of the candidates.
 */
export function resolveValues(
  fields: readonly Field<unknown>[],
  find: Find,
  candidates: readonly PolicyResource[],
): Reference {
  const known = fields.flatMap((it) => stringOf(it) ?? []).map((it) => find(it) ?? it);
  const isOpen = known.length === 0 || fields.some((it) => !it.isKnown);
  const found = known.filter((it) => typeof it !== "string");
  return {
    resources: [...new Set([...found, ...(isOpen ? candidates : [])])],
    values: known.filter((it) => typeof it === "string"),
  };
}

/**
 * Resolves a property of a resource. Dots in the path lead into nested objects and lists of them:
 * `deadLetterConfig.targetArn`. The engine knows the resources that a whole property depends on; of
 * those, the ones of an accepted type are the candidates.
 */
export function resolveProperty(
  resource: PolicyResource,
  path: string,
  find: Find,
  accepts: (type: string) => boolean = isOfAws,
): Reference {
  const [root = "", ...members] = path.split(".");
  let fields = readList(() => resource.props[root]);
  for (const name of members) {
    fields = fields
      .map((it) => memberOf(it, name))
      .flatMap((it) => (it.isKnown ? readList(() => it.value) : [it]));
  }
  const candidates = sourcesOf(resource, root).filter(({ type }) => accepts(type));
  return resolveValues(fields.filter(isSet), find, candidates);
}

/** The resources that a property depends on, by the engine. It does not tell nested values apart. */
export function sourcesOf(
  { propertyDependencies }: Pick<PolicyResource, "propertyDependencies">,
  property: string,
): readonly PolicyResource[] {
  return ownValue(propertyDependencies, property) ?? [];
}

/** The resource that is meant by another one, e.g. the function of an alias; else the resource itself. */
export function resolveStandIn(resource: PolicyResource): readonly PolicyResource[] {
  const property = ownValue(standIns, resource.type);
  return property === undefined
    ? [resource]
    : sourcesOf(resource, property).flatMap(resolveStandIn);
}

export function isOfAws(type: string): boolean {
  return type.startsWith("aws:");
}

/**
 * Finds resources of a stack by type and by a value that is an ARN or a name, perhaps with a path
 * before it, or a version or an alias after it.
 */
export function namesIn(resources: readonly PolicyResource[]): (type: string) => Find {
  const byName = new Map<string, PolicyResource[]>();
  for (const it of resources) {
    const [arn, name, path = "/"] = ["arn", "name", "path"].map((property) =>
      nonEmptyStringOf(read(() => it.props[property])),
    );
    // Its ARN has the account, too, which must be the same.
    const inAnyAccount = arn === undefined && name !== undefined ? path + name : undefined;
    for (const own of [arn, name, inAnyAccount]) {
      if (own !== undefined) addTo(byName, `${it.type} ${own}`, it);
    }
  }
  return (type) => (value) => {
    for (const spelling of spellingsOf(value)) {
      const [found] = byName.get(`${type} ${spelling}`) ?? [];
      if (found) return found;
    }
    return undefined;
  };
}

/** `arn:aws:iam::1:policy/a/b` is also the policy `/a/b`, and `name:alias` the function `name`. */
function* spellingsOf(value: string): Iterable<string> {
  yield value;
  const isArn = value.startsWith("arn:");
  const name = isArn ? partsOf(value).rest.replace(/^[\w-]+(?=\/)|^[\w-]+:/, "") : value;
  yield name;
  yield name.replace(/:.*/s, "");
}

/** Of resources that an unknown value may come from, those that an action accepts, or else might. */
export async function candidatesFor(
  actions: readonly Action[],
  sources: readonly PolicyResource[],
): Promise<readonly PolicyResource[]> {
  const accepted: PolicyResource[] = [];
  const possible: PolicyResource[] = [];
  for (const source of sources) {
    const fits = await Promise.all(actions.map((it) => fitOf(it, source.type)));
    if (fits.includes("accepted")) accepted.push(source);
    else if (fits.includes("possible")) possible.push(source);
  }
  return accepted.length > 0 ? accepted : possible;
}

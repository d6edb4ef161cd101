import type { PolicyResource } from "@pulumi/policy";
import { types } from "../data/resource-types.ts";
import { addTo } from "../groups.ts";
import { hasWildcard, matches, overlaps } from "../iam/pattern.ts";
import { readLimits } from "../read-limits.ts";
import { type ArnParts, partsOf, prefixesOf } from "./arn-parts.ts";
import { ownArns, ownLogGroup } from "./own-arns.ts";

/** Finds the resources of a stack that an ARN is of. */
export interface StackArns {
  /**
   * The one resource that the ARN is of, or of something in it, e.g. an object in a bucket. In a preview
   * most ARNs are not known yet: then a resource is found by its name, in any account.
   */
  find(arn: string): PolicyResource | undefined;
  /** The same, and all resources that it matches if it has a wildcard in their name. */
  locate(arn: string): Located;
}

export interface Located {
  readonly resources: readonly PolicyResource[];
  /** What the ARN has after that of the one resource, e.g. `/*`. */
  readonly below?: string | undefined;
}

/** What is known of a resource's ARN; `*` for the rest. */
interface Known extends ArnParts {
  readonly resource: PolicyResource;
}

export async function stackArns(resources: readonly PolicyResource[]): Promise<StackArns> {
  const known: Known[] = [];
  const add = (resource: PolicyResource, arns: readonly string[]) =>
    known.push(...arns.map((arn) => ({ resource, ...partsOf(arn) })));
  for (const it of resources) if (it.type.startsWith("aws:")) add(it, await ownArns(it));
  // After the log groups of the stack, since one of them may be the same.
  for (const it of resources) if (it.type === types.function) add(it, ownLogGroup(it));
  const places = new Map<string, Known[]>();
  for (const it of known) addTo(places, placeOf(it), it);
  const sorted = [...places.keys()].sort();

  const locate = (arn: string): Located => {
    if (arn.length > readLimits.arnCharacters) return { resources: [] };
    const parts = partsOf(arn);
    const { service, region, account, rest } = parts;
    const at = (place: string) =>
      (places.get(place) ?? []).filter(
        (it) =>
          (it.region === "*" || matches(region, it.region)) &&
          (it.account === "*" || matches(account, it.account)),
      );
    for (const name of prefixesOf(rest)) {
      const [found] = at(placeOf({ service, rest: name }));
      if (found) return { resources: [found.resource], below: rest.slice(name.length) };
    }
    if (!hasWildcard(rest)) return { resources: [] };
    const prefix = placeOf(parts).replace(/[*?].*/s, "");
    const found = [...startingWith(prefix, sorted)]
      .flatMap(at)
      .filter((it) => matchesIn(rest, it.rest));
    return { resources: [...new Set(found.map(({ resource }) => resource))] };
  };
  return {
    locate,
    find(arn) {
      const { resources: found, below } = locate(arn);
      return below === undefined ? undefined : found[0];
    },
  };
}

function placeOf({ service, rest }: Pick<Known, "service" | "rest">): string {
  return `${service}:${rest}`;
}

/** True if a pattern matches the resource, or something in it. */
function matchesIn(pattern: string, rest: string): boolean {
  return matches(pattern, rest) || [":*", "/*"].some((below) => overlaps(pattern, rest + below));
}

/** The strings of a sorted list that start with a prefix. A large stack has thousands. */
function* startingWith(prefix: string, sorted: readonly string[]): Iterable<string> {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < prefix) low = middle + 1;
    else high = middle;
  }
  for (let text = sorted[low]; text?.startsWith(prefix); text = sorted[++low]) yield text;
}

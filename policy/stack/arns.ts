import type { PolicyResource } from "@pulumi/policy";
import { read, textOf } from "../field.ts";
import { hasWildcard, matches, overlaps } from "../iam/pattern.ts";
import { types } from "../resources.ts";
import { formsOfType } from "./kinds.ts";

/** Which resources of a stack an ARN names. */
export interface StackArns {
  /**
   * The one resource that the ARN names, itself or something in it, such as an object in a bucket.
   * In a preview most ARNs are not known yet; then a resource is found by its name, in any account.
   */
  find(arn: string): PolicyResource | undefined;
  /** The same; and all that it takes where a wildcard stands in the resource's own name. */
  locate(arn: string): Located;
}

export interface Located {
  readonly resources: readonly PolicyResource[];
  /** What the ARN has behind that of the one resource, such as `/*`. */
  readonly below?: string | undefined;
}

/** What is known of a resource's ARN; what is not is `*`. */
interface Known {
  readonly resource: PolicyResource;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** What stands behind the account, such as `table/orders`. */
  readonly rest: string;
}

export async function stackArns(resources: readonly PolicyResource[]): Promise<StackArns> {
  const known: Known[] = [];
  const add = (resource: PolicyResource, arns: readonly string[]) =>
    known.push(...arns.map((arn) => ({ resource, ...partsOf(arn) })));
  for (const it of resources) if (it.type.startsWith("aws:")) add(it, await knownArns(it));
  // Behind the log groups of the stack, which such a one may be.
  for (const it of resources) if (it.type === types.function) add(it, ownLogGroup(it));
  const places = new Map<string, Known[]>();
  for (const it of known) {
    const list = places.get(placeOf(it));
    if (list) list.push(it);
    else places.set(placeOf(it), [it]);
  }
  const sorted = [...places.keys()].sort();

  const locate = (arn: string): Located => {
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
    const found = [...beginningWith(prefix, sorted)]
      .flatMap(at)
      .filter((it) => takes(rest, it.rest));
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

/** True if a pattern takes the resource, or something in it. */
function takes(pattern: string, rest: string): boolean {
  return matches(pattern, rest) || [":*", "/*"].some((below) => overlaps(pattern, rest + below));
}

/** The texts of a sorted list that begin so: a large stack has thousands. */
function* beginningWith(prefix: string, sorted: readonly string[]): Iterable<string> {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < prefix) low = middle + 1;
    else high = middle;
  }
  for (let text = sorted[low]; text?.startsWith(prefix); text = sorted[++low]) yield text;
}

/** Names of these kinds may have a `/` in them, so what stands behind one is another's. */
const flat = /^(parameter|secret|log-group|role|policy|user|group|instance-profile)[/:]/;

/** The text itself, and what is left of it before each `/` and `:`, the longest first. */
export function* prefixesOf(rest: string): Iterable<string> {
  yield rest;
  const isFlat = flat.test(rest);
  for (let end = rest.length - 1; end > 0; end--) {
    if (rest[end] === ":" || (rest[end] === "/" && !isFlat)) yield rest.slice(0, end);
  }
}

async function knownArns(resource: PolicyResource): Promise<string[]> {
  const arns = ["arn", "executionArn"].flatMap(
    (it) => textOf(read(() => resource.props[it])) ?? [],
  );
  return [...(arns.length > 0 ? arns : await arnsByName(resource)), ...alsoNamed(resource)];
}

/** What is in a resource, and has an ARN that does not begin with its own. */
function alsoNamed(resource: PolicyResource): string[] {
  const text = (property: string) => textOf(read(() => resource.props[property]));
  const of = (service: string, ...rests: (string | undefined)[]) =>
    rests.flatMap((it) => (it ? [`arn:*:${service}:${regionOf(resource)}:*:${it}`] : []));
  const name = text("name");
  switch (resource.type) {
    case "aws:scheduler/scheduleGroup:ScheduleGroup":
      return of("scheduler", name && `schedule/${name}`);
    case "aws:sfn/stateMachine:StateMachine":
      return of("states", name && `execution:${name}`, name && `express:${name}`);
    case "aws:cloudwatch/eventRule:EventRule":
      return of("events", name && `rule/${text("eventBusName") ?? "default"}/${name}`);
    case "aws:rds/cluster:Cluster":
      return of("rds-db", dbUsersOf(text("clusterResourceId")));
    case "aws:rds/instance:Instance":
      return of("rds-db", dbUsersOf(text("resourceId")));
    case "aws:secretsmanager/secret:Secret":
      // AWS adds six characters to the name, for which its examples have a wildcard.
      return of("secretsmanager", name && `secret:${name}-??????`, name && `secret:${name}-*`);
    default:
      return [];
  }
}

function dbUsersOf(id: string | undefined): string | undefined {
  return id && `dbuser:${id}`;
}

/** By the properties that hold a name, in the forms of the type. */
async function arnsByName(resource: PolicyResource): Promise<string[]> {
  const names = namesOf(resource);
  if (names.length === 0) return [];
  return (await formsOfType(resource.type)).flatMap((form) => {
    const { service, region, account, rest } = partsOf(form);
    if (rest.split("${").length !== 2) return [];
    return names.map((name) =>
      [
        "arn:*",
        service,
        region && regionOf(resource),
        account && "*",
        rest.replace(/\$\{\w+\}/, () => name),
      ].join(":"),
    );
  });
}

/** The names by which a resource may be known: with its path, if it has one. */
function namesOf({ props }: PolicyResource): string[] {
  const path = textOf(read(() => props.path)) ?? "/";
  return ["name", "bucket", "id"].flatMap((property) => {
    const name = textOf(read(() => props[property]));
    if (!name || /[*?]/.test(name)) return [];
    // A parameter's name may begin with a slash, which its ARN has not twice.
    return [`${path}/${name}`.replaceAll(/\/+/g, "/").slice(1)].concat(
      path === "/" && name.startsWith("/") ? [name] : [],
    );
  });
}

function regionOf({ provider }: PolicyResource): string {
  return textOf(read(() => provider?.props.region)) ?? "*";
}

/** Lambda makes it with the function. */
function ownLogGroup({ props }: PolicyResource): string[] {
  const name = textOf(read(() => props.name));
  return name ? [`arn:*:logs:*:*:log-group:/aws/lambda/${name}`] : [];
}

export function partsOf(arn: string): Omit<Known, "resource"> {
  const [, , service = "", region = "", account = "", ...rest] = arn.split(":");
  return { service, region, account, rest: rest.join(":") };
}

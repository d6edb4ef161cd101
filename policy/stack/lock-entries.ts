import type { PolicyResource } from "@pulumi/policy";
import {
  digestOf,
  type Field,
  isPlain,
  nonEmptyStringOf,
  plainAction,
  read,
  scalarOf,
  secretValue,
} from "../field.ts";
import { boundaryKey, denyPrefix, type LockEntry } from "../grants-file.ts";
import { actionsOf } from "../iam/actions.ts";
import { hasWildcard } from "../iam/pattern.ts";
import { type Identity, identitiesOf } from "../identities.ts";
import { isSecret } from "../secrets.ts";
import { stackArns } from "./arns.ts";
import { sourcesOf } from "./links.ts";
import { type Permission, permissionsOf, resourceName } from "./permissions.ts";

const managedKey = "managed policies";

/** The entries of a stack, each with its identity's resource. */
export type StackEntry = LockEntry & { readonly resource: PolicyResource };

/** What a grants file would have for a stack. */
export async function lockEntries(resources: readonly PolicyResource[]): Promise<StackEntry[]> {
  const arns = await stackArns(resources);
  const nameOf = namesIn(resources);
  const entries: StackEntry[] = [];
  for (const identity of identitiesOf(resources)) {
    const { resource } = identity;
    const add = (key: string, values: readonly string[]) =>
      entries.push({ resource, identity: nameOf(resource), key, values });
    for (const it of await permissionsOf(identity, arns)) {
      const ending = conditionsOf(it);
      const action = await actionWord(it.action);
      add(
        (it.statement.isAllow ? "" : denyPrefix) + action,
        targetsOf(it).map((target) => target + ending),
      );
    }
    for (const it of exclusions(identity)) add(...it);
    for (const it of identity.unreadPolicies) add(managedKey, [it]);
    for (const it of boundariesOf(resource)) add(boundaryKey, [it]);
  }
  return entries;
}

/** The names of identities. Components give their children the same names, so those have their parent's, too. */
function namesIn(resources: readonly PolicyResource[]): (resource: PolicyResource) => string {
  const counts = new Map<string, number>();
  for (const it of resources) {
    counts.set(resourceName(it), (counts.get(resourceName(it)) ?? 0) + 1);
  }
  return (resource) => {
    const name = resourceName(resource);
    const { parent } = resource;
    return counts.get(name) === 1 || !parent ? name : `${name} of ${resourceName(parent)}`;
  };
}

/** As the reference writes it: actions are case-insensitive. */
export async function actionWord(action: string): Promise<string> {
  const [found, ...others] = await actionsOf(action);
  return found && others.length === 0 && !hasWildcard(action)
    ? found.name
    : (plainAction(action) ?? word(action));
}

/**
 * A value that is not part of the policy language could be a secret, so the file has its digest. What the
 * engine marks as a secret has none, since a short one could be guessed.
 */
function word(text: string): string {
  if (isPlain(text)) return text;
  return isSecret(text) ? secretValue : `#${digestOf(text)}`;
}

function wordOf(field: Field<unknown>): string {
  if (!field.isKnown) return "…";
  return word(scalarOf(field) ?? "");
}

function boundariesOf(resource: PolicyResource): string[] {
  const sources = sourcesOf(resource, "permissionsBoundary");
  if (sources.length > 0) return sources.map(resourceName);
  const arn = nonEmptyStringOf(read(() => resource.props.permissionsBoundary));
  return arn ? [word(arn)] : [];
}

/** Statements with NotAction or NotResource. */
function* exclusions({ statements }: Identity): Iterable<[key: string, values: string[]]> {
  for (const { isAllow, actions, notActions, resources, notResources } of statements) {
    if (notActions.length + notResources.length === 0) continue;
    const all = notActions.length > 0 ? notActions : actions;
    const on = notResources.length > 0 ? notResources : resources;
    const key = `${isAllow ? "" : denyPrefix}${notActions.length > 0 ? "all but " : ""}${words(all)}`;
    yield [key, [`${notResources.length > 0 ? "all but " : ""}${words(on)}`]];
  }
}

function words(fields: readonly Field<unknown>[]): string {
  return fields.map(wordOf).sort().join(", ");
}

function targetsOf({ resource, resources, below }: Permission): string[] {
  if (resource.isKnown && below === undefined) return [wordOf(resource)];
  if (resources.length === 0) return ["…"];
  return resources.map((it) => resourceName(it) + (below ?? "…")).sort();
}

function conditionsOf({ statement: { conditions } }: Permission): string {
  if (!conditions.isKnown) return " if …";
  const all = conditions.value.map(({ operator, key, values }) => {
    const known = values.map(wordOf).sort().join(" or ");
    return `${/^[A-Za-z:]{1,60}$/.test(operator) ? operator : word(operator)} ${/^[\w:./-]{1,100}$/.test(key) ? key : word(key)} ${known}`;
  });
  return all.length > 0 ? ` if ${all.sort().join(" and ")}` : "";
}

import type { PolicyResource } from "@pulumi/policy";
import { type Field, isPlain, show, showText, textOf } from "../field.ts";
import { type Identity, identitiesOf } from "../identities.ts";
import { attachedPolicies } from "../resources.ts";
import { conditionName } from "../statements.ts";
import { stackArns } from "./arns.ts";
import { type Granted, grantedBy, resourceName } from "./granted.ts";

/** Names that stand for what is no Allow of an action; what they have narrows the identity. */
export const boundaryKey = "permissions boundary";
export const denyPrefix = "Deny ";
const managedKey = "managed policies";

/**
 * An action of an identity on a resource, in words that are the same in every stack of a program:
 * type tokens and logical names.
 */
export interface GrantLine {
  readonly identity: PolicyResource;
  /** The action, or one of the names above. */
  readonly key: string;
  /** `TYPE NAME`, with `…` for what is not known yet; several where one of them is meant. */
  readonly values: readonly string[];
}

/** Every line of a stack. */
export async function grantLines(resources: readonly PolicyResource[]): Promise<GrantLine[]> {
  const arns = await stackArns(resources);
  const lines: GrantLine[] = [];
  for (const identity of identitiesOf(resources)) {
    const { resource } = identity;
    const line = (key: string, values: readonly string[]) =>
      lines.push({ identity: resource, key, values });
    for (const it of await grantedBy(identity, arns)) {
      const ending = conditionsOf(it);
      line(
        (it.statement.isAllow ? "" : denyPrefix) + showText(it.action),
        targetsOf(it).map((target) => target + ending),
      );
    }
    for (const it of notLines(identity)) line(...it);
    for (const it of unreadPolicies(identity)) line(managedKey, [it]);
    for (const it of resource.propertyDependencies.permissionsBoundary ?? []) {
      line(boundaryKey, [resourceName(it)]);
    }
  }
  return lines;
}

/** Statements that name what they are not about. */
function* notLines({ statements }: Identity): Iterable<[key: string, values: string[]]> {
  for (const { isAllow, actions, notActions, resources, notResources } of statements) {
    if (notActions.length + notResources.length === 0) continue;
    const all = notActions.length > 0 ? notActions : actions;
    const on = notResources.length > 0 ? notResources : resources;
    const key = `${isAllow ? "" : denyPrefix}${notActions.length > 0 ? "all but " : ""}${texts(all)}`;
    yield [key, [`${notResources.length > 0 ? "all but " : ""}${texts(on)}`]];
  }
}

function texts(fields: readonly Field<unknown>[]): string {
  return fields.map(show).sort().join(", ");
}

/** The ARNs of attached policies that are not of this stack. */
function unreadPolicies({ resource }: Identity): string[] {
  const { arns = [] } = attachedPolicies(resource) ?? {};
  return arns.flatMap((it) => textOf(it) ?? []);
}

function targetsOf({ resource, resources, below }: Granted): string[] {
  if (resource.isKnown && below === undefined) return [show(resource)];
  if (resources.length === 0) return ["…"];
  return resources.map((it) => resourceName(it) + (below ?? "…"));
}

function conditionsOf({ statement: { conditions } }: Granted): string {
  if (!conditions.isKnown) return " if …";
  const all = conditions.value.map((it) => {
    const values = it.values.map(wordsOf).sort();
    return `${conditionName(it).replace("Condition ", "")} ${values.join(" or ")}`;
  });
  return all.length > 0 ? ` if ${all.sort().join(" and ")}` : "";
}

/** Values that are not the words of policies could be secrets: they are left open. */
function wordsOf(value: Field<unknown>): string {
  const text = textOf(value);
  if (text === undefined) return value.isKnown ? show(value) : "…";
  return isPlain(text) || /^[\w./-]{1,60}$/.test(text) ? text : "…";
}

/** True if two lines are the same as far as both are known. */
export function isSameLine(left: string, right: string): boolean {
  return left === right || patternOf(left).test(right) || patternOf(right).test(left);
}

/** Behind the name of a resource `…` is nothing, or something in it; elsewhere it is anything. */
function patternOf(line: string): RegExp {
  const source = line
    .replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&")
    .replaceAll(/(?<=\S)…/g, "(?:[:/]\\S*)?")
    .replaceAll("…", ".*");
  return new RegExp(`^${source}$`);
}

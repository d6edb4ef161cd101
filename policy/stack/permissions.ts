import type { PolicyResource } from "@pulumi/policy";
import { type Field, show, showAction, stringOf } from "../field.ts";
import { listed } from "../finding.ts";
import { actionsOf } from "../iam/actions.ts";
import { lowerCase } from "../iam/case.ts";
import { conditionsKey } from "../iam/condition.ts";
import { matches, matchesEverything } from "../iam/pattern.ts";
import type { LocatedStatement } from "../statements.ts";
import type { StackArns } from "./arns.ts";
import { typesOfArn, typesOfResource } from "./kinds.ts";
import { candidatesFor } from "./links.ts";
import { identifies, isNameOf } from "./naming.ts";
import type { Alternative } from "./need.ts";

/** One action on one resource, as a statement of an identity allows or denies it. */
export interface Permission<Of extends LocatedStatement = LocatedStatement> {
  readonly statement: Of;
  /** As written, perhaps with wildcards. */
  readonly action: string;
  readonly resource: Field<unknown>;
  /** Resources of the stack: one of them if the value is unknown, all of them if it has a wildcard. */
  readonly resources: readonly PolicyResource[];
  /** The names of the action's resource types that the resource may be of; none for an action with a wildcard. */
  readonly typesOf: () => readonly string[];
  /** What the ARN has after that of the resource, e.g. `/*`, if it is known. */
  readonly below?: string | undefined;
}

/** Each action and resource of an identity's statements, in their order. Actions that are not strings are left out. */
export async function permissionsOf<Of extends LocatedStatement>(
  { statements }: { readonly statements: readonly Of[] },
  arns: StackArns,
): Promise<Permission<Of>[]> {
  const found: Permission<Of>[] = [];
  for (const statement of statements) {
    for (const action of statement.actions.flatMap((it) => stringOf(it) ?? [])) {
      for (const resource of statement.resources) {
        const target = await targetOf(resource, { action, statement, arns });
        found.push({ statement, action, resource, ...target });
      }
    }
  }
  return found;
}

async function targetOf(
  resource: Field<unknown>,
  { action, statement, arns }: { action: string; statement: LocatedStatement; arns: StackArns },
): Promise<Pick<Permission, "resources" | "below" | "typesOf">> {
  const arn = stringOf(resource);
  const actions = await actionsOf(action);
  const [details] = actions.length === 1 ? actions : [];
  if (arn === undefined) {
    const resources = await candidatesFor(actions, statement.sources);
    const all = resources.map(async ({ type }) => (details ? typesOfResource(details, type) : []));
    const types = (await Promise.all(all)).flat();
    return { resources, typesOf: () => types };
  }
  if (matchesEverything(arn)) return { resources: [], typesOf: () => [] };
  return { ...arns.locate(arn), typesOf: () => (details ? typesOfArn(details, arn) : []) };
}

/** True if a permission satisfies an alternative of a need, as far as that is known. */
export function satisfies(
  { statement, action, resource, resources, typesOf }: Permission,
  alternative: Alternative,
): boolean {
  if (!statement.isAllow) return false;
  if (!matches(lowerCase(action), lowerCase(alternative.action))) return false;
  const arn = stringOf(resource);
  if (arn !== undefined && matchesEverything(arn)) return true;
  if (alternative.isOutside) return resources.length === 0;
  if (alternative.type !== undefined) {
    const types = typesOf();
    if (types.length > 0) return types.includes(alternative.type);
  }
  if (alternative.resources.length + alternative.values.length === 0) return true;
  // Unknown and from nothing in the stack: it could be anything.
  if (arn === undefined && resources.length === 0) return true;
  if (resources.some((it) => alternative.resources.includes(it))) return true;
  if (arn !== undefined) return alternative.values.some((it) => identifies(arn, it));
  return resources.some((one) => alternative.values.some((it) => isNameOf(one, it)));
}

/** True if one is known to allow everything that the other allows. */
export function includes(one: Permission, other: Permission): boolean {
  if (!matches(lowerCase(one.action), lowerCase(other.action))) return false;
  if (!isAsWide(one.statement, other.statement)) return false;
  const [wide, narrow] = [stringOf(one.resource), stringOf(other.resource)];
  if (wide !== undefined && matchesEverything(wide)) return true;
  if (wide !== undefined && narrow !== undefined) return matches(wide, narrow);
  const [resource, ...others] = one.resources;
  const isSame =
    others.length === 0 && other.resources.length === 1 && resource === other.resources[0];
  return resource !== undefined && isSame;
}

/** True if the conditions of one accept every request that those of the other accept. */
function isAsWide(one: LocatedStatement, other: LocatedStatement): boolean {
  if (!one.conditions.isKnown) return false;
  if (one.conditions.value.length === 0) return true;
  if (!other.conditions.isKnown) return false;
  return conditionsKey(one.conditions.value) === conditionsKey(other.conditions.value);
}

/** As findings show it: `sqs:SendMessage on aws:sqs/queue:Queue orders`. */
export function permissionName({ action, resource, resources }: Permission): string {
  return `${showAction({ isKnown: true, value: action })} on ${resources.length > 0 ? oneOf(resources) : show(resource)}`;
}

/** `aws:sqs/queue:Queue orders`, or `one of …` if any of several may be meant. */
export function oneOf(resources: readonly PolicyResource[]): string {
  const names = resources.map(resourceName);
  return names.length > 1 ? `one of ${listed(names)}` : (names[0] ?? "");
}

export function resourceName({ type, name }: PolicyResource): string {
  return `${type} ${name}`;
}

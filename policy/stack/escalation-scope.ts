import type { Escalation } from "../data/escalations.ts";
import { type Field, stringOf } from "../field.ts";
import { type Action, actionsOf } from "../iam/actions.ts";
import { matchesAll, mayBe } from "../iam/arn.ts";
import { exemptsBoundary, requiresBoundary } from "../iam/boundary.ts";
import { isOfCaller } from "../iam/caller.ts";
import { lowerCase } from "../iam/case.ts";
import { namesResource, restricts } from "../iam/condition.ts";
import type { Statement } from "../iam/document.ts";
import { matches, matchesEverything } from "../iam/pattern.ts";
import type { Identity } from "../identities.ts";
import { knownConditions } from "../statements.ts";

/** What an identity may do something on: all resources, or only listed ones. */
export type Scope = "everything" | "listed" | "nothing";

/** What decides about a path. */
interface Deciding extends Pick<Identity, "boundary"> {
  readonly statements: readonly Statement[];
}

/** What the statements allow all actions of a path on. */
export async function scopeOf(identity: Deciding, path: Escalation): Promise<Scope> {
  let scope: Scope = "everything";
  for (const action of path.actions) {
    const one = await scopeOfAction(identity, action, path);
    if (one === "nothing") return "nothing";
    if (one === "listed") scope = "listed";
  }
  return scope;
}

async function scopeOfAction(
  { statements, boundary }: Deciding,
  action: string,
  path: Escalation,
): Promise<Scope> {
  const service = action === "iam:PassRole" ? path.service : undefined;
  const having = statements.filter((it) => it.isAllow && has(it, action) && isFor(it, service));
  // Most identities have none of them, and then the reference is not needed.
  if (having.length === 0) return "nothing";
  const [details] = await actionsOf(action);
  // The ARN formats of the resources that the action accepts; none if it accepts only `*`.
  const forms = (details?.resourceTypes ?? []).flatMap((it) => it.forms);
  const isBounded = details !== undefined && isBoundedBy(details);
  const isFree = (it: Statement) => !isBounded || !requiresBoundary(knownConditions(it));
  const allowing = having
    .filter(isFree)
    .map((it) => (path.isOfAnother ? withoutCaller(it) : it))
    .filter((it) => mayApply(it, forms));
  if (allowing.length === 0) return "nothing";
  const isForbidden = (it: Statement) =>
    !it.isAllow && has(it, action) && forbids(it, { isBounded });
  if (statements.some(isForbidden)) return "nothing";
  if (boundary && !boundary.some((it) => it.isAllow && has(it, action) && isFree(it))) {
    return "nothing";
  }
  if (boundary?.some(isForbidden)) return "nothing";
  return allowing.some((it) => isEverywhere(it, forms) || isOnCaller(it, forms))
    ? "everything"
    : "listed";
}

/** True if a condition on the boundary of the changed identity limits what the action can give it. */
function isBoundedBy({ name, conditionKeys }: Action): boolean {
  return conditionKeys.includes("iam:permissionsboundary") && !name.startsWith("iam:Delete");
}

/** The statement for others than the user who calls. */
function withoutCaller(statement: Statement): Statement {
  const isOther = (it: Field<unknown>) => !isOfCaller(stringOf(it) ?? "");
  return { ...statement, resources: statement.resources.filter(isOther) };
}

/** True if the user who calls may change itself. */
function isOnCaller({ resources }: Statement, forms: readonly string[]): boolean {
  return resources.some((it) => {
    const arn = stringOf(it) ?? "";
    return isOfCaller(arn) && forms.some((form) => mayBe(arn, form));
  });
}

/** An unknown action may be any, so it counts if it allows, and not if it denies. */
function has({ actions, notActions, isAllow }: Statement, action: string): boolean {
  const name = lowerCase(action);
  const isIt = (field: Field<unknown>, ifUnknown: boolean) => {
    const pattern = stringOf(field);
    return pattern === undefined ? ifUnknown : matches(lowerCase(pattern), name);
  };
  if (notActions.length > 0) return !notActions.some((it) => isIt(it, !isAllow));
  return actions.some((it) => isIt(it, isAllow));
}

/** False if the roles can be passed only to other services. */
export function isFor(statement: Statement, service: string | undefined): boolean {
  const conditions = knownConditions(statement);
  return conditions.every(
    (it) =>
      service === undefined ||
      lowerCase(it.key) !== "iam:passedtoservice" ||
      !restricts(it, conditions) ||
      it.values.some((value) => mayBeService(stringOf(value), service)),
  );
}

/** A variable may match any. */
function mayBeService(value: string | undefined, service: string): boolean {
  return value === undefined || value.includes("${") || matches(value, service);
}

/** True for a Deny of everything without any condition, or of everything but what has a boundary. */
export function forbids(
  { resources, conditions }: Statement,
  { isBounded }: { readonly isBounded: boolean },
): boolean {
  if (!conditions.isKnown) return false;
  const isAlways =
    conditions.value.length === 0 || (isBounded && exemptsBoundary(conditions.value));
  return isAlways && resources.some((it) => matchesEverything(stringOf(it) ?? ""));
}

/** True if the action may accept a resource of the statement. */
function mayApply({ resources, notResources }: Statement, forms: readonly string[]): boolean {
  if (notResources.length > 0) return true;
  return resources.some((it) => {
    const arn = stringOf(it);
    return arn === undefined || matchesEverything(arn) || forms.some((form) => mayBe(arn, form));
  });
}

function isEverywhere(statement: Statement, forms: readonly string[]): boolean {
  if (namesResource(knownConditions(statement))) return false;
  if (statement.notResources.length > 0) return true;
  return statement.resources.some((it) => {
    const arn = stringOf(it);
    return (
      arn !== undefined && (matchesEverything(arn) || forms.some((form) => matchesAll(arn, form)))
    );
  });
}

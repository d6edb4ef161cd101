import type { PolicyResource } from "@pulumi/policy";
import { type Field, show, showText, textOf } from "../field.ts";
import { type Action, actionsOf } from "../iam/actions.ts";
import { conditionsText } from "../iam/condition.ts";
import { lowerCase } from "../iam/letter-case.ts";
import { matches, takesEverything } from "../iam/pattern.ts";
import type { HeldStatement, Identity } from "../identities.ts";
import { some } from "../statements.ts";
import type { StackArns } from "./arns.ts";
import { fitOf } from "./kinds.ts";
import { isNamedBy } from "./naming.ts";
import type { Way } from "./need.ts";

/** One action on one resource, as a statement of an identity has it. */
export interface Granted {
  readonly statement: HeldStatement;
  /** As it is written: perhaps with wildcards. */
  readonly action: string;
  readonly resource: Field<unknown>;
  /** The resources of the stack of which it names one; all that a wildcard takes. */
  readonly resources: readonly PolicyResource[];
  /** What the ARN has behind that of the resource, such as `/*`, where it is known. */
  readonly below?: string | undefined;
}

/** All that the statements of an identity name, in their order; what has no action as text is left out. */
export async function grantedBy(
  { statements }: Pick<Identity, "statements">,
  arns: StackArns,
): Promise<Granted[]> {
  const found: Granted[] = [];
  for (const statement of statements) {
    for (const action of statement.actions.flatMap((it) => textOf(it) ?? [])) {
      for (const resource of statement.resources) {
        const named = await namedIn(resource, { action, statement, arns });
        found.push({ statement, action, resource, ...named });
      }
    }
  }
  return found;
}

async function namedIn(
  resource: Field<unknown>,
  { action, statement, arns }: { action: string; statement: HeldStatement; arns: StackArns },
): Promise<Pick<Granted, "resources" | "below">> {
  const arn = textOf(resource);
  if (arn === undefined) {
    return { resources: await candidatesFor(await actionsOf(action), statement.sources) };
  }
  return takesEverything(arn) ? { resources: [] } : arns.locate(arn);
}

/** Of resources from which a value comes, those that an action takes; or else perhaps does. */
export async function candidatesFor(
  actions: readonly Action[],
  sources: readonly PolicyResource[],
): Promise<readonly PolicyResource[]> {
  const taken: PolicyResource[] = [];
  const perhaps: PolicyResource[] = [];
  for (const source of sources) {
    const fits = await Promise.all(actions.map((it) => fitOf(it, source.type)));
    if (fits.includes("takes it")) taken.push(source);
    else if (fits.includes("perhaps")) perhaps.push(source);
  }
  return taken.length > 0 ? taken : perhaps;
}

/** True if it allows what a way needs, as far as that is known. */
export function covers({ statement, action, resource, resources }: Granted, way: Way): boolean {
  if (!statement.isAllow) return false;
  if (!matches(lowerCase(action), lowerCase(way.action))) return false;
  const arn = textOf(resource);
  if (arn !== undefined && takesEverything(arn)) return true;
  if (way.resources.length + way.texts.length === 0) return true;
  // Unknown, and of nothing in the stack: nobody can say what it is.
  if (arn === undefined && resources.length === 0) return true;
  if (resources.some((it) => way.resources.includes(it))) return true;
  return arn !== undefined && way.texts.some((text) => isNamedBy(arn, text));
}

/** True if one is known to allow all that the other does. */
export function includes(one: Granted, other: Granted): boolean {
  if (!matches(lowerCase(one.action), lowerCase(other.action))) return false;
  if (!isAsWide(one.statement, other.statement)) return false;
  const [wide, narrow] = [textOf(one.resource), textOf(other.resource)];
  if (wide !== undefined && takesEverything(wide)) return true;
  if (wide !== undefined && narrow !== undefined) return matches(wide, narrow);
  const [resource, ...others] = one.resources;
  const isSame =
    others.length === 0 && other.resources.length === 1 && resource === other.resources[0];
  return resource !== undefined && isSame;
}

/** True if the conditions of one let through all that those of the other do. */
function isAsWide(one: HeldStatement, other: HeldStatement): boolean {
  if (!one.conditions.isKnown) return false;
  if (one.conditions.value.length === 0) return true;
  if (!other.conditions.isKnown) return false;
  return conditionsText(one.conditions.value) === conditionsText(other.conditions.value);
}

/** Such as `sqs:SendMessage on aws:sqs/queue:Queue orders`: how findings say it. */
export function grantName({ action, resource, resources }: Granted): string {
  return `${showText(action)} on ${resources.length > 0 ? oneOf(resources) : show(resource)}`;
}

/** `aws:sqs/queue:Queue orders`, or `one of …` where several come into question. */
export function oneOf(resources: readonly PolicyResource[]): string {
  // The engine tells dependencies in another order each time.
  const names = resources.map(resourceName).sort();
  return names.length > 1 ? `one of ${some(names, 5)}` : (names[0] ?? "");
}

export function resourceName({ type, name }: PolicyResource): string {
  return `${type} ${name}`;
}

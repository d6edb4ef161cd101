import { type Field, textOf } from "../field.ts";
import { actionsOf } from "../iam/actions.ts";
import { mayBe, takesAll } from "../iam/arn.ts";
import { asksFor, namesResource } from "../iam/condition.ts";
import type { Statement } from "../iam/document.ts";
import { type Escalation, escalations } from "../iam/escalations.ts";
import { lowerCase } from "../iam/letter-case.ts";
import { matches, takesEverything } from "../iam/pattern.ts";
import { type Identity, identitiesOf } from "../identities.ts";
import type { Rule, StackFinding } from "../rule.ts";
import { resourceName } from "../stack/granted.ts";
import { createReach, type Reach as StackReach, trusts } from "../stack/reach.ts";
import { knownConditions, some } from "../statements.ts";

/** How far an identity may do something: on all resources, or on those that it names. */
type Reach = "everything" | "named" | "nothing";

/** Small permissions that together are great ones, over all documents of a role. */
export const privilegeEscalation: Rule = {
  name: "privilege-escalation",
  description: "No identity has actions that together give it the permissions of others.",
  severity: "critical",
  remediationSteps: "Take one action of the path away, or name its resources.",
  url: "https://pathfinding.cloud/",
  async *checkStack(resources) {
    const stack = createReach(resources);
    for (const identity of identitiesOf(resources)) {
      for (const path of escalations) {
        const reach = await reachOf(identity, path);
        if (reach === "nothing") continue;
        const found = {
          resource: identity.resource,
          what: `${path.id}: ${path.actions.join(" and ")}`,
          why: `it can ${path.gain}`,
          fix: "Take one of these actions away, or name its resources",
        };
        if (reach === "everything") yield found;
        else yield* namedFindings(found, path, identity, stack);
      }
    }
  },
};

/**
 * Where resources are named: what is gained is known if they are of this stack. A role that may no
 * more than the identity gains it nothing.
 */
async function* namedFindings(
  found: StackFinding,
  { through, service }: Escalation,
  identity: Identity,
  stack: StackReach,
): AsyncIterable<StackFinding> {
  const passing = identity.statements.filter((it) => it.isAllow && isFor(it, service));
  const roles = through === undefined ? undefined : await stack.rolesBy(through, passing);
  if (!roles) {
    yield {
      ...found,
      why: `${found.why}, as far as the resources that it names go`,
      level: "advisory",
    };
    return;
  }
  for (const role of roles) {
    if (role === identity.resource || (service && !trusts(role, service))) continue;
    const more = await stack.moreIn(role, identity);
    if (more.length === 0) continue;
    yield {
      ...found,
      what: `${found.what}, to ${resourceName(role)}`,
      why: `${found.why}: that one has more than it, ${some(more)}`,
    };
  }
}

async function reachOf(identity: Identity, path: Escalation): Promise<Reach> {
  let reach: Reach = "everything";
  for (const action of path.actions) {
    const service = action === "iam:PassRole" ? path.service : undefined;
    const one = await reachOfAction(identity, action, service);
    if (one === "nothing") return "nothing";
    if (one === "named") reach = "named";
  }
  return reach;
}

async function reachOfAction(
  { statements, boundary }: Identity,
  action: string,
  service: string | undefined,
): Promise<Reach> {
  const having = statements.filter((it) => it.isAllow && has(it, action) && isFor(it, service));
  // Most identities have none of them, and then nothing is read of the reference.
  if (having.length === 0) return "nothing";
  const forms = await formsOf(action);
  const allowing = having.filter((it) => reaches(it, forms));
  if (allowing.length === 0) return "nothing";
  if (statements.some((it) => !it.isAllow && has(it, action) && forbids(it))) return "nothing";
  if (boundary && !boundary.some((it) => it.isAllow && has(it, action))) return "nothing";
  if (boundary?.some((it) => !it.isAllow && has(it, action) && forbids(it))) return "nothing";
  return allowing.some((it) => isEverywhere(it, forms)) ? "everything" : "named";
}

/** An unknown action may be any, so it counts where it allows, and not where it denies. */
function has({ actions, notActions, isAllow }: Statement, action: string): boolean {
  const name = lowerCase(action);
  const isIt = (field: Field<unknown>, ifUnknown: boolean) => {
    const pattern = textOf(field);
    return pattern === undefined ? ifUnknown : matches(lowerCase(pattern), name);
  };
  if (notActions.length > 0) return !notActions.some((it) => isIt(it, !isAllow));
  return actions.some((it) => isIt(it, isAllow));
}

/** False where the roles are passed to other services only. */
function isFor(statement: Statement, service: string | undefined): boolean {
  const conditions = knownConditions(statement);
  return conditions.every(
    (it) =>
      service === undefined ||
      lowerCase(it.key) !== "iam:passedtoservice" ||
      !asksFor(it, conditions) ||
      it.values.some((value) => mayBeService(textOf(value), service)),
  );
}

/** A variable may stand for any. */
function mayBeService(value: string | undefined, service: string): boolean {
  return value === undefined || value.includes("${") || matches(value, service);
}

/** True for a Deny of everything, without any condition that lets something through. */
function forbids({ resources, conditions }: Statement): boolean {
  if (!conditions.isKnown || conditions.value.length > 0) return false;
  return resources.some((it) => takesEverything(textOf(it) ?? ""));
}

/** The forms of the resources that an action takes; none where it takes `*` only. */
async function formsOf(action: string): Promise<readonly string[]> {
  const [details] = await actionsOf(action);
  return (details?.resourceTypes ?? []).flatMap(({ forms }) => forms);
}

/** True if a resource of the statement may be one that the action takes. */
function reaches({ resources, notResources }: Statement, forms: readonly string[]): boolean {
  if (notResources.length > 0) return true;
  return resources.some((it) => {
    const arn = textOf(it);
    return arn === undefined || takesEverything(arn) || forms.some((form) => mayBe(arn, form));
  });
}

function isEverywhere(statement: Statement, forms: readonly string[]): boolean {
  if (namesResource(knownConditions(statement))) return false;
  if (statement.notResources.length > 0) return true;
  return statement.resources.some((it) => {
    const arn = textOf(it);
    return arn !== undefined && (takesEverything(arn) || forms.some((form) => takesAll(arn, form)));
  });
}

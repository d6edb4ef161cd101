import { type Escalation, escalations } from "../data/escalations.ts";
import { type Identity, identitiesOf } from "../identities.ts";
import type { Rule, StackFinding } from "../rule.ts";
import { type Access, createAccess, trusts } from "../stack/access.ts";
import { isFor, type Scope, scopeOf } from "../stack/escalation-scope.ts";
import { resourceName } from "../stack/permissions.ts";
import { some } from "../statements.ts";

/** Small permissions that together are large ones, over all documents of an identity. */
export const privilegeEscalation: Rule = {
  name: "privilege-escalation",
  description: "No identity has actions that together give it the permissions of another.",
  severity: "critical",
  remediationSteps: "Remove one action of the path, or restrict its resources.",
  url: "https://pathfinding.cloud/",
  async *checkStack(resources) {
    const access = createAccess(resources);
    for (const identity of identitiesOf(resources)) {
      for (const path of escalations) {
        const scope = await scopeOf(identity, path);
        if (scope === "nothing" || (await isOfGroup(identity, path, scope))) continue;
        const found = {
          resource: identity.resource,
          what: "escalation path",
          values: [`${path.id} by ${path.actions.join(" + ")}`],
          why: `it can ${path.gain}`,
          fix: "Remove one of these actions, or restrict its resources",
        };
        if (scope === "everything") yield found;
        else yield* listedFindings(found, path, identity, access);
      }
    }
  },
};

/**
 * If resources are listed, the gain is known for those of this stack. A role that may do no more than
 * the identity gains it nothing.
 */
async function* listedFindings(
  found: StackFinding,
  { through, service }: Escalation,
  identity: Identity,
  access: Access,
): AsyncIterable<StackFinding> {
  const passing = identity.statements.filter((it) => it.isAllow && isFor(it, service));
  const roles = through === undefined ? undefined : await access.rolesBy(through, passing);
  if (!roles) {
    yield {
      ...found,
      why: `${found.why}, limited to the resources that it lists`,
      level: "advisory",
    };
    return;
  }
  for (const role of roles) {
    if (role === identity.resource || (service && !trusts(role, service))) continue;
    const more = await access.moreIn(role, identity);
    if (more.length === 0) continue;
    yield {
      ...found,
      after: `to ${resourceName(role)}`,
      why: `${found.why}: that role also allows ${some(more)}`,
    };
  }
}

/** True if a user has the path from one of its groups, which has the finding. */
async function isOfGroup(identity: Identity, path: Escalation, scope: Scope): Promise<boolean> {
  const groups = new Set(identity.statements.flatMap(({ group }) => group ?? []));
  for (const group of groups) {
    const statements = identity.statements.filter((it) => it.group === group);
    if ((await scopeOf({ statements, boundary: undefined }, path)) === scope) return true;
  }
  return false;
}

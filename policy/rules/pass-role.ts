import { show, showText, textOf } from "../field.ts";
import { isPattern } from "../iam/arn.ts";
import { valuesAskedFor } from "../iam/condition.ts";
import { hasWildcard } from "../iam/pattern.ts";
import { identitiesOf } from "../identities.ts";
import type { Rule } from "../rule.ts";
import { resourceName } from "../stack/granted.ts";
import { createReach, trusts } from "../stack/reach.ts";
import {
  allowingStatements,
  expansionsOf,
  hasDocument,
  knownConditions,
  some,
  statementName,
} from "../statements.ts";

/** Who may pass a role to a service has, by that service, all that the role has. */
export const passRole: Rule = {
  name: "pass-role",
  description:
    "iam:PassRole names the roles that are passed, and the service that they are passed to.",
  severity: "critical",
  remediationSteps: "Name the role's ARN, and the service under the condition iam:PassedToService.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
  appliesTo: hasDocument("identity"),
  async *check(resource) {
    for (const { where, statement } of allowingStatements(resource, ["identity"])) {
      const passing = (await expansionsOf(statement)).find(({ expansion }) =>
        expansion.some(({ name }) => name === "iam:PassRole"),
      );
      if (!passing) continue;
      const by = `with ${show(passing.action)}`;
      for (const field of statement.resources) {
        const arn = textOf(field);
        if (arn === undefined || !isPattern(arn)) continue;
        yield {
          what: `${where}: Resource ${show(field)} ${by}`,
          why: "more than one role can be passed",
          fix: "Name the ARN of each role that is passed",
        };
      }
      // An unknown service counts: it is judged once it is known.
      const services = valuesAskedFor("iam:PassedToService", knownConditions(statement));
      if (services.length === 0) {
        yield {
          what: `${where}: iam:PassRole ${by}`,
          why: "the role can be passed to any service",
          fix: 'Add the condition "StringEquals": {"iam:PassedToService": "SERVICE.amazonaws.com"}',
        };
      }
      for (const service of services.filter((it) => hasWildcard(it) || it.includes("${"))) {
        yield {
          what: `${where}: iam:PassedToService ${showText(service)}`,
          why: "it stands for several services",
          fix: "Name the service",
        };
      }
    }
  },

  /** Of a role of this stack it is known what it has, and to whom it can be passed at all. */
  async *checkStack(resources) {
    const stack = createReach(resources);
    for (const identity of identitiesOf(resources)) {
      for (const statement of identity.statements.filter((it) => it.isAllow)) {
        const services = valuesAskedFor("iam:PassedToService", knownConditions(statement));
        for (const role of (await stack.rolesBy("iam:PassRole", [statement])) ?? []) {
          const found = {
            resource: identity.resource,
            what: `statement ${statementName(statement)}: iam:PassRole on ${resourceName(role)}`,
          };
          if (services.length > 0 && !services.some((it) => trusts(role, it))) {
            yield {
              ...found,
              why: `that role does not trust ${some(services.map(showText))}, so it cannot be passed to it`,
              fix: "Take the statement away, or name the service that the role trusts",
            };
            continue;
          }
          const more = await stack.moreIn(role, identity);
          if (more.length === 0) continue;
          yield {
            ...found,
            why: `who passes it can have more done than it may itself: ${some(more)}`,
            fix: "See that who has this role may know of that",
            level: "advisory",
          };
        }
      }
    }
  },
};

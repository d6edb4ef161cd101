import { show, showAction, showString, stringOf } from "../field.ts";
import { isPattern } from "../iam/arn.ts";
import { requiredValues } from "../iam/condition.ts";
import { hasWildcard } from "../iam/pattern.ts";
import { identitiesOf } from "../identities.ts";
import type { Rule } from "../rule.ts";
import { createAccess, trusts } from "../stack/access.ts";
import { resourceName } from "../stack/permissions.ts";
import {
  allowingStatements,
  allowsEverything,
  expansionsOf,
  fromKnownNames,
  hasDocument,
  knownConditions,
  some,
} from "../statements.ts";

/** An identity that may pass a role to a service has, through it, all permissions of the role. */
export const passRole: Rule = {
  name: "pass-role",
  description: "iam:PassRole is restricted to specific roles and a specific service.",
  severity: "critical",
  remediationSteps:
    "Specify the role's ARN, and the service with the condition iam:PassedToService.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
  appliesTo: hasDocument("identity"),
  async *check(resource) {
    for (const statement of allowingStatements(resource, ["identity"])) {
      const passing = (await expansionsOf(statement)).find(({ expansion }) =>
        expansion.some(({ name }) => name === "iam:PassRole"),
      );
      if (!passing || allowsEverything(statement)) continue;
      const what = `${statement.where}: ${showAction(passing.action)} with`;
      for (const field of statement.resources) {
        const arn = stringOf(field);
        if (arn === undefined || !isPattern(arn)) continue;
        yield {
          what,
          values: [`Resource ${show(field)}`],
          why: "more than one role can be passed",
          fix: `Specify the ARN of each role that is passed${fromKnownNames(statement)}`,
        };
      }
      // An unknown service counts. It is checked once it is known.
      const services = requiredValues("iam:PassedToService", knownConditions(statement));
      if (services.length === 0) {
        yield {
          what,
          values: ["any service"],
          why: "the role can be passed to any service",
          fix: 'Add the condition "StringEquals": {"iam:PassedToService": "SERVICE.amazonaws.com"}',
        };
      }
      for (const service of services.filter((it) => hasWildcard(it) || it.includes("${"))) {
        yield {
          what,
          values: [`iam:PassedToService ${showString(service)}`],
          why: "it matches several services",
          fix: "Specify the service",
        };
      }
    }
  },

  /** The permissions of a role of this stack, and the services that it trusts, are known. */
  async *checkStack(resources) {
    const access = createAccess(resources);
    for (const identity of identitiesOf(resources)) {
      for (const statement of identity.statements.filter((it) => it.isAllow)) {
        const services = requiredValues("iam:PassedToService", knownConditions(statement));
        for (const role of (await access.rolesBy("iam:PassRole", [statement])) ?? []) {
          const found = {
            resource: identity.resource,
            what: `${statement.where}: iam:PassRole on`,
            values: [resourceName(role)],
          };
          if (services.length > 0 && !services.some((it) => trusts(role, it))) {
            yield {
              ...found,
              why: `that role does not trust ${some(services.map(showString))}, so it cannot be passed to it`,
              fix: "Remove the statement, or specify the service that the role trusts",
            };
            continue;
          }
          const more = await access.moreIn(role, identity);
          if (more.length === 0) continue;
          yield {
            ...found,
            why: `passing it gives access to more than the identity may do itself: ${some(more)}`,
            fix: "Check that the identity may have that access",
            level: "advisory",
          };
        }
      }
    }
  },
};

import { textOf } from "../field.ts";
import { types } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { consumersOf } from "../stack/consumers.ts";
import { some, statementsOf } from "../statements.ts";

/** A role that nothing has is only there for somebody to take. */
export const unusedRole: Rule = {
  name: "unused-role",
  description: "Each role that a service may assume is given to something in the stack.",
  severity: "medium",
  remediationSteps: "Remove the role, or give it to what it was made for.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#remove-credentials",
  *checkStack(resources) {
    const consumers = consumersOf(resources);
    for (const resource of resources) {
      if (resource.type !== types.role || consumers.has(resource)) continue;
      const principals = statementsOf(resource, ["trust"]).flatMap(
        ({ statement }) => statement.principals,
      );
      // Whom people or other accounts give it to is not in the stack.
      if (principals.length === 0 || principals.some(({ type }) => type !== "Service")) continue;
      const services = some(principals.flatMap(({ value }) => textOf(value) ?? []));
      yield {
        resource,
        what: "role",
        why: `${services} may assume it, and nothing in this stack has it`,
        fix: "Remove it, or give it to what it is for",
      };
    }
  },
};

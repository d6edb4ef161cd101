import { types } from "../data/resource-types.ts";
import { stringOf } from "../field.ts";
import type { Rule } from "../rule.ts";
import { consumersOf } from "../stack/consumers.ts";
import { some, statementsOf } from "../statements.ts";

/** An unused role only helps an attacker. */
export const unusedRole: Rule = {
  name: "unused-role",
  description: "Each role that a service may assume is used by something in the stack.",
  severity: "medium",
  remediationSteps: "Remove the role, or assign it to the resource that needs it.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#remove-credentials",
  *checkStack(resources) {
    const consumers = consumersOf(resources);
    for (const resource of resources) {
      if (resource.type !== types.role || consumers.has(resource)) continue;
      const principals = statementsOf(resource, ["trust"]).flatMap(({ principals }) => principals);
      // People and other accounts use it outside of the stack.
      if (principals.length === 0 || principals.some(({ type }) => type !== "Service")) continue;
      const services = some(principals.flatMap(({ value }) => stringOf(value) ?? []));
      yield {
        resource,
        what: "role",
        why: `${services} may assume it, and nothing in this stack uses it`,
        fix: "Remove it, or assign it to the resource that needs it",
      };
    }
  },
};

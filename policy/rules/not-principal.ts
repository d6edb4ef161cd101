import { show } from "../field.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, hasDocument } from "../statements.ts";

/** An exclusion also allows whatever AWS adds later. */
export const notPrincipal: Rule = {
  name: "not-principal",
  description: "No Allow statement uses NotPrincipal, which allows everyone else.",
  severity: "high",
  remediationSteps: "List the intended principals under Principal.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
  appliesTo: hasDocument("trust", "resource"),
  *check(resource) {
    for (const statement of allowingStatements(resource, ["trust", "resource"])) {
      for (const { value } of statement.notPrincipals) {
        yield {
          what: `${statement.where}: NotPrincipal`,
          values: [show(value)],
          why: "it allows everyone else",
          fix: "List the intended principals under Principal",
        };
      }
    }
  },
};

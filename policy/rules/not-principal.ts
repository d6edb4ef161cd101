import { show } from "../field.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, hasDocument } from "../statements.ts";

/** Nothing is allowed by exclusion: what AWS adds later would be allowed, too. */
export const notPrincipal: Rule = {
  name: "not-principal",
  description: "No Allow statement has NotPrincipal, which allows everybody else.",
  severity: "high",
  remediationSteps: "Name who is meant under Principal.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
  appliesTo: hasDocument("trust", "resource"),
  *check(resource) {
    for (const { where, statement } of allowingStatements(resource, ["trust", "resource"])) {
      for (const { value } of statement.notPrincipals) {
        yield {
          what: `${where}: NotPrincipal ${show(value)}`,
          why: "it allows everybody else",
          fix: "Name who is meant under Principal",
        };
      }
    }
  },
};

import { show } from "../field.ts";
import { grantingKinds } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, fromKnownNames, hasDocument } from "../statements.ts";

/** An exclusion also allows whatever AWS adds later. */
export const notResource: Rule = {
  name: "not-resource",
  description: "No Allow statement uses NotResource, which allows every other resource.",
  severity: "high",
  remediationSteps: "List the intended resources under Resource.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html",
  appliesTo: hasDocument(...grantingKinds, "resource"),
  *check(resource) {
    for (const statement of allowingStatements(resource, [...grantingKinds, "resource"])) {
      for (const value of statement.notResources) {
        yield {
          what: `${statement.where}: NotResource`,
          values: [show(value)],
          why: "it allows every other resource",
          fix: `List the intended ARNs under Resource${fromKnownNames(statement)}`,
        };
      }
    }
  },
};

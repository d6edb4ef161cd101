import { showAction } from "../field.ts";
import { grantingKinds } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, hasDocument } from "../statements.ts";

/** An exclusion also allows whatever AWS adds later. */
export const notAction: Rule = {
  name: "not-action",
  description: "No Allow statement uses NotAction, which allows every other action.",
  severity: "high",
  remediationSteps: "List each action that is called under Action.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
  appliesTo: hasDocument(...grantingKinds, "resource"),
  *check(resource) {
    for (const statement of allowingStatements(resource, [...grantingKinds, "resource"])) {
      for (const value of statement.notActions) {
        yield {
          what: `${statement.where}: NotAction`,
          values: [showAction(value)],
          why: "it allows every other action",
          fix: "List each action that is called under Action",
        };
      }
    }
  },
};

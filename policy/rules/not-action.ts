import { show } from "../field.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, hasDocument } from "../statements.ts";

/** An exclusion also allows whatever AWS adds later. */
export const notAction: Rule = {
  name: "not-action",
  description: "No Allow statement uses NotAction, which allows every other action.",
  severity: "high",
  remediationSteps: "List each action that is called under Action.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
  appliesTo: hasDocument("identity", "resource"),
  *check(resource) {
    for (const statement of allowingStatements(resource, ["identity", "resource"])) {
      for (const value of statement.notActions) {
        yield {
          what: `${statement.where}: NotAction ${show(value)}`,
          why: "it allows every other action",
          fix: "List each action that is called under Action",
        };
      }
    }
  },
};

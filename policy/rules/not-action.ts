import { show } from "../field.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, hasDocument } from "../statements.ts";

/** Nothing is allowed by exclusion: what AWS adds later would be allowed, too. */
export const notAction: Rule = {
  name: "not-action",
  description: "No Allow statement has NotAction, which allows every other action.",
  severity: "high",
  remediationSteps: "Name each action that is called under Action.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
  appliesTo: hasDocument("identity", "resource"),
  *check(resource) {
    for (const { where, statement } of allowingStatements(resource, ["identity", "resource"])) {
      for (const value of statement.notActions) {
        yield {
          what: `${where}: NotAction ${show(value)}`,
          why: "it allows every other action",
          fix: "Name each action that is called under Action",
        };
      }
    }
  },
};

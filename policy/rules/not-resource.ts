import { show } from "../field.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, hasDocument } from "../statements.ts";

/** Nothing is allowed by exclusion: what AWS adds later would be allowed, too. */
export const notResource: Rule = {
  name: "not-resource",
  description: "No Allow statement has NotResource, which allows every other resource.",
  severity: "high",
  remediationSteps: "Name the resources that are meant under Resource.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html",
  appliesTo: hasDocument("identity", "resource"),
  *check(resource) {
    for (const { where, statement } of allowingStatements(resource, ["identity", "resource"])) {
      for (const value of statement.notResources) {
        yield {
          what: `${where}: NotResource ${show(value)}`,
          why: "it allows every other resource",
          fix: "Name the resources that are meant under Resource",
        };
      }
    }
  },
};

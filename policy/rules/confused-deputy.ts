import { sourcesOfResources, sourcesOfRoles } from "../data/source-keys.ts";
import { ownValue, stringOf } from "../field.ts";
import { namesSource } from "../iam/condition.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, hasDocument, knownConditions } from "../statements.ts";

/** A service acts for many accounts, so its access must be restricted to one of them. */
export const confusedDeputy: Rule = {
  name: "confused-deputy",
  description: "A service that acts on behalf of others is trusted for a specific source only.",
  severity: "high",
  remediationSteps: "Add a condition on aws:SourceArn or aws:SourceAccount.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  appliesTo: hasDocument("trust", "resource"),
  *check(resource) {
    for (const statement of allowingStatements(resource, ["trust", "resource"])) {
      if (namesSource(knownConditions(statement))) continue;
      const sources = statement.kind === "trust" ? sourcesOfRoles : sourcesOfResources;
      for (const { type, value } of statement.principals) {
        const service = withoutRegion(stringOf(value) ?? "");
        const source = ownValue(sources, service);
        if (type !== "Service" || source === undefined) continue;
        yield {
          what: `${statement.where}: Principal Service ${service}`,
          why: `the service acts on behalf of any account, and no condition restricts the source (${source})`,
          fix: 'Add the condition "StringEquals": {"aws:SourceAccount": "ACCOUNT"}, and aws:SourceArn if you know the ARN',
        };
      }
    }
  },
};

/** Some services have a principal for each region, such as `states.eu-west-1.amazonaws.com`. */
function withoutRegion(service: string): string {
  return service.replace(/\.[a-z]{2}(-[a-z]+)+-\d\./, ".");
}

import { ownValue, textOf } from "../field.ts";
import { namesSource } from "../iam/condition.ts";
import { sourcesOfResources, sourcesOfRoles } from "../iam/source-keys.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, hasDocument, knownConditions } from "../statements.ts";

/** A service acts for many accounts: what it may do here must be bound to one of them. */
export const confusedDeputy: Rule = {
  name: "confused-deputy",
  description: "A service that says for whom it acts is trusted for a named source only.",
  severity: "high",
  remediationSteps: "Add a condition on aws:SourceArn or aws:SourceAccount.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  appliesTo: hasDocument("trust", "resource"),
  *check(resource) {
    for (const { where, kind, statement } of allowingStatements(resource, ["trust", "resource"])) {
      if (namesSource(knownConditions(statement))) continue;
      const sources = kind === "trust" ? sourcesOfRoles : sourcesOfResources;
      for (const { type, value } of statement.principals) {
        const service = withoutRegion(textOf(value) ?? "");
        const source = ownValue(sources, service);
        if (type !== "Service" || source === undefined) continue;
        yield {
          what: `${where}: Principal Service ${service}`,
          why: `the service acts for any account that asks it to, and no condition names the source (${source})`,
          fix: 'Add the condition "StringEquals": {"aws:SourceAccount": "ACCOUNT"}, and aws:SourceArn where its ARN is known',
        };
      }
    }
  },
};

/** Some services have a principal for each region, such as `states.eu-west-1.amazonaws.com`. */
function withoutRegion(service: string): string {
  return service.replace(/\.[a-z]{2}(-[a-z]+)+-\d\./, ".");
}

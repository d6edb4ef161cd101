import { vacuityOf } from "../iam/condition.ts";
import { replacementOf } from "../iam/replacement.ts";
import { everyKind } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, conditionName, hasDocument, knownConditions } from "../statements.ts";

/** A condition that restricts nothing looks like a safeguard, and is none. */
export const vacuousCondition: Rule = {
  name: "vacuous-condition",
  description: "Each condition of an Allow statement restricts it.",
  severity: "medium",
  remediationSteps: "Require the intended values, or remove the condition.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
  appliesTo: hasDocument(...everyKind),
  *check(resource) {
    for (const statement of allowingStatements(resource, everyKind)) {
      const conditions = knownConditions(statement);
      const checked = conditions.map((it) => ({
        condition: it,
        vacuity: vacuityOf(it, conditions),
      }));
      // Removing a condition that does restrict would allow more.
      const kept = checked.filter(({ vacuity }) => vacuity?.isPartial !== false);
      const replacement = replacementOf(statement, {
        conditions: kept.map(({ condition }) => condition),
      });
      for (const { condition, vacuity } of checked) {
        if (!vacuity) continue;
        const { why, isPartial } = vacuity;
        yield {
          what: `${statement.where}: ${conditionName(condition, resource)}`,
          why,
          fix: "Require the intended values, or remove it",
          replaced: statement,
          replacement: !isPartial && replacement ? [replacement] : undefined,
          level: isPartial ? "advisory" : undefined,
        };
      }
    }
  },
};

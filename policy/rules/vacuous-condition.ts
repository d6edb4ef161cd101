import { vacuityOf } from "../iam/condition.ts";
import { replacementOf } from "../iam/replacement.ts";
import { everyKind } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, conditionName, hasDocument, knownConditions } from "../statements.ts";

/** A condition that narrows nothing reads like a safeguard, and is none. */
export const vacuousCondition: Rule = {
  name: "vacuous-condition",
  description: "Each condition of an Allow statement narrows it.",
  severity: "medium",
  remediationSteps: "Ask for the values that are meant, or remove the condition.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
  appliesTo: hasDocument(...everyKind),
  *check(resource) {
    for (const { where, statement } of allowingStatements(resource, everyKind)) {
      const conditions = knownConditions(statement);
      const judged = conditions.map((it) => ({
        condition: it,
        vacuity: vacuityOf(it, conditions),
      }));
      // To remove what does narrow would allow more.
      const kept = judged.filter(({ vacuity }) => vacuity?.isPartial !== false);
      const replacement = replacementOf(statement, {
        conditions: kept.map(({ condition }) => condition),
      });
      for (const { condition, vacuity } of judged) {
        if (!vacuity) continue;
        const { why, isPartial } = vacuity;
        yield {
          what: `${where}: ${conditionName(condition)}`,
          why,
          fix: "Ask for the values that are meant, or remove it",
          replacement: !isPartial && replacement ? [replacement] : undefined,
          level: isPartial ? "advisory" : undefined,
        };
      }
    }
  },
};

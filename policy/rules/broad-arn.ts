import { createdByCall } from "../data/created-by-call.ts";
import { ownValue, show, stringOf } from "../field.ts";
import { isPattern, matchesAll } from "../iam/arn.ts";
import { namesResource } from "../iam/condition.ts";
import { matchesEverything } from "../iam/pattern.ts";
import type { Rule } from "../rule.ts";
import {
  allowingStatements,
  expansionsOf,
  hasDocument,
  knownConditions,
  some,
} from "../statements.ts";

/** `arn:aws:ec2:*:*:instance/*` is as broad as `*`. */
export const broadArn: Rule = {
  name: "broad-arn",
  description:
    "No ARN of an Allow statement matches every resource of a type that its actions accept.",
  severity: "high",
  remediationSteps: "List the intended resources, or a prefix that only they have.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
  appliesTo: hasDocument("identity"),
  async *check(resource) {
    for (const statement of allowingStatements(resource, ["identity"])) {
      if (namesResource(knownConditions(statement))) continue;
      const actions = (await expansionsOf(statement)).flatMap(({ expansion }) => expansion);
      const types = actions.flatMap((action) =>
        action.resourceTypes.flatMap(({ name, forms }) =>
          forms.map((form) => ({ action: action.name, name, form })),
        ),
      );
      for (const field of statement.resources) {
        const arn = stringOf(field);
        // star-resource checks `*` itself.
        if (arn === undefined || matchesEverything(arn) || !isPattern(arn)) continue;
        const all = types.filter(({ form }) => matchesAll(arn, form));
        const taken = all.find((it) => !isCreatedByCall(it.action, it.name)) ?? all[0];
        if (taken) {
          yield {
            what: `${statement.where}: Resource ${show(field)} with ${some(statement.actions.map(show))}`,
            why: `for ${taken.action} it matches every ${taken.name}`,
            fix: `List the intended ones (${taken.form})`,
            level: isCreatedByCall(taken.action, taken.name) ? ("advisory" as const) : undefined,
          };
        }
      }
    }
  },
};

function isCreatedByCall(action: string, resourceType: string): boolean {
  return ownValue(createdByCall, action)?.includes(resourceType) ?? false;
}

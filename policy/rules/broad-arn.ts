import { show, textOf } from "../field.ts";
import { isPattern, takesAll } from "../iam/arn.ts";
import { namesResource } from "../iam/condition.ts";
import { isMadeByCall } from "../iam/made-by-call.ts";
import { takesEverything } from "../iam/pattern.ts";
import type { Rule } from "../rule.ts";
import {
  allowingStatements,
  expansionsOf,
  hasDocument,
  knownConditions,
  some,
} from "../statements.ts";

/** An ARN such as `arn:aws:ec2:*:*:instance/*` is not taken for a narrow one. */
export const broadArn: Rule = {
  name: "broad-arn",
  description: "No ARN of an Allow statement takes every resource of a type that its actions take.",
  severity: "high",
  remediationSteps: "Name the resources that are meant, or a prefix that only they have.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
  appliesTo: hasDocument("identity"),
  async *check(resource) {
    for (const { where, statement } of allowingStatements(resource, ["identity"])) {
      if (namesResource(knownConditions(statement))) continue;
      const actions = (await expansionsOf(statement)).flatMap(({ expansion }) => expansion);
      const types = actions.flatMap((action) =>
        action.resourceTypes.flatMap(({ name, forms }) =>
          forms.map((form) => ({ action: action.name, name, form })),
        ),
      );
      for (const field of statement.resources) {
        const arn = textOf(field);
        // `*` itself is judged by star-resource.
        if (arn === undefined || takesEverything(arn) || !isPattern(arn)) continue;
        const all = types.filter(({ form }) => takesAll(arn, form));
        const taken = all.find((it) => !isMadeByCall(it.action, it.name)) ?? all[0];
        if (taken) {
          yield {
            what: `${where}: Resource ${show(field)} with ${some(statement.actions.map(show))}`,
            why: `for ${taken.action} it takes every ${taken.name}`,
            fix: `Name the ones that are meant (${taken.form})`,
            level: isMadeByCall(taken.action, taken.name) ? ("advisory" as const) : undefined,
          };
        }
      }
    }
  },
};

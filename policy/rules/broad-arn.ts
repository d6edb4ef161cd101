import { show, showAction, stringOf } from "../field.ts";
import { listed } from "../finding.ts";
import { isPattern, matchesAll } from "../iam/arn.ts";
import { namesResource } from "../iam/condition.ts";
import { isCreatedByCall } from "../iam/created.ts";
import { matchesEverything } from "../iam/pattern.ts";
import { grantingKinds } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, expansionsOf, hasDocument, knownConditions } from "../statements.ts";

/** `arn:aws:ec2:*:*:instance/*` is as broad as `*`. */
export const broadArn: Rule = {
  name: "broad-arn",
  description:
    "No ARN of an Allow statement matches every resource of a type that its actions accept.",
  severity: "high",
  remediationSteps: "List the intended resources, or a prefix that only they have.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
  appliesTo: hasDocument(...grantingKinds),
  async *check(resource) {
    for (const statement of allowingStatements(resource, grantingKinds)) {
      if (namesResource(knownConditions(statement))) continue;
      const actions = (await expansionsOf(statement)).flatMap(({ expansion }) => expansion);
      const types = actions.flatMap((action) =>
        action.resourceTypes.flatMap(({ name, forms }) =>
          forms.map((form) => ({
            action: action.name,
            name,
            form,
            isCreated: isCreatedByCall(action, { name, forms }),
          })),
        ),
      );
      for (const field of statement.resources) {
        const arn = stringOf(field);
        // star-resource checks `*` itself.
        if (arn === undefined || matchesEverything(arn) || !isPattern(arn)) continue;
        const all = types.filter(({ form }) => !isOnlyOne(form) && matchesAll(arn, form));
        const taken = all.find(({ isCreated }) => !isCreated) ?? all[0];
        if (taken) {
          yield {
            what: `${statement.where}: Resource`,
            values: [show(field)],
            after: `with ${listed(statement.actions.map(showAction))}`,
            why: `for ${taken.action} it matches every ${taken.name}`,
            ...(taken.isCreated
              ? { fix: keepId, level: "advisory" as const }
              : { fix: `List the intended ones (${exampleOf(taken)})` }),
          };
        }
      }
    }
  },
};

/** How to write the ARN. Without `:*` that of a log group is for its tags only. */
function exampleOf({ action, form }: { readonly action: string; readonly form: string }): string {
  return action.startsWith("logs:")
    ? "of a function: arn:aws:logs:REGION:ACCOUNT:log-group:/aws/lambda/NAME:*"
    : form;
}

/** True for a type of which an account has one in a region, e.g. `access-grants/default`: it has no name or id. */
function isOnlyOne(form: string): boolean {
  return !/\$\{(?!Partition\}|Region\}|Account\})/.test(form);
}

const keepId =
  "The call creates them, so keep the wildcard for the id only, and write the region and the account";

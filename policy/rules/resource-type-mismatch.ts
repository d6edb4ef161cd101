import { showText, textOf } from "../field.ts";
import type { Action } from "../iam/actions.ts";
import { mayBe } from "../iam/arn.ts";
import type { Statement } from "../iam/document.ts";
import { hasWildcard, takesEverything } from "../iam/pattern.ts";
import { splitOf } from "../iam/replacement.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, expansionsOf, hasDocument, some } from "../statements.ts";

/** A pair of action and resource that do not belong together allows nothing. */
export const resourceTypeMismatch: Rule = {
  name: "resource-type-mismatch",
  description: "Each action of a statement takes one of its resources, and each resource is taken.",
  severity: "medium",
  remediationSteps: "Give each action a statement with resources of a type that it takes.",
  url: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html",
  appliesTo: hasDocument("identity"),
  async *check(resource) {
    for (const { where, statement } of allowingStatements(resource, ["identity"])) {
      const named = statement.resources.flatMap((it) => textOf(it) ?? []);
      // One that is not known yet may fit: it is judged before it is created.
      if (named.length < statement.resources.length || named.length === 0) continue;
      const actions = await namedActions(statement);
      if (!actions) continue;
      const replacement = fitting(statement, actions, named);
      for (const action of actions) {
        if (!named.some((arn) => fits(action, arn))) {
          yield {
            what: `${where}: Action ${action.name}`,
            why: whyNot(action),
            fix: fixOf(action),
            replacement,
            level: levelOf([action]),
          };
        }
      }
      for (const arn of named) {
        if (!actions.some((action) => fits(action, arn))) {
          yield {
            what: `${where}: Resource ${showText(arn)}`,
            why: "no action of the statement takes a resource of that form",
            fix: "Remove it, or name the actions that are meant for it",
            replacement,
            level: levelOf(actions),
          };
        }
      }
    }
  },
};

/** The actions, if each is named in full and known: wildcards fit some of their resources only. */
async function namedActions(statement: Statement): Promise<Action[] | undefined> {
  const expansions = await expansionsOf(statement);
  const isNamed = expansions.every(
    ({ action, expansion }) => expansion.length === 1 && !hasWildcard(textOf(action) ?? "*"),
  );
  if (!isNamed || expansions.length === 0) return undefined;
  return expansions.flatMap(({ expansion }) => expansion);
}

function fits({ resourceTypes }: Action, arn: string): boolean {
  if (takesEverything(arn)) return true;
  return resourceTypes.some(
    ({ forms }) => forms.length === 0 || forms.some((form) => mayBe(arn, form)),
  );
}

/** AWS takes some resources that its reference does not list: logs:DescribeLogGroups has one. */
function levelOf(actions: readonly Action[]): "advisory" | undefined {
  return actions.some(({ resourceTypes }) => resourceTypes.length === 0) ? "advisory" : undefined;
}

function whyNot({ resourceTypes }: Action): string {
  if (resourceTypes.length === 0)
    return "AWS's reference has no resource for it but *, so it may not be allowed at all";
  return "no resource of the statement is one that it takes, so it is not allowed at all";
}

function fixOf({ resourceTypes }: Action): string {
  const forms = resourceTypes.flatMap((it) => it.forms);
  return forms.length === 0
    ? "Give it a statement with Resource *"
    : `Name a resource of the form ${some(forms)}`;
}

/** What of the statement does allow something, and the actions without resources on their own. */
function fitting(statement: Statement, actions: readonly Action[], arns: readonly string[]) {
  const fitted = actions.filter((action) => arns.some((arn) => fits(action, arn)));
  const taken = arns.filter((arn) => fitted.some((action) => fits(action, arn)));
  const free = actions.filter((it) => it.resourceTypes.length === 0 && !fitted.includes(it));
  const names = (list: readonly Action[]) => list.map(({ name }) => name);
  return splitOf(statement, { actions: names(fitted), resources: taken }, names(free));
}

import { showString, stringOf } from "../field.ts";
import type { Action } from "../iam/actions.ts";
import { mayBe } from "../iam/arn.ts";
import type { Statement } from "../iam/document.ts";
import { hasWildcard, matchesEverything } from "../iam/pattern.ts";
import { splitOf } from "../iam/replacement.ts";
import { grantingKinds } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, expansionsOf, hasDocument, some } from "../statements.ts";

/** An action allows nothing on a resource that it does not accept. */
export const resourceTypeMismatch: Rule = {
  name: "resource-type-mismatch",
  description:
    "Each action of a statement accepts one of its resources, and each resource is accepted by an action.",
  severity: "medium",
  remediationSteps: "Give each action a statement with resources of a type that it accepts.",
  url: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html",
  appliesTo: hasDocument(...grantingKinds),
  async *check(resource) {
    for (const statement of allowingStatements(resource, grantingKinds)) {
      const named = statement.resources.flatMap((it) => stringOf(it) ?? []);
      // An ARN that is not known yet may fit. It is checked before it is created.
      if (named.length < statement.resources.length || named.length === 0) continue;
      const actions = await namedActions(statement);
      if (!actions) continue;
      const replacement = fitting(statement, actions, named);
      for (const action of actions) {
        if (!named.some((arn) => fits(action, arn))) {
          yield {
            what: `${statement.where}:`,
            values: [`Action ${action.name}`],
            why: whyNot(action),
            fix: fixOf(action),
            replacement,
            replaced: statement,
            level: levelOf([action]),
          };
        }
      }
      for (const arn of named) {
        if (!actions.some((action) => fits(action, arn))) {
          yield {
            what: `${statement.where}:`,
            values: [`Resource ${showString(arn)}`],
            why: "no action of the statement accepts a resource of that type",
            fix: "Remove it, or list the actions that are intended for it",
            replacement,
            replaced: statement,
            level: levelOf(actions),
          };
        }
      }
    }
  },
};

/** The actions, if each is known and without wildcard: wildcards fit only some of their resources. */
async function namedActions(statement: Statement): Promise<Action[] | undefined> {
  const expansions = await expansionsOf(statement);
  const isNamed = expansions.every(
    ({ action, expansion }) => expansion.length === 1 && !hasWildcard(stringOf(action) ?? "*"),
  );
  if (!isNamed || expansions.length === 0) return undefined;
  return expansions.flatMap(({ expansion }) => expansion);
}

function fits({ resourceTypes }: Action, arn: string): boolean {
  if (matchesEverything(arn)) return true;
  return resourceTypes.some(
    ({ forms }) => forms.length === 0 || forms.some((form) => mayBe(arn, form)),
  );
}

/** AWS accepts some resources that its reference does not list, e.g. for logs:DescribeLogGroups. */
function levelOf(actions: readonly Action[]): "advisory" | undefined {
  return actions.some(({ resourceTypes }) => resourceTypes.length === 0) ? "advisory" : undefined;
}

function whyNot({ resourceTypes }: Action): string {
  if (resourceTypes.length === 0)
    return "AWS's reference lists no resource for it except *, so the statement may not allow it at all";
  return "it accepts no resource of the statement, so the statement does not allow it at all";
}

function fixOf({ resourceTypes }: Action): string {
  const forms = resourceTypes.flatMap((it) => it.forms);
  return forms.length === 0
    ? "Give it a statement with Resource *"
    : `Use a resource of the format ${some(forms)}`;
}

/** The part of the statement that allows something, and the actions without resources separately. */
function fitting(statement: Statement, actions: readonly Action[], arns: readonly string[]) {
  const fitted = actions.filter((action) => arns.some((arn) => fits(action, arn)));
  const taken = arns.filter((arn) => fitted.some((action) => fits(action, arn)));
  const free = actions.filter((it) => it.resourceTypes.length === 0 && !fitted.includes(it));
  const names = (list: readonly Action[]) => list.map(({ name }) => name);
  return splitOf(statement, { actions: names(fitted), resources: taken }, names(free));
}

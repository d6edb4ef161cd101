import { type Field, show, stringOf } from "../field.ts";
import type { Action } from "../iam/actions.ts";
import { isEveryArn, matchesAll, mayBe } from "../iam/arn.ts";
import { hasWildcard, matches, matchesEverything } from "../iam/pattern.ts";
import { identitiesOf } from "../identities.ts";
import { listSchema, listSetting, type Rule } from "../rule.ts";
import { type StackArns, stackArns } from "../stack/arns.ts";
import { candidatesFor } from "../stack/links.ts";
import { resourceName } from "../stack/permissions.ts";
import { expansionsOf, type LocatedStatement, some, statementName } from "../statements.ts";

/** A permission is on a resource of this stack, or on one that the configuration lists as external. */
export const foreignArn: Rule = {
  name: "foreign-arn",
  description: "Each allowed ARN is a resource of this stack, or listed as external.",
  severity: "high",
  remediationSteps:
    "Use a resource of the stack, or list the ARN under foreign-arn.external in the configuration.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
  configSchema: {
    properties: {
      external: listSchema(
        "ARNs outside of the stack that may be allowed, with IAM wildcards. For an output of another stack: pulumi:pulumi:StackReference NAME.",
      ),
    },
  },
  async *checkStack(resources, settings) {
    const external = listSetting(settings, "external");
    const arns = await stackArns(resources);
    for (const { resource, statements } of identitiesOf(resources)) {
      for (const statement of statements.filter(({ isAllow }) => isAllow)) {
        for (const field of statement.resources) {
          const why = await whyForeign(field, statement, { arns, external });
          if (why === undefined) continue;
          yield {
            resource,
            what: `statement ${statementName(statement)}: Resource ${show(field)}`,
            why,
            fix: "Use a resource of this stack, or list the ARN under foreign-arn.external in the pack's configuration",
          };
        }
      }
    }
  },
};

/** Why a resource of a statement is not in this stack; undefined if it is. */
async function whyForeign(
  field: Field<unknown>,
  statement: LocatedStatement,
  { arns, external }: { arns: StackArns; external: readonly string[] },
): Promise<string | undefined> {
  if (statement.sources.some((it) => external.includes(resourceName(it)))) return undefined;
  const actions = await actionsIn(statement);
  const arn = stringOf(field);
  if (arn === undefined) return whyUnknown(field, statement, actions);
  if (isCheckedElsewhere(arn, actions) || external.some((it) => matches(it, arn))) return undefined;
  const { resources, below } = arns.locate(arn);
  if (below !== undefined) return undefined;
  if (resources.length > 0) {
    return `its wildcard matches ${some(resources.map(resourceName).sort())}, and resources outside of this stack`;
  }
  const type = actions
    .flatMap(({ resourceTypes }) => resourceTypes)
    .find(({ forms }) => forms.some((form) => mayBe(arn, form)));
  return `it refers to ${type ? `a resource of type ${type.name}` : "something"} that is not in this stack`;
}

/** Other rules check values that match everything or are not ARNs. */
function isCheckedElsewhere(arn: string, actions: readonly Action[]): boolean {
  if (matchesEverything(arn) || !arn.startsWith("arn:") || isEveryArn(arn) || isOfAws(arn)) {
    return true;
  }
  const forms = actions.flatMap((it) => it.resourceTypes).flatMap((it) => it.forms);
  return hasWildcard(arn) && forms.some((form) => matchesAll(arn, form));
}

/** Resources that AWS itself offers to every account. */
function isOfAws(arn: string): boolean {
  return /^arn:[^:]*:(ssm:[^:]*::parameter\/aws\/|bedrock:[^:]*::foundation-model\/|iam::aws:)/.test(
    arn,
  );
}

/** Why an ARN that is not known yet is not of this stack; undefined if it comes from a resource of it. */
async function whyUnknown(
  field: Field<unknown>,
  { sources }: LocatedStatement,
  actions: readonly Action[],
): Promise<string | undefined> {
  if (field.isKnown || (await candidatesFor(actions, sources)).length > 0) return undefined;
  if (sources.length === 0) return "it comes from no resource of this stack";
  return `it comes from ${some(sources.map(resourceName).sort())}, and the actions accept no such resource`;
}

async function actionsIn(statement: LocatedStatement): Promise<readonly Action[]> {
  return (await expansionsOf(statement)).flatMap(({ expansion }) => expansion);
}

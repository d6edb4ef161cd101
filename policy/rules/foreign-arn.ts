import { type Field, show, textOf } from "../field.ts";
import type { Action } from "../iam/actions.ts";
import { isEveryArn, mayBe, takesAll } from "../iam/arn.ts";
import { hasWildcard, matches, takesEverything } from "../iam/pattern.ts";
import { type HeldStatement, identitiesOf } from "../identities.ts";
import { listSchema, listSetting, type Rule } from "../rule.ts";
import { type StackArns, stackArns } from "../stack/arns.ts";
import { candidatesFor, resourceName } from "../stack/granted.ts";
import { expansionsOf, some, statementName } from "../statements.ts";

/** A grant is on a resource of this stack, or on one that the configuration says is elsewhere. */
export const foreignArn: Rule = {
  name: "foreign-arn",
  description: "Each ARN that is allowed is a resource of this stack, or listed as one elsewhere.",
  severity: "high",
  remediationSteps:
    "Name a resource of the stack, or list the ARN under foreign-arn.external in the configuration.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
  configSchema: {
    properties: {
      external: listSchema(
        "ARNs elsewhere that may be granted, with IAM's wildcards; for one that is known only by another stack's output, the reference's type and name: pulumi:pulumi:StackReference NAME.",
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
            fix: "Name a resource of this stack, or list the ARN under foreign-arn.external in the pack's configuration",
          };
        }
      }
    }
  },
};

/** Why a resource of a statement is none of this stack; nothing if it is one. */
async function whyForeign(
  field: Field<unknown>,
  statement: HeldStatement,
  { arns, external }: { arns: StackArns; external: readonly string[] },
): Promise<string | undefined> {
  if (statement.sources.some((it) => external.includes(resourceName(it)))) return undefined;
  const actions = await actionsIn(statement);
  const arn = textOf(field);
  if (arn === undefined) return whyUnknown(field, statement, actions);
  if (isJudgedElsewhere(arn, actions) || external.some((it) => matches(it, arn))) return undefined;
  const { resources, below } = arns.locate(arn);
  if (below !== undefined) return undefined;
  if (resources.length > 0) {
    return `its wildcard takes ${some(resources.map(resourceName).sort())}, and what is not in this stack`;
  }
  const type = actions
    .flatMap(({ resourceTypes }) => resourceTypes)
    .find(({ forms }) => forms.some((form) => mayBe(arn, form)));
  return `it names ${type ? `a resource of type ${type.name}` : "something"} that is not in this stack`;
}

/** Of what is everything, or no ARN at all, other rules speak. */
function isJudgedElsewhere(arn: string, actions: readonly Action[]): boolean {
  if (takesEverything(arn) || !arn.startsWith("arn:") || isEveryArn(arn) || isOfAws(arn)) {
    return true;
  }
  const forms = actions.flatMap((it) => it.resourceTypes).flatMap((it) => it.forms);
  return hasWildcard(arn) && forms.some((form) => takesAll(arn, form));
}

/** Resources that AWS itself offers to every account. */
function isOfAws(arn: string): boolean {
  return /^arn:[^:]*:(ssm:[^:]*::parameter\/aws\/|bedrock:[^:]*::foundation-model\/|iam::aws:)/.test(
    arn,
  );
}

/** Why an ARN that is not known yet is none of this stack; nothing if it comes from one. */
async function whyUnknown(
  field: Field<unknown>,
  { sources }: HeldStatement,
  actions: readonly Action[],
): Promise<string | undefined> {
  if (field.isKnown || (await candidatesFor(actions, sources)).length > 0) return undefined;
  if (sources.length === 0) return "it comes from no resource of this stack";
  return `it comes from ${some(sources.map(resourceName).sort())}, and the actions take no such resource`;
}

async function actionsIn(statement: HeldStatement): Promise<readonly Action[]> {
  return (await expansionsOf(statement)).flatMap(({ expansion }) => expansion);
}

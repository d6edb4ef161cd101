import { type Field, show, textOf } from "../field.ts";
import { type Action, actionsOf } from "../iam/actions.ts";
import { isEveryArn, mayBe } from "../iam/arn.ts";
import { matches, takesEverything } from "../iam/pattern.ts";
import { type HeldStatement, identitiesOf } from "../identities.ts";
import { listSetting, type Rule } from "../rule.ts";
import { stackArns } from "../stack/arns.ts";
import { candidatesFor, resourceName } from "../stack/granted.ts";
import { some, statementName } from "../statements.ts";

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
      external: {
        type: "array",
        items: { type: "string" },
        default: [],
        description:
          "ARNs elsewhere that may be granted, with IAM's wildcards; for one that is known only by another stack's output, the reference's type and name: pulumi:pulumi:StackReference NAME.",
      },
    },
  },
  async *checkStack(resources, settings) {
    const external = listSetting(settings, "external");
    const arns = await stackArns(resources);
    for (const { resource, statements } of identitiesOf(resources)) {
      for (const statement of statements.filter(({ isAllow }) => isAllow)) {
        for (const field of statement.resources) {
          const arn = textOf(field);
          const why =
            arn === undefined
              ? await whyUnknown(field, statement, external)
              : isJudgedElsewhere(arn) || arns.find(arn) || isExternal(arn, external)
                ? undefined
                : await whatItIs(arn, statement);
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

/** What is everything, or no ARN at all, other rules speak of. */
function isJudgedElsewhere(arn: string): boolean {
  return takesEverything(arn) || !arn.startsWith("arn:") || isEveryArn(arn) || isOfAws(arn);
}

/** Resources that AWS itself offers to every account. */
function isOfAws(arn: string): boolean {
  return /^arn:[^:]*:(ssm:[^:]*::parameter\/aws\/|bedrock:[^:]*::foundation-model\/|iam::aws:)/.test(
    arn,
  );
}

function isExternal(arn: string, external: readonly string[]): boolean {
  return external.some((it) => matches(it, arn));
}

async function whatItIs(arn: string, statement: HeldStatement): Promise<string> {
  const type = (await actionsIn(statement))
    .flatMap(({ resourceTypes }) => resourceTypes)
    .find(({ forms }) => forms.some((form) => mayBe(arn, form)));
  return `it names ${type ? `a resource of type ${type.name}` : "something"} that is not in this stack`;
}

/** Why an ARN that is not known yet is none of this stack; nothing if it comes from one. */
async function whyUnknown(
  field: Field<unknown>,
  statement: HeldStatement,
  external: readonly string[],
): Promise<string | undefined> {
  if (field.isKnown) return undefined;
  const { sources } = statement;
  if (sources.some((it) => external.includes(resourceName(it)))) return undefined;
  const actions = await actionsIn(statement);
  if ((await candidatesFor(actions, sources)).length > 0) return undefined;
  if (sources.length === 0) return "it comes from no resource of this stack";
  return `it comes from ${some(sources.map(resourceName))}, and the actions take no such resource`;
}

async function actionsIn({ actions }: HeldStatement): Promise<readonly Action[]> {
  const found = await Promise.all(actions.map((it) => actionsOf(textOf(it) ?? "")));
  return found.flat();
}

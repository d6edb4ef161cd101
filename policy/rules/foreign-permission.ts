import type { PolicyResource } from "@pulumi/policy";
import { type Field, show, textOf } from "../field.ts";
import type { Statement } from "../iam/document.ts";
import { lowerCase } from "../iam/letter-case.ts";
import { matches, takesEverything } from "../iam/pattern.ts";
import { rootOf, types } from "../resources.ts";
import { listSchema, listSetting, type Rule } from "../rule.ts";
import { stackArns } from "../stack/arns.ts";
import { allowingStatements, knownConditions, type LocatedStatement } from "../statements.ts";

/** Types whose policies say which resource of AWS may call or send. */
const judged: readonly string[] = [
  types.lambdaPermission,
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sqs/queue:Queue",
  "aws:sqs/queuePolicy:QueuePolicy",
];

/** Who may call a function, or send to a topic or queue, is in the stack: else it is dead or foreign. */
export const foreignPermission: Rule = {
  name: "foreign-permission",
  description:
    "The source that a permission or the policy of a topic or queue lets in is in this stack.",
  severity: "medium",
  remediationSteps:
    "Remove the permission, or list the source under foreign-permission.external in the configuration.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
  configSchema: {
    properties: {
      external: listSchema("ARNs of sources elsewhere that may be let in, with IAM's wildcards."),
    },
  },
  async *checkStack(resources, settings) {
    const external = listSetting(settings, "external");
    const arns = await stackArns(resources);
    for (const resource of resources.filter(({ type }) => judged.includes(type))) {
      for (const located of allowingStatements(resource, ["resource"])) {
        for (const field of sourceArnsOf(located.statement)) {
          const arn = textOf(field);
          const isFine =
            arn === undefined
              ? awsSourcesOf(resource, located).length > 0
              : takesEverything(arn) || arns.find(arn) || external.some((it) => matches(it, arn));
          if (isFine) continue;
          yield {
            resource,
            what: `${located.where}: aws:SourceArn ${show(field)}`,
            why: "its source is not in this stack: it lets in whatever is there, or comes there later",
            fix: "Remove it, or list the source under foreign-permission.external in the pack's configuration",
          };
        }
      }
    }
  },
};

function sourceArnsOf(statement: Statement): Field<unknown>[] {
  return knownConditions(statement)
    .filter(({ key, operator }) => lowerCase(key) === "aws:sourcearn" && !/not/i.test(operator))
    .flatMap(({ values }) => values);
}

/** The resources of AWS in the stack from which a statement's unknown values come. */
function awsSourcesOf(resource: PolicyResource, { property }: LocatedStatement): PolicyResource[] {
  const input = resource.type === types.lambdaPermission ? "sourceArn" : rootOf(property);
  return (resource.propertyDependencies[input] ?? []).filter(({ type }) => type.startsWith("aws:"));
}

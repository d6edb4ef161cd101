import type { PolicyResource } from "@pulumi/policy";
import { types } from "../data/resource-types.ts";
import { type Field, ownValue, show, stringOf } from "../field.ts";
import { lowerCase } from "../iam/case.ts";
import type { Statement } from "../iam/document.ts";
import { matches, matchesEverything } from "../iam/pattern.ts";
import { rootOf } from "../resources.ts";
import { listSchema, listSetting, type Rule } from "../rule.ts";
import { stackArns } from "../stack/arns.ts";
import { isOfAws, sourcesOf } from "../stack/links.ts";
import {
  allowingStatements,
  isPermission,
  knownConditions,
  type LocatedStatement,
} from "../statements.ts";

/** Types whose policies allow AWS resources to call or send. */
const checked: readonly string[] = [
  types.lambdaPermission,
  types.lambdaResourcePolicy,
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sqs/queue:Queue",
  "aws:sqs/queuePolicy:QueuePolicy",
];

/** Anything that may call a function, or send to a topic or queue, is in the stack, or else obsolete or foreign. */
export const foreignPermission: Rule = {
  name: "foreign-permission",
  description:
    "The source that a Lambda permission, a topic policy or a queue policy allows is in this stack.",
  severity: "medium",
  remediationSteps:
    "Remove the permission, or list the source under foreign-permission.external in the configuration.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
  configSchema: {
    properties: {
      external: listSchema(
        "ARNs of sources outside of the stack that may be allowed, with IAM wildcards.",
      ),
    },
  },
  async *checkStack(resources, settings) {
    const external = listSetting(settings, "external");
    const arns = await stackArns(resources);
    const holders = holdersOfOtherPolicies(resources);
    for (const resource of resources.filter(({ type }) => checked.includes(type))) {
      if (holders.has(resource)) continue;
      for (const statement of allowingStatements(resource, ["resource"])) {
        for (const field of sourceArnsOf(statement)) {
          const arn = stringOf(field);
          const isFine =
            arn === undefined
              ? awsSourcesOf(resource, statement).length > 0
              : matchesEverything(arn) || arns.find(arn) || external.some((it) => matches(it, arn));
          if (isFine) continue;
          yield {
            resource,
            what: `${statement.where}: ${isPermission(statement) ? "sourceArn" : "aws:SourceArn"}`,
            values: [show(field)],
            why: "its source is not in this stack, so it allows whatever has that ARN now or later",
            fix: "Remove it, or list the source under foreign-permission.external in the pack's configuration",
          };
        }
      }
    }
  },
};

/**
 * Topics and queues whose policy is a separate resource, which is checked itself. After a refresh their state has a
 * policy too, as it was then.
 */
function holdersOfOtherPolicies(resources: readonly PolicyResource[]): Set<PolicyResource> {
  const all = resources.flatMap((it) => {
    const property = ownValue(holderOfPolicy, it.type);
    return property === undefined ? [] : sourcesOf(it, property);
  });
  return new Set(all);
}

const holderOfPolicy: Readonly<Record<string, string>> = {
  "aws:sns/topicPolicy:TopicPolicy": "arn",
  "aws:sqs/queuePolicy:QueuePolicy": "queueUrl",
};

function sourceArnsOf(statement: Statement): Field<unknown>[] {
  return knownConditions(statement)
    .filter(({ key, operator }) => lowerCase(key) === "aws:sourcearn" && !/not/i.test(operator))
    .flatMap(({ values }) => values);
}

/** The resources of AWS in the stack from which a statement's unknown values come. */
function awsSourcesOf(resource: PolicyResource, { property }: LocatedStatement): PolicyResource[] {
  const input = resource.type === types.lambdaPermission ? "sourceArn" : rootOf(property);
  return sourcesOf(resource, input).filter(({ type }) => isOfAws(type));
}

import { types } from "../data/resource-types.ts";
import {
  identifiedByExternalId,
  sourcesOfResources,
  sourcesOfRoles,
  withAccountAsExternalId,
} from "../data/source-keys.ts";
import { has, ownValue, read, stringOf } from "../field.ts";
import type { Finding } from "../finding.ts";
import {
  type Condition,
  namesSource,
  namesSourceOfAnyAccount,
  requiredValues,
} from "../iam/condition.ts";
import { serviceOf } from "../iam/services.ts";
import type { Resource } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { partsOf } from "../stack/arn-parts.ts";
import { formsOfType } from "../stack/kinds.ts";
import { isOfAws, sourcesOf } from "../stack/links.ts";
import { resourceName } from "../stack/permissions.ts";
import {
  allowingStatements,
  hasDocument,
  knownConditions,
  type LocatedStatement,
  some,
  sourceOfAnyAccount,
} from "../statements.ts";

/** A service acts for many accounts, so its access must be restricted to one of them. */
export const confusedDeputy: Rule = {
  name: "confused-deputy",
  description: "A service that acts on behalf of others is trusted for a specific source only.",
  severity: "high",
  remediationSteps: "Add a condition on aws:SourceArn or aws:SourceAccount.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  appliesTo: hasDocument("trust", "resource"),
  *check(resource) {
    for (const statement of allowingStatements(resource, ["trust", "resource"])) {
      if (namesSource(knownConditions(statement))) continue;
      for (const { what, service, source } of deputiesIn(statement)) {
        if (isNamedById(statement, service)) continue;
        const { why, fix } = explanationOf(resource, service, knownConditions(statement));
        yield { what, values: [service], why: `${why} (${source})`, fix };
      }
    }
  },
  /** The ARN of a source is unknown in a preview, but not which resource the source is. */
  async *checkStack(resources) {
    for (const resource of resources.filter(({ type }) => type === types.lambdaPermission)) {
      const { props } = resource;
      if (has(props, "sourceAccount") || read(() => props.sourceArn).isKnown) continue;
      const sources = sourcesOf(resource, "sourceArn").filter(({ type }) => isOfAws(type));
      const hasAccount = await Promise.all(sources.map(({ type }) => isAccountInArn(type)));
      if (sources.length === 0 || hasAccount.includes(true)) continue;
      for (const statement of allowingStatements(resource, ["resource"])) {
        for (const { what, service, source } of deputiesIn(statement)) {
          const names = some(sources.map(resourceName).sort());
          const why = `the ARN of ${names} has no account, so another account may create a resource with the same ARN (${source})`;
          yield { resource, what, values: [service], why, fix: "Set sourceAccount to the account" };
        }
      }
    }
  },
};

/** What is wrong, and what to do: a Lambda permission has properties in place of conditions. */
function explanationOf(
  { type, props }: Resource,
  service: string,
  conditions: readonly Condition[],
): Pick<Finding, "why" | "fix"> {
  const anyAccount = "the service acts on behalf of any account, and";
  if (type !== types.lambdaPermission) {
    if (namesSourceOfAnyAccount(conditions)) return sourceOfAnyAccount;
    const isByExternalId = type === types.role && withAccountAsExternalId.includes(service);
    return {
      why: `${anyAccount} no condition restricts the source`,
      fix: isByExternalId
        ? 'Add the condition "StringEquals": {"sts:ExternalId": "ACCOUNT"}'
        : 'Add the condition "StringEquals": {"aws:SourceAccount": "ACCOUNT"}, and aws:SourceArn if you know the ARN',
    };
  }
  if (has(props, "sourceArn")) {
    return {
      why: "sourceArn has no account, so another account may have a resource with such an ARN",
      fix: "Set sourceAccount to the account",
    };
  }
  return {
    why: `${anyAccount} neither sourceArn nor sourceAccount restricts the source`,
    fix: "Set sourceAccount to the account, and sourceArn if you know the ARN",
  };
}

/** The services of a statement that act on behalf of others, each with AWS's page. */
function deputiesIn({ kind, where, principals }: LocatedStatement) {
  const sources = kind === "trust" ? sourcesOfRoles : sourcesOfResources;
  return principals.flatMap(({ type, value }) => {
    const service = serviceOf(stringOf(value) ?? "");
    const source = ownValue(sources, service);
    if (type !== "Service" || source === undefined) return [];
    return [{ what: `${where}: Principal Service`, service, source }];
  });
}

/** True if an external id identifies the account, as that of Firehose does. */
function isNamedById(statement: LocatedStatement, service: string): boolean {
  const ids = requiredValues("sts:ExternalId", knownConditions(statement));
  return statement.kind === "trust" && identifiedByExternalId.includes(service) && ids.length > 0;
}

/** False for a type whose ARNs have no account, such as a bucket. True also if AWS has no such type. */
async function isAccountInArn(type: string): Promise<boolean> {
  // API Gateway calls as `execute-api`, whose ARNs have the account, unlike those of `apigateway`.
  if (/^aws:apigateway(v2)?\//.test(type)) return true;
  const forms = await formsOfType(type);
  return forms.length === 0 || forms.some((form) => partsOf(form).account !== "");
}

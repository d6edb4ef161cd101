import { types } from "../data/resource-types.ts";
import { has, memberOf, ownValue, read, scalarOf, showAction, stringOf } from "../field.ts";
import { namesCaller, namesSourceOfAnyAccount } from "../iam/condition.ts";
import { isForbiddenToOthers } from "../iam/denial.ts";
import type { Principal, Statement } from "../iam/document.ts";
import { hasWildcard } from "../iam/pattern.ts";
import type { Resource } from "../resources.ts";
import type { Rule } from "../rule.ts";
import {
  hasDocument,
  isPermission,
  knownConditions,
  type LocatedStatement,
  sourceOfAnyAccount,
  statementsOf,
} from "../statements.ts";

/** Topics, queues, keys, buckets, secrets, functions and APIs are not public. */
export const publicResourcePolicy: Rule = {
  name: "public-resource-policy",
  description:
    "A resource policy restricts who may use the resource, by Principal or by a condition.",
  severity: "critical",
  remediationSteps: "List the principals, or add a condition, e.g. on aws:SourceAccount.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
  appliesTo: hasDocument("resource"),
  *check(resource) {
    if (isProtectedOtherwise(resource)) return;
    const statements = statementsOf(resource, ["resource"]);
    for (const statement of statements.filter(({ isAllow }) => isAllow)) {
      const everyone = statement.principals.find(isEveryone);
      if (!everyone || isOfFunctionUrl(resource, statement)) continue;
      if (isForbiddenToOthers(statement, statements)) continue;
      const values = [...statement.actions, ...statement.notActions].map(showAction);
      if (!everyone.value.isKnown) {
        yield {
          what: `${statement.where}: Principal with`,
          values,
          why: "it is not known before deployment",
          fix: "Write it as a literal string",
        };
      } else if (!namesCaller(knownConditions(statement))) {
        yield {
          what: `${statement.where}: Principal * with`,
          values,
          ...explanationOf(resource, statement),
        };
      }
    }
  },
};

function explanationOf(resource: Resource, statement: LocatedStatement) {
  if (isPermission(statement)) return publicPermission(resource);
  return namesSourceOfAnyAccount(knownConditions(statement)) ? sourceOfAnyAccount : publicStatement;
}

const publicStatement = {
  why: "anyone may use the resource, and no condition restricts the caller",
  fix: "List the principals, or add a condition, e.g. on aws:SourceAccount",
};

/** Type → the properties of a permission that restrict the caller. */
const restrictingProperties: Readonly<Record<string, string>> = {
  [types.lambdaPermission]:
    "sourceAccount or principalOrgId, or invokedViaFunctionUrl for a function URL",
  [types.layerPermission]: "organizationId",
  [types.eventPermission]: "condition",
};

function publicPermission({ type }: Resource) {
  const properties = ownValue(restrictingProperties, type);
  return {
    why: "anyone may use the resource, and no property restricts the caller",
    fix: `Set principal to a service or an account${properties ? `, or set ${properties}` : ""}`,
  };
}

function isEveryone({ value }: Principal): boolean {
  return !value.isKnown || hasWildcard(stringOf(value) ?? "*");
}

/** public-function-url checks the permission of a public function URL. */
function isOfFunctionUrl({ type }: Resource, statement: Statement): boolean {
  const isToCall = statement.actions.every((it) =>
    /^lambda:invokefunction(url)?$/i.test(stringOf(it) ?? ""),
  );
  const isOfFunction = type === types.lambdaPermission || type === types.lambdaResourcePolicy;
  if (!isOfFunction || !isToCall) return false;
  return knownConditions(statement).some(({ key, values }) => {
    const [value] = values;
    if (!value?.isKnown) return false;
    if (key === "lambda:FunctionUrlAuthType") return value.value === "NONE";
    return key === "lambda:InvokedViaFunctionUrl" && scalarOf(value) === "true";
  });
}

/**
 * True for a search domain whose network or user database decides who may use it (AWS recommends an open
 * policy for both), and for an access point of a VPC.
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html
 */
function isProtectedOtherwise({ type, props }: Resource): boolean {
  if (type === types.accessPoint) return has(props, "vpcConfiguration");
  if (type !== types.searchDomain && type !== types.elasticsearchDomain) return false;
  const security = read(() => props.advancedSecurityOptions);
  const isOn = (name: string) => scalarOf(memberOf(security, name)) === "true";
  return has(props, "vpcOptions") || (isOn("enabled") && !isOn("anonymousAuthEnabled"));
}

import { types } from "../data/resource-types.ts";
import { show, stringOf } from "../field.ts";
import { namesCaller } from "../iam/condition.ts";
import type { Principal, Statement } from "../iam/document.ts";
import { hasWildcard } from "../iam/pattern.ts";
import type { Resource } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, hasDocument, knownConditions, some } from "../statements.ts";

/** Topics, queues, keys, buckets, secrets and functions are not public. */
export const publicResourcePolicy: Rule = {
  name: "public-resource-policy",
  description:
    "A resource policy restricts who may use the resource, by Principal or by a condition.",
  severity: "critical",
  remediationSteps: "List the principals, or add a condition, e.g. on aws:SourceAccount.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
  appliesTo: hasDocument("resource"),
  *check(resource) {
    for (const statement of allowingStatements(resource, ["resource"])) {
      const everyone = statement.principals.find(isEveryone);
      if (!everyone || isOfFunctionUrl(resource, statement)) continue;
      const to = `with ${some([...statement.actions, ...statement.notActions].map(show))}`;
      if (!everyone.value.isKnown) {
        yield {
          what: `${statement.where}: Principal ${to}`,
          why: "it is not known before deployment",
          fix: "Write it as a literal string",
        };
      } else if (!namesCaller(knownConditions(statement))) {
        yield {
          what: `${statement.where}: Principal * ${to}`,
          why: "anyone may use the resource, and no condition restricts the caller",
          fix: "List the principals, or add a condition, e.g. on aws:SourceAccount",
        };
      }
    }
  },
};

function isEveryone({ value }: Principal): boolean {
  return !value.isKnown || hasWildcard(stringOf(value) ?? "*");
}

/** public-function-url checks the permission of a public function URL. */
function isOfFunctionUrl({ type }: Resource, statement: Statement): boolean {
  const isToCall = statement.actions.every((it) =>
    /^lambda:invokefunction(url)?$/i.test(stringOf(it) ?? ""),
  );
  if (type !== types.lambdaPermission || !isToCall) return false;
  return knownConditions(statement).some(({ key, values }) => {
    const [value] = values;
    if (!value?.isKnown) return false;
    if (key === "lambda:FunctionUrlAuthType") return value.value === "NONE";
    return key === "lambda:InvokedViaFunctionUrl" && value.value === true;
  });
}

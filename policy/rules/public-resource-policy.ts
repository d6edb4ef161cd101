import { show, textOf } from "../field.ts";
import { namesCaller } from "../iam/condition.ts";
import type { Principal, Statement } from "../iam/document.ts";
import { hasWildcard } from "../iam/pattern.ts";
import { type Resource, types } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { allowingStatements, hasDocument, knownConditions, some } from "../statements.ts";

/** Topics, queues, keys, buckets, secrets and functions are not open to everybody. */
export const publicResourcePolicy: Rule = {
  name: "public-resource-policy",
  description:
    "A resource's policy names who may use it, in Principal or by a condition that does.",
  severity: "critical",
  remediationSteps: "Name the principals, or add a condition such as aws:SourceAccount.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
  appliesTo: hasDocument("resource"),
  *check(resource) {
    for (const { where, statement } of allowingStatements(resource, ["resource"])) {
      const everybody = statement.principals.find(isEverybody);
      if (!everybody || isOfFunctionUrl(resource, statement)) continue;
      const to = `with ${some([...statement.actions, ...statement.notActions].map(show))}`;
      if (!everybody.value.isKnown) {
        yield {
          what: `${where}: Principal ${to}`,
          why: "it is not known before deployment",
          fix: "Write it as literal text",
        };
      } else if (!namesCaller(knownConditions(statement))) {
        yield {
          what: `${where}: Principal * ${to}`,
          why: "everybody may use the resource, and no condition says who",
          fix: "Name the principals, or add a condition such as aws:SourceAccount",
        };
      }
    }
  },
};

function isEverybody({ value }: Principal): boolean {
  return !value.isKnown || hasWildcard(textOf(value) ?? "*");
}

/** A permission for a public function URL is one matter with the URL: see public-function-url. */
function isOfFunctionUrl({ type }: Resource, statement: Statement): boolean {
  const isToCall = statement.actions.every((it) =>
    /^lambda:invokefunction(url)?$/i.test(textOf(it) ?? ""),
  );
  if (type !== types.lambdaPermission || !isToCall) return false;
  return knownConditions(statement).some(({ key, values }) => {
    const [value] = values;
    if (!value?.isKnown) return false;
    if (key === "lambda:FunctionUrlAuthType") return value.value === "NONE";
    return key === "lambda:InvokedViaFunctionUrl" && value.value === true;
  });
}

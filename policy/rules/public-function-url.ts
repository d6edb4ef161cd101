import type { PolicyResource } from "@pulumi/policy";
import { read } from "../field.ts";
import { types } from "../resources.ts";
import type { Rule, StackFinding } from "../rule.ts";
import { allowingStatements } from "../statements.ts";
import { isOfFunctionUrl } from "./public-resource-policy.ts";

const fix = "Set authorizationType AWS_IAM, or waive this finding with what bounds the harm";

/** A function that anybody can call is a decision, with a name and an end. */
export const publicFunctionUrl: Rule = {
  name: "public-function-url",
  description: "A function URL takes signed calls only.",
  severity: "high",
  remediationSteps: `${fix}.`,
  url: "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
  appliesTo: ({ type }) => type === types.functionUrl,
  *check({ props }) {
    const authorization = read(() => props.authorizationType);
    if (!authorization.isKnown) {
      const why = "it is not known before deployment, so the URL may be public";
      yield { what: "authorizationType", why, fix };
    } else if (authorization.value !== "AWS_IAM") {
      yield { what: "authorizationType NONE", why: "anybody can call the function", fix };
    }
  },
  *checkStack(resources) {
    if (resources.some(({ type }) => type === types.functionUrl)) return;
    for (const resource of resources)
      if (resource.type === types.lambdaPermission) yield* ofOther(resource);
  },
};

/** Where the URL is made elsewhere, its public permission is all that there is to see. */
function* ofOther(resource: PolicyResource): Iterable<StackFinding> {
  for (const { where, statement } of allowingStatements(resource, ["resource"])) {
    if (!isOfFunctionUrl(statement)) continue;
    yield {
      resource,
      what: `${where}: Principal *`,
      why: "anybody can call the function by its URL",
      fix,
    };
  }
}

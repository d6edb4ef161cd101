import { types, webFunctionEndpoint } from "../data/resource-types.ts";
import { ownValue, read } from "../field.ts";
import type { Rule } from "../rule.ts";

/**
 * Type → the property that says who authenticates callers, and its value for IAM.
 * https://docs.aws.amazon.com/lambda/latest/dg/web-functions-endpoint-access-control.html
 */
const endpoints: Readonly<
  Record<string, { readonly property: string; readonly signed: string; readonly open: string }>
> = {
  [types.functionUrl]: { property: "authorizationType", signed: "AWS_IAM", open: "NONE" },
  [webFunctionEndpoint]: { property: "authType", signed: "IamAuth", open: "ApplicationManaged" },
};

/** A function that anyone can call needs a waiver with an owner and an expiry date. */
export const publicFunctionUrl: Rule = {
  name: "public-function-url",
  description: "A function URL, or an endpoint of a web function, accepts signed calls only.",
  severity: "high",
  remediationSteps:
    "Set authorizationType AWS_IAM (of a web function: authType IamAuth), or waive this finding and say what limits the risk.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
  appliesTo: ({ type }) => ownValue(endpoints, type) !== undefined,
  *check({ type, props }) {
    const endpoint = ownValue(endpoints, type);
    if (!endpoint) return;
    const { property, signed, open } = endpoint;
    const fix = `Set ${property} ${signed}, or waive this finding and say what limits the risk`;
    const authentication = read(() => props[property]);
    if (!authentication.isKnown) {
      const why = "it is not known before deployment, so the URL may be public";
      yield { what: property, why, fix };
    } else if (authentication.value !== signed) {
      yield { what: `${property} ${open}`, why: "anyone can call the function", fix };
    }
  },
};

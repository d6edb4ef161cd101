import { types } from "../data/resource-types.ts";
import { read } from "../field.ts";
import type { Rule } from "../rule.ts";

const fix = "Set authorizationType AWS_IAM, or waive this finding and say what limits the risk";

/** A function that anyone can call needs a waiver with an owner and an expiry date. */
export const publicFunctionUrl: Rule = {
  name: "public-function-url",
  description: "A function URL accepts signed calls only.",
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
      yield { what: "authorizationType NONE", why: "anyone can call the function", fix };
    }
  },
};

import { read } from "../field.ts";
import { types } from "../resources.ts";
import type { Rule } from "../rule.ts";

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
};

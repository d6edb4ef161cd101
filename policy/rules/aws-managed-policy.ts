import { types } from "../data/resource-types.ts";
import { stringOf } from "../field.ts";
import { attachedPolicies } from "../resources.ts";
import { listSchema, listSetting, type Rule } from "../rule.ts";
import { sourcesOf } from "../stack/links.ts";
import { isFilledInByAws, originOf } from "../stack/unknown-properties.ts";

/** What no allow-list can permit: policies for everything, or for all of a service. */
const full = /\/(AdministratorAccess.*|PowerUserAccess|\w*FullAccess\w*)$/;

/** AWS widens its policies without asking. */
export const awsManagedPolicy: Rule = {
  name: "aws-managed-policy",
  description: "Only AWS managed policies that the configuration lists are attached.",
  severity: "high",
  remediationSteps:
    "Allow the actions that the code calls, on their resources, in a policy of the stack.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
  configSchema: {
    properties: {
      allowed: listSchema(
        "ARNs of AWS managed policies that may be attached. Full-access policies are never allowed.",
      ),
    },
  },
  appliesTo: (resource) => attachedPolicies(resource) !== undefined,
  *check(resource, settings) {
    const { property, arns } = attachedPolicies(resource) ?? { property: "", arns: [] };
    const allowed = listSetting(settings, "allowed");
    for (const field of arns) {
      const arn = stringOf(field) ?? "";
      if (!/^arn:aws[\w-]*:iam::aws:policy\/[\w+=,.@/-]+$/.test(arn)) continue;
      const isFull = full.test(arn);
      if (allowed.includes(arn) && !isFull) continue;
      yield {
        what: `${property} ${arn}`,
        why: isFull
          ? "it allows full access, and AWS adds to it"
          : "it allows more than one program needs, and AWS adds to it",
        fix: "Allow the actions that the code calls in a policy of the stack",
      };
    }
  },

  /** An ARN that is not known yet is a policy of this stack, or could be one of AWS. */
  *checkStack(resources) {
    for (const resource of resources) {
      const { property, arns } = attachedPolicies(resource) ?? { property: "", arns: [] };
      if (arns.every((it) => it.isKnown) || isFilledInByAws(resource, property)) continue;
      const sources = sourcesOf(resource, property);
      if (sources.length > 0 && sources.every(({ type }) => type === types.policy)) continue;
      yield {
        resource,
        what: property,
        why: `it is not known before deployment${originOf(sources)}, so it could be an AWS managed policy`,
        fix: "Attach a policy of this stack, or write the ARN as a literal string",
      };
    }
  },
};

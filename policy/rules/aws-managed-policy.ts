import { textOf } from "../field.ts";
import { attachedPolicies } from "../resources.ts";
import { listSchema, listSetting, type Rule } from "../rule.ts";

/** What no allow-list can permit: policies for everything, or for all of a service. */
const full = /\/(AdministratorAccess.*|PowerUserAccess|\w*FullAccess\w*)$/;

/** AWS widens its policies without asking. */
export const awsManagedPolicy: Rule = {
  name: "aws-managed-policy",
  description: "No AWS managed policy is attached, but those that the configuration lists.",
  severity: "high",
  remediationSteps: "Grant the actions that are called, on their resources, in an own policy.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
  configSchema: {
    properties: {
      allowed: listSchema("ARNs of AWS managed policies that may be attached. FullAccess never."),
    },
  },
  appliesTo: (resource) => attachedPolicies(resource) !== undefined,
  *check(resource, settings) {
    const { property, arns } = attachedPolicies(resource) ?? { property: "", arns: [] };
    const allowed = listSetting(settings, "allowed");
    for (const field of arns) {
      const arn = textOf(field) ?? "";
      if (!/^arn:aws[\w-]*:iam::aws:policy\/[\w+=,.@/-]+$/.test(arn)) continue;
      const isFull = full.test(arn);
      if (allowed.includes(arn) && !isFull) continue;
      yield {
        what: `${property} ${arn}`,
        why: isFull
          ? "it allows everything of its kind, and AWS widens it"
          : "it allows more than one program needs, and AWS widens it",
        fix: "Grant the actions that are called in an own policy",
      };
    }
  },
};

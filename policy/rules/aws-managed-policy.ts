import type { ResourceValidationPolicy } from "@pulumi/policy";
import { attachedPolicies } from "../resources.ts";

/** No AWS managed policy is attached. */
export const awsManagedPolicy: ResourceValidationPolicy = {
  name: "aws-managed-policy",
  description: "AWS managed policies allow more than a program needs, and AWS widens them.",
  severity: "high",
  remediationSteps: "Grant the actions that are called, on their resources, in an own policy.",
  validateResource(args, report) {
    const { property, arns } = attachedPolicies(args);
    for (const arn of arns) {
      if (arn.isKnown && /^arn:aws[\w-]*:iam::aws:policy\//.test(String(arn.value))) {
        report(
          `${args.name}: ${property} names the AWS managed policy ${arn.value}. Grant the actions that are called in an own policy instead.`,
        );
      }
    }
  },
};

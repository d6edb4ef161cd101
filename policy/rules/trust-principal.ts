import type { ResourceValidationPolicy } from "@pulumi/policy";
import { show } from "../field.ts";
import { trustDocuments } from "../resources.ts";

/** A role is for exactly one AWS service. */
export const trustPrincipal: ResourceValidationPolicy = {
  name: "trust-principal",
  description: "A role's trust policy must name exactly one AWS service.",
  severity: "high",
  remediationSteps: 'Write one statement with Principal {"Service": "lambda.amazonaws.com"}.',
  validateResource(args, report) {
    for (const { property, document } of trustDocuments(args)) {
      const where = `${args.name}: ${property}`;
      if (document.kind === "unknown") {
        report(
          `${where} is not known before deployment. Write the trusted service as literal text.`,
        );
        continue;
      }
      if (document.kind === "malformed") {
        report(`${where}: ${document.problem}. Write an IAM policy document.`);
        continue;
      }
      const allowing = document.statements.filter(({ isAllow }) => isAllow);
      const principals = allowing.flatMap((it) => it.principals);
      for (const { type, value } of principals) {
        const isService =
          type === "Service" &&
          value.isKnown &&
          /^[\w.-]+\.amazonaws\.com(\.cn)?$/.test(String(value.value));
        if (!isService) {
          report(
            `${where}: ${type} ${show(value)} may assume the role. Trust one AWS service only.`,
          );
        }
      }
      const names = new Set(principals.map(({ value }) => show(value)));
      if (names.size > 1) {
        report(`${where} trusts ${[...names].join(" and ")}. Make a role for each.`);
      }
      if (names.size === 0) report(`${where} trusts nobody. Name the service that uses the role.`);
    }
  },
};

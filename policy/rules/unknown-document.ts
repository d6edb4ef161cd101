import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import type { PolicyDocument, Statement } from "../document.ts";
import { show } from "../field.ts";
import { attachedPolicies, identityDocuments } from "../resources.ts";

/**
 * No policy document escapes the other rules by being unknown or malformed.
 *
 * A provider turns a document with one unknown ARN into one unknown text, so nothing of it can be
 * judged in a preview. It passes only if its parent is a component that gives the same statements
 * as `grants`, in its inputs (which the other rules judge leaf by leaf) and in its outputs (which
 * this rule sees); once the document is known, it must equal them.
 */
export const unknownDocument: StackValidationPolicy = {
  name: "unknown-document",
  description:
    "A policy document must be known in the preview, or be given as a component's grants.",
  severity: "high",
  remediationSteps:
    "Create the policy in a component whose inputs and outputs hold its statements as `grants`.",
  validateStack(args, report) {
    for (const resource of args.resources) {
      for (const { property, document } of identityDocuments(resource)) {
        const problem = problemOf(document, grantsAbove(resource));
        if (problem) report(`${resource.name}: ${property} ${problem}`, resource.urn);
      }
      const { property, arns } = attachedPolicies(resource);
      if (arns.some((it) => !it.isKnown) && !dependsOnOwnPolicy(resource, property)) {
        report(
          `${resource.name}: ${property} is not known before deployment, so it could be an AWS managed policy. Attach a policy of this stack, or write the ARN as literal text.`,
          resource.urn,
        );
      }
    }
  },
};

function problemOf(
  document: PolicyDocument,
  grants: PolicyDocument | undefined,
): string | undefined {
  if (document.kind === "malformed") return `cannot be read: ${document.problem}.`;
  if (document.kind === "unknown") {
    if (grants?.kind === "statements") return undefined;
    return "is not known before deployment, so no rule can judge it. Give its statements as `grants` of a component that is its parent.";
  }
  if (grants?.kind !== "statements" || hasUnknown(grants)) return undefined;
  if (canonical(document.statements) === canonical(grants.statements)) return undefined;
  return "differs from the `grants` of its component, which the preview was judged by. Make the document from the grants.";
}

/** The grants of the component that a policy belongs to; none for the component itself. */
function grantsAbove({ parent }: PolicyResource): PolicyDocument | undefined {
  return (
    parent && identityDocuments(parent).find(({ property }) => property === "grants")?.document
  );
}

function dependsOnOwnPolicy(resource: PolicyResource, property: string): boolean {
  const sources = resource.propertyDependencies[property] ?? [];
  return sources.length > 0 && sources.every(({ type }) => type === "aws:iam/policy:Policy");
}

function hasUnknown({ statements }: { statements: readonly Statement[] }): boolean {
  return statements.some((it) =>
    [...it.actions, ...it.resources, it.condition].some((leaf) => !leaf.isKnown),
  );
}

/** Statements as text that is equal exactly if they allow and deny the same by the same words. */
function canonical(statements: readonly Statement[]): string {
  return JSON.stringify(
    statements.map(({ isAllow, actions, notActions, resources, notResources, condition }) => [
      isAllow,
      show(condition),
      ...[actions, notActions, resources, notResources].map((leaves) => leaves.map(show).sort()),
    ]),
  );
}

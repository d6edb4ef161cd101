import type { PolicyResource } from "@pulumi/policy";
import { fieldsText, ownValue } from "../field.ts";
import { conditionsText } from "../iam/condition.ts";
import type { PolicyDocument, Statement } from "../iam/document.ts";
import { isFilledIn } from "../identities.ts";
import {
  attachedPolicies,
  documentsOf,
  grantsAbove,
  resourcePolicies,
  rootOf,
  types,
} from "../resources.ts";
import type { Rule } from "../rule.ts";
import { resourceName } from "../stack/granted.ts";
import { some } from "../statements.ts";

/**
 * No policy document escapes the other rules by being unknown or malformed.
 *
 * A provider turns a document with one unknown ARN into one unknown text, so nothing of it can be
 * judged in a preview. It passes only if its parent is a component that gives the same statements
 * as `grants`, in its inputs (which the other rules judge leaf by leaf) and in its outputs (which
 * this rule sees); once the document is known, it must equal them.
 */
export const unknownDocument: Rule = {
  name: "unknown-document",
  description:
    "A policy document is known in the preview, or its statements are given as a component's grants.",
  severity: "high",
  remediationSteps:
    "Create the policy in a component whose inputs and outputs hold its statements as `grants`.",
  url: "https://www.pulumi.com/docs/insights/policy/policy-packs/authoring/",
  *checkStack(resources) {
    for (const resource of resources) {
      for (const { property, kind, document } of documentsOf(resource)) {
        if (document.kind === "unknown" && isComputed(resource, property)) continue;
        // Judged as the policy that made it.
        if (isFilledIn({ resource, property, document }, resources)) continue;
        const grants = kind === "identity" ? grantsAbove(resource) : undefined;
        const problem = problemOf(document, grants, sourcesOf(resource, property));
        if (problem) yield { resource, what: property, ...problem };
      }
      const { property, arns } = attachedPolicies(resource) ?? { property: "", arns: [] };
      if (arns.every((it) => it.isKnown) || isComputed(resource, property)) continue;
      const sources = sourcesOf(resource, property);
      if (sources.length > 0 && sources.every(({ type }) => type === types.policy)) continue;
      yield {
        resource,
        what: property,
        why: `it is not known before deployment${dependence(sources)}, so it could be an AWS managed policy`,
        fix: "Attach a policy of this stack, or write the ARN as literal text",
      };
    }
  },
};

function problemOf(
  document: PolicyDocument,
  grants: PolicyDocument | undefined,
  sources: readonly PolicyResource[],
): { readonly why: string; readonly fix: string } | undefined {
  if (document.kind === "malformed") {
    return { why: `it cannot be read: ${document.problem}`, fix: "Write an IAM policy document" };
  }
  if (document.kind === "unknown") {
    if (grants?.kind === "statements" && grants.statements.length > 0) return undefined;
    return {
      why: `it is not known before deployment${dependence(sources)}, so no rule can judge it`,
      fix: "Make its ARNs of names that are known, or give its statements as `grants` of a component that is its parent (identity policies only)",
    };
  }
  if (grants?.kind !== "statements" || grants.statements.some(hasUnknown)) return undefined;
  if (canonical(document.statements) === canonical(grants.statements)) return undefined;
  return {
    why: "it differs from the `grants` of its component, by which the preview was judged",
    fix: "Make the document from the grants",
  };
}

/** What is known of where an unknown property comes from. */
function sourcesOf(resource: PolicyResource, property: string): readonly PolicyResource[] {
  return resource.propertyDependencies[rootOf(property)] ?? [];
}

/**
 * Stack rules see outputs, in which AWS fills such properties in: unknown in the preview, though
 * the program does not set them. What the program does set to something unknown depends on it.
 */
function isComputed(resource: PolicyResource, property: string): boolean {
  const root = rootOf(property);
  const isOptional =
    (resource.type === types.role && root !== "assumeRolePolicy") ||
    ownValue(resourcePolicies, resource.type) === root;
  return isOptional && sourcesOf(resource, property).length === 0;
}

function dependence(sources: readonly PolicyResource[]): string {
  if (sources.length === 0) return "";
  // The engine tells them in another order each time.
  return ` (it depends on ${some(sources.map(resourceName).sort())})`;
}

function hasUnknown({ actions, resources, conditions }: Statement): boolean {
  const values = conditions.isKnown ? conditions.value.flatMap((it) => it.values) : [conditions];
  return [...actions, ...resources, ...values].some((it) => !it.isKnown);
}

/** Statements as text that is equal exactly if they allow and deny the same by the same words. */
function canonical(statements: readonly Statement[]): string {
  return JSON.stringify(
    statements.map((it) => [
      it.isAllow,
      conditionsText(it.conditions.isKnown ? it.conditions.value : []),
      ...[it.actions, it.notActions, it.resources, it.notResources].map(fieldsText),
    ]),
  );
}

import type { PolicyResource } from "@pulumi/policy";
import { fieldsKey } from "../field.ts";
import type { Finding } from "../finding.ts";
import { conditionsKey } from "../iam/condition.ts";
import type { PolicyDocument, Statement } from "../iam/document.ts";
import { outputFix, unresolvedOutput } from "../iam/json.ts";
import { isFilledIn } from "../identities.ts";
import { documentsOf, grantsAbove, rootOf } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { sourcesOf } from "../stack/links.ts";
import { isFilledInByAws, originOf } from "../stack/unknown-properties.ts";

/**
 * No policy document avoids the other rules by being unknown or malformed.
 *
 * A provider turns a document with one unknown ARN into one unknown string, so a preview cannot check any of
 * it. It passes only if its parent is a component with the same statements as `grants`, in its inputs
 * (which the other rules check leaf by leaf) and in its outputs (which this rule gets). Once the document is
 * known, it must equal them.
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
      for (const located of documentsOf(resource)) {
        const { property, kind, document } = located;
        // It can only allow less, whatever it says.
        if (kind === "limit" && document.kind === "unknown") continue;
        if (document.kind === "unknown" && isFilledInByAws(resource, property)) continue;
        // Checked as the policy that creates it.
        if (isFilledIn(located, resources)) continue;
        const grants = kind === "identity" ? grantsAbove(resource)?.document : undefined;
        const problem = problemOf(document, grants, sourcesOf(resource, rootOf(property)));
        if (problem) yield { resource, values: [property], ...problem };
      }
    }
  },
};

function problemOf(
  document: PolicyDocument,
  grants: PolicyDocument | undefined,
  sources: readonly PolicyResource[],
): Pick<Finding, "what" | "after" | "why" | "fix"> | undefined {
  if (document.kind === "malformed") {
    const { problem } = document;
    const fix = problem === unresolvedOutput ? outputFix : "Write an IAM policy document";
    return { what: "unreadable", why: problem, fix };
  }
  if (document.kind === "unknown") {
    if (grants?.kind === "statements" && grants.statements.length > 0) return undefined;
    return {
      what: "",
      why: `it is not known before deployment${originOf(sources)}, so no rule can check it`,
      fix: "Build its ARNs from known names, or pass its statements as `grants` to its parent component (identity policies only)",
    };
  }
  if (grants?.kind !== "statements" || grants.statements.some(hasUnknown)) return undefined;
  if (canonical(document.statements) === canonical(grants.statements)) return undefined;
  return {
    what: "",
    after: "compared with grants",
    why: "it differs from the `grants` of its component, which the preview checked",
    fix: "Generate the document from the grants",
  };
}

function hasUnknown({ actions, resources, conditions }: Statement): boolean {
  const values = conditions.isKnown ? conditions.value.flatMap((it) => it.values) : [conditions];
  return [...actions, ...resources, ...values].some((it) => !it.isKnown);
}

/** A string that is equal for statements that allow and deny the same in the same words. */
function canonical(statements: readonly Statement[]): string {
  return JSON.stringify(
    statements.map((it) => [
      it.isAllow,
      conditionsKey(it.conditions.isKnown ? it.conditions.value : []),
      ...[it.actions, it.notActions, it.resources, it.notResources].map(fieldsKey),
    ]),
  );
}

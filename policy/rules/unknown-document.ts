import type { PolicyResource } from "@pulumi/policy";
import { fieldsKey, ownValue } from "../field.ts";
import type { Finding } from "../finding.ts";
import { addTo } from "../groups.ts";
import { conditionsKey } from "../iam/condition.ts";
import type { PolicyDocument, Statement } from "../iam/document.ts";
import { outputFix, promiseFix, unresolvedOutput, unresolvedPromise } from "../iam/json.ts";
import { identityByPolicy, isFilledIn } from "../identities.ts";
import { documentsOf, grantsAbove, type LocatedDocument, rootOf } from "../resources.ts";
import type { Rule, StackFinding } from "../rule.ts";
import { sourcesOf } from "../stack/links.ts";
import { resourceName } from "../stack/permissions.ts";
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
    const unknown = new Map<PolicyResource, LocatedDocument<PolicyResource>[]>();
    let identityOf: ReadonlyMap<PolicyResource, PolicyResource> | undefined;
    for (const resource of resources) {
      for (const located of documentsOf(resource)) {
        const { property, kind, document } = located;
        // It can only allow less, whatever it says.
        if (kind === "limit" && document.kind === "unknown") continue;
        if (document.kind === "unknown" && isFilledInByAws(resource, property)) continue;
        // Checked as the policy that creates it.
        if (isFilledIn(located, resources)) continue;
        const grants = kind === "identity" ? grantsAbove(resource)?.document : undefined;
        if (document.kind === "unknown") {
          if (grants?.kind === "statements" && grants.statements.length > 0) continue;
          identityOf ??= identityByPolicy(resources);
          addTo(unknown, identityOf.get(resource) ?? resource, located);
          continue;
        }
        const problem = problemOf(document, grants);
        if (problem) yield { resource, values: [property], ...problem };
      }
    }
    for (const [identity, documents] of unknown) yield* unknownIn(identity, documents);
  },
};

/** One finding for all documents of an identity that are not known. That of one is about its resource. */
function* unknownIn(
  identity: PolicyResource,
  documents: readonly LocatedDocument<PolicyResource>[],
): Iterable<StackFinding> {
  const [first, ...others] = documents;
  if (!first) return;
  const isOne = others.length === 0;
  const of = isOne ? first.resource : identity;
  const sources = documents.flatMap(({ resource, property }) =>
    sourcesOf(resource, rootOf(property)),
  );
  const origin =
    originOf(sources, isOne ? "it depends on" : "they depend on") ||
    ` (the engine does not know what ${isOne ? "it depends" : "they depend"} on, as for a result of getPolicyDocument)`;
  yield {
    resource: of,
    what: "",
    values: documents.map(({ resource, property }) =>
      resource === of ? property : `${property} of ${resourceName(resource)}`,
    ),
    why: `${isOne ? "it is" : "they are"} not known before deployment${origin}, so no rule can check ${isOne ? "it" : "them"}`,
    fix: fixOf(documents),
  };
}

/** A component's grants are permissions of an identity. A trust or a resource policy can only be known later. */
function fixOf(documents: readonly LocatedDocument[]): string {
  const [its, it] = documents.length === 1 ? ["its", "it depends"] : ["their", "they depend"];
  const known = `Build ${its} ARNs from known names, or`;
  const grants = "`grants` to a parent component";
  const canBeGrants = documents.filter(({ kind }) => kind === "identity").length;
  if (canBeGrants === documents.length) return `${known} pass ${its} statements as ${grants}`;
  const first = `${known} deploy what ${it} on first`;
  return canBeGrants > 0 ? `${first}; permissions can also be passed as ${grants}` : first;
}

function problemOf(
  document: PolicyDocument,
  grants: PolicyDocument | undefined,
): Pick<Finding, "what" | "after" | "why" | "fix"> | undefined {
  if (document.kind === "malformed") {
    const { problem } = document;
    const fix = ownValue(fixes, problem) ?? "Write an IAM policy document";
    return { what: "unreadable", why: problem, fix };
  }
  if (document.kind === "unknown") return undefined;
  if (grants?.kind !== "statements" || grants.statements.some(hasUnknown)) return undefined;
  if (canonical(document.statements) === canonical(grants.statements)) return undefined;
  return {
    what: "",
    after: "compared with grants",
    why: "it differs from the `grants` of its component, which the preview checked",
    fix: "Generate the document from the grants",
  };
}

/** What to do about problems that a program causes by how it writes the document. */
const fixes: Readonly<Record<string, string>> = {
  [unresolvedOutput]: outputFix,
  [unresolvedPromise]: promiseFix,
};

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

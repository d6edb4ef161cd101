import type { SentResource } from "../analyzer-requests.ts";
import { resourcePolicies, types } from "../data/resource-types.ts";
import { type Fields, isFields } from "../field.ts";
import { isSameWord, lowerCase } from "../iam/case.ts";
import { parsedJson } from "./input.ts";
import type { DeployedStack } from "./state.ts";
import { UsageError } from "./usage-error.ts";

export const documentKinds = ["identity", "trust", "resource"] as const;

/** An identity's policy, who may assume a role, or the policy of a resource. */
export type DocumentKind = (typeof documentKinds)[number];

export const policyDocument = "one IAM policy document";

/**
 * A stack of nothing but one policy document, named as its file. AWS's command line prints documents as members of other
 * objects, some as strings. The document's kind follows from its statements unless it is given: one with principals and
 * without resources is a trust policy. Throws a UsageError unless there is one document.
 */
export function stackOf(json: string, name: string, given?: DocumentKind): DeployedStack {
  const [document, ...others] = documentsIn(parsedJson(json, name, policyDocument), json);
  if (!document) throw new UsageError(`${name} has no Statement: expected ${policyDocument}`);
  if (others.length > 0) {
    throw new UsageError(
      `${name} has ${others.length + 1} policy documents: expected ${policyDocument} in each file`,
    );
  }
  const statements = [document.statement].flat().filter(isFields);
  const resource = holderOf(document.json, given ?? kindOf(statements), statements, name);
  return { resources: [{ inputs: resource, outputs: resource }], codeHashes: new Map() };
}

interface Document {
  /** As it was written, if possible: parsed JSON has no duplicate elements. */
  readonly json: string;
  readonly statement: unknown;
}

/** What AWS's command line prints needs 4. */
const deepest = 8;

/** The outermost objects with statements. */
function documentsIn(value: unknown, json?: string, depth = 0): Document[] {
  if (typeof value === "string" && value.startsWith("{")) return documentsInText(value, depth);
  if (typeof value !== "object" || value === null || depth > deepest) return [];
  const statement = isFields(value) ? statementOf(value) : undefined;
  if (statement !== undefined) return [{ json: json ?? JSON.stringify(value), statement }];
  return Object.values(value).flatMap((it) => documentsIn(it, undefined, depth + 1));
}

function documentsInText(text: string, depth: number): Document[] {
  try {
    return documentsIn(JSON.parse(text), text, depth + 1);
  } catch {
    return [];
  }
}

/** Element names are case-insensitive. */
function statementOf(document: Fields): unknown {
  const name = Object.keys(document).find((it) => isSameWord(it, "Statement"));
  return name === undefined ? undefined : (document[name] ?? undefined);
}

function kindOf(statements: readonly Fields[]): DocumentKind {
  const has = (...elements: string[]) =>
    statements.some((it) => elements.some((element) => it[element] !== undefined));
  if (!has("Principal", "NotPrincipal")) return "identity";
  return has("Resource", "NotResource") ? "resource" : "trust";
}

function holderOf(
  json: string,
  kind: DocumentKind,
  statements: readonly Fields[],
  name: string,
): SentResource {
  const of = (type: string, property: string): SentResource => ({
    type,
    name,
    urn: `urn:pulumi:check::check::${type}::${name}`,
    props: { [property]: json },
  });
  if (kind === "identity") return of(types.policy, "policy");
  if (kind === "trust") return of(types.role, "assumeRolePolicy");
  const type = resourceTypeOf(statements);
  return of(type, resourcePolicies[type] ?? "policy");
}

/** The type with a policy of the service whose actions the statements have; a topic's is as good as any other. */
function resourceTypeOf(statements: readonly Fields[]): string {
  const action = statements.flatMap(({ Action }) => Action).find((it) => typeof it === "string");
  const [service] = lowerCase(String(action)).split(":");
  return (
    Object.keys(resourcePolicies).find(
      (type) => /Policy$/.test(type) && type.startsWith(`aws:${service}/`),
    ) ?? "aws:sns/topicPolicy:TopicPolicy"
  );
}

import { type Field, read, readList } from "./field.ts";

/**
 * One statement of an IAM policy document.
 * Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export interface Statement {
  /** The statement's Sid, or its number from 1. */
  readonly label: string;
  /** A statement whose effect is not exactly "Deny" is judged as one that allows. */
  readonly isAllow: boolean;
  readonly actions: readonly Field<unknown>[];
  readonly notActions: readonly Field<unknown>[];
  readonly resources: readonly Field<unknown>[];
  readonly notResources: readonly Field<unknown>[];
  /** The conditions as JSON text with sorted keys; `{}` without any. */
  readonly condition: Field<string>;
  readonly principals: readonly Principal[];
}

/** Who a statement is for; `type` is `Service`, `AWS`, `Federated`, `NotPrincipal` and so on. */
export interface Principal {
  readonly type: string;
  readonly value: Field<unknown>;
}

/** A document as far as it can be read. */
export type PolicyDocument =
  | { readonly kind: "statements"; readonly statements: readonly Statement[] }
  | { readonly kind: "unknown" }
  | { readonly kind: "malformed"; readonly problem: string };

type Fields = Record<string, unknown>;

/** Reads a document that is given as JSON text or as an object. Element names: any letter case. */
export function readDocument(get: () => unknown): PolicyDocument {
  const field = read(get);
  if (!field.isKnown) return { kind: "unknown" };
  let document = field.value;
  if (typeof document === "string") {
    try {
      document = JSON.parse(document);
    } catch (error) {
      return { kind: "malformed", problem: `it is not JSON: ${(error as Error).message}` };
    }
  }
  if (!isFields(document)) return { kind: "malformed", problem: "it is not a JSON object" };
  const statements = readList(elementOf(document, "Statement"));
  if (statements.some((it) => !it.isKnown)) return { kind: "unknown" };
  if (!statements.every((it) => it.isKnown && isFields(it.value))) {
    return { kind: "malformed", problem: "a statement is not a JSON object" };
  }
  return {
    kind: "statements",
    statements: statements.flatMap((it, index) =>
      it.isKnown ? [readStatement(it.value as Fields, index)] : [],
    ),
  };
}

/** Reads the `grants` of a component: `{ sid, actions, resources }[]`, all of them allowing. */
export function readGrants(get: () => unknown): PolicyDocument {
  const grants = readList(get);
  if (grants.some((it) => !it.isKnown)) return { kind: "unknown" };
  if (!grants.every((it) => it.isKnown && isFields(it.value))) {
    return { kind: "malformed", problem: "a grant is not an object" };
  }
  return {
    kind: "statements",
    statements: grants.flatMap((it, index) => {
      if (!it.isKnown) return [];
      const grant = it.value as Fields;
      const sid = read(() => grant.sid);
      return {
        label: label(sid, index),
        isAllow: true,
        actions: readList(() => grant.actions),
        notActions: [],
        resources: readList(() => grant.resources),
        notResources: [],
        condition: read(() => sortedJson(grant.conditions ?? {})),
        principals: [],
      };
    }),
  };
}

function readStatement(statement: Fields, index: number): Statement {
  const listOf = (name: string) => readList(elementOf(statement, name));
  const effect = read(elementOf(statement, "Effect"));
  return {
    label: label(read(elementOf(statement, "Sid")), index),
    isAllow: !effect.isKnown || effect.value !== "Deny",
    actions: listOf("Action"),
    notActions: listOf("NotAction"),
    resources: listOf("Resource"),
    notResources: listOf("NotResource"),
    condition: read(() => sortedJson(elementOf(statement, "Condition")() ?? {})),
    principals: [
      ...readPrincipals(elementOf(statement, "Principal")),
      ...listOf("NotPrincipal").map((value) => ({ type: "NotPrincipal", value })),
    ],
  };
}

/** `"*"`, or an object of one value or a list for each type. */
function readPrincipals(get: () => unknown): Principal[] {
  const field = read(get);
  if (!field.isKnown) return [{ type: "Principal", value: field }];
  const { value } = field;
  if (value === undefined) return [];
  if (!isFields(value)) return [{ type: "Principal", value: field }];
  return Object.keys(value).flatMap((type) =>
    readList(() => value[type]).map((it) => ({ type, value: it })),
  );
}

function elementOf(fields: Fields, name: string): () => unknown {
  const key = Object.keys(fields).find((it) => it.toLowerCase() === name.toLowerCase());
  return () => (key === undefined ? undefined : fields[key]);
}

function label(sid: Field<unknown>, index: number): string {
  return sid.isKnown && typeof sid.value === "string" ? sid.value : `number ${index + 1}`;
}

function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).sort().join()}]`;
  if (!isFields(value)) return JSON.stringify(value) ?? "null";
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${sortedJson(value[key])}`).join()}}`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

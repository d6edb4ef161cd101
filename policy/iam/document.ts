import { type Field, type Fields, isFields, read, readList, stringOf } from "../field.ts";
import { readLimits } from "../read-limits.ts";
import { isSameWord } from "./case.ts";
import { type Condition, readConditions } from "./condition.ts";
import { parseDocument, problemOfObject, unresolvedPromise } from "./json.ts";

/**
 * One statement of an IAM policy document.
 * Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export interface Statement {
  /** The statement's Sid, or its number from 1. */
  readonly label: string;
  readonly sid: string | undefined;
  /** A statement whose effect is not exactly "Deny" counts as one that allows. */
  readonly isAllow: boolean;
  readonly actions: readonly Field<unknown>[];
  readonly notActions: readonly Field<unknown>[];
  readonly resources: readonly Field<unknown>[];
  readonly notResources: readonly Field<unknown>[];
  readonly principals: readonly Principal[];
  readonly notPrincipals: readonly Principal[];
  /** Each must hold. Unknown where not even the operators are known. */
  readonly conditions: Field<readonly Condition[]>;
}

/** Who a statement is for; `type` is `Service`, `AWS`, `Federated`, or `*` for the bare `"*"`. */
export interface Principal {
  readonly type: string;
  readonly value: Field<unknown>;
}

/** A document, as far as it can be read. */
export type PolicyDocument =
  | { readonly kind: "statements"; readonly statements: readonly Statement[] }
  | { readonly kind: "unknown" }
  | { readonly kind: "malformed"; readonly problem: string };

/** Reads a document from JSON or an object. Element names are case-insensitive. */
export function readDocument(get: () => unknown): PolicyDocument {
  const field = read(get);
  if (!field.isKnown) return { kind: "unknown" };
  let document = field.value;
  // A provider rejects a resource without its required document, so a missing one is still to come.
  if (document === undefined) return { kind: "unknown" };
  if (typeof document === "string") {
    const parsed = parseDocument(document);
    if (!parsed.isParsed) return { kind: "malformed", problem: parsed.problem };
    document = parsed.value;
  } else {
    const problem = problemOfObject(document);
    if (problem !== undefined) return { kind: "malformed", problem };
  }
  if (!isFields(document)) return { kind: "malformed", problem: "it is not a JSON object" };
  const fields = document;
  const statements = readList(elementOf(fields, "Statement"));
  return readStatements(statements, "statement", (statement, index) =>
    readStatement((element) => elementOf(statement, element), index),
  );
}

/**
 * Reads the `grants` of a component, which all allow: `{ sid, actions, resources, conditions? }[]`
 * see `Grant` in grants.ts.
 */
export function readGrants(get: () => unknown): PolicyDocument {
  const elements: Fields = {
    Sid: "sid",
    Action: "actions",
    Resource: "resources",
    Condition: "conditions",
  };
  const items = readList(get);
  const problem = problemOfObject(items.map((it) => (it.isKnown ? it.value : undefined)));
  if (problem !== undefined) return { kind: "malformed", problem };
  return readStatements(items, "grant", (grant, index) =>
    readStatement((element) => () => grant[String(elements[element])], index),
  );
}

function readStatements(
  items: readonly Field<unknown>[],
  what: string,
  readOne: (item: Fields, index: number) => ReadStatement,
): PolicyDocument {
  if (items.some((it) => !it.isKnown)) return { kind: "unknown" };
  const statements: Statement[] = [];
  for (const [index, item] of items.entries()) {
    if (!item.isKnown || !isFields(item.value)) {
      return { kind: "malformed", problem: `${what} ${index + 1} is not an object` };
    }
    const statement = readOne(item.value, index);
    if (leavesOf(statement).some(isEmptyObject)) {
      return { kind: "malformed", problem: unresolvedPromise };
    }
    if (!statement.conditions) {
      const problem = `the condition of ${what} ${index + 1} is not an object of objects`;
      return { kind: "malformed", problem };
    }
    const { statementPairs } = readLimits;
    if (statement.actions.length * statement.resources.length > statementPairs) {
      const problem = `${what} ${index + 1} has more than ${statementPairs} pairs of an action and a resource`;
      return { kind: "malformed", problem };
    }
    statements.push({ ...statement, conditions: statement.conditions });
  }
  return { kind: "statements", statements };
}

/** Everything in a statement that is a string in AWS's grammar. */
function leavesOf(statement: ReadStatement): Field<unknown>[] {
  const { actions, notActions, resources, notResources, conditions } = statement;
  const principals = [...statement.principals, ...statement.notPrincipals];
  const known = conditions?.isKnown ? conditions.value : [];
  return [
    ...[actions, notActions, resources, notResources].flat(),
    ...principals.map(({ value }) => value),
    ...known.flatMap(({ values }) => values),
  ];
}

function isEmptyObject(field: Field<unknown>): boolean {
  return field.isKnown && isFields(field.value) && Object.keys(field.value).length === 0;
}

/** A statement whose conditions are perhaps malformed. */
type ReadStatement = Omit<Statement, "conditions"> & {
  readonly conditions: Statement["conditions"] | undefined;
};

function readStatement(
  elementNamed: (name: string) => () => unknown,
  index: number,
): ReadStatement {
  const listOf = (name: string) => readList(elementNamed(name));
  const sid = stringOf(read(elementNamed("Sid"))) || undefined;
  const effect = read(elementNamed("Effect"));
  return {
    label: sid ?? `number ${index + 1}`,
    sid,
    isAllow: !effect.isKnown || effect.value !== "Deny",
    actions: listOf("Action"),
    notActions: listOf("NotAction"),
    resources: listOf("Resource"),
    notResources: listOf("NotResource"),
    principals: readPrincipals(elementNamed("Principal")),
    notPrincipals: readPrincipals(elementNamed("NotPrincipal")),
    conditions: readConditions(elementNamed("Condition")),
  };
}

/** `"*"`, or an object of one value or a list for each type. */
function readPrincipals(get: () => unknown): Principal[] {
  const field = read(get);
  if (!field.isKnown) return [{ type: "Principal", value: field }];
  const { value } = field;
  if (value === undefined || value === null) return [];
  if (!isFields(value)) return [{ type: "*", value: field }];
  return Object.keys(value).flatMap((type) =>
    readList(() => value[type]).map((it) => ({ type: principalType(type), value: it })),
  );
}

function elementOf(fields: Fields, name: string): () => unknown {
  const key = Object.keys(fields).find((it) => isSameWord(it, name));
  return () => (key === undefined ? undefined : fields[key]);
}

const principalTypes = ["AWS", "Service", "Federated", "CanonicalUser"];

/** In AWS's case. A type that AWS does not know could be anything. */
function principalType(type: string): string {
  return principalTypes.find((it) => isSameWord(it, type)) ?? "(unknown type)";
}

import { type Expression, type ObjectExpression, type Property, parseExpressionAt } from "acorn";
import { isFields } from "../field.ts";
import { readDocument } from "../iam/document.ts";
import { replacementOf, type StatementJson } from "../iam/replacement.ts";
import type { LocatedStatement } from "../statements.ts";
import type { ConstructorCall } from "./constructor-call.ts";

/** Text to write in place of a part of a file, by indexes. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The edits that replace a statement where the program creates its resource. Undefined unless it is certain that they do: the
 * document is written in the call itself, as an object or in `JSON.stringify` or `pulumi.jsonStringify`; it has as many statements as the
 * engine sent; what is literal in the statement is what the engine sent; and all that is replaced is literal.
 */
export function statementEdits(
  call: ConstructorCall,
  statement: LocatedStatement,
  replacement: readonly StatementJson[],
): readonly Edit[] | undefined {
  const node = statementNode(call, statement);
  const sent = replacementOf(statement, {});
  const elements = node && elementsOf(node);
  if (!node || !elements || !sent || !isWrittenAsSent(elements, sent)) return undefined;
  const [first] = replacement;
  if (first && replacement.length === 1 && hasSameElements(first, sent)) {
    const changed = Object.keys(first).filter((it) => !isSame(first[it], sent[it]));
    const edits = changed.map((it) => elementEdit(elements.get(it), first[it]));
    return edits.includes(undefined) ? undefined : (edits as Edit[]);
  }
  if ([...elements.values()].some(({ literal }) => literal === undefined)) return undefined;
  const indent = indentAt(call.file.text, node.start);
  const text = replacement
    .map((it) => JSON.stringify(it, undefined, 2).replaceAll("\n", `\n${indent}`))
    .join(`,\n${indent}`);
  return [{ start: node.start, end: node.end, text }];
}

/** An element of a statement, such as Action. Its literal is undefined if it has a part that is not literal. */
interface Element {
  readonly node: Expression;
  readonly literal: unknown;
}

/** The object with the statement. Undefined if spread syntax could add statements or elements. */
function statementNode(
  { file, start }: ConstructorCall,
  { property, index, count }: LocatedStatement,
): ObjectExpression | undefined {
  const call = expressionAt(file.text, start);
  const args = call?.type === "NewExpression" ? call.arguments[1] : undefined;
  let node: Expression | undefined = args?.type === "SpreadElement" ? undefined : args;
  for (const step of property.match(/[^.[\]]+/g) ?? []) node = memberOf(node, step);
  const statements = memberOf(documentIn(node), "Statement");
  if (statements?.type === "ArrayExpression" && statements.elements.length !== count) {
    return undefined;
  }
  const it =
    statements?.type === "ArrayExpression" ? memberOf(statements, String(index)) : statements;
  return it?.type === "ObjectExpression" && (statements !== it || count === 1) ? it : undefined;
}

/** Fails for an expression with syntax of TypeScript. */
function expressionAt(text: string, start: number): Expression | undefined {
  try {
    return parseExpressionAt(text, start, { ecmaVersion: "latest", sourceType: "module" });
  } catch {
    return undefined;
  }
}

/** The value of a property of an object, or of an item of a list. */
function memberOf(node: Expression | undefined, name: string): Expression | undefined {
  if (node?.type === "ArrayExpression") {
    if (node.elements.some((it) => !it || it.type === "SpreadElement")) return undefined;
    const item = node.elements[Number(name)];
    return item?.type === "SpreadElement" ? undefined : (item ?? undefined);
  }
  return node?.type === "ObjectExpression" ? propertiesOf(node)?.get(name) : undefined;
}

/** The properties of an object by name; undefined if there are others than plain ones, or two of a name. */
function propertiesOf(node: ObjectExpression): ReadonlyMap<string, Expression> | undefined {
  const found = new Map<string, Expression>();
  for (const it of node.properties) {
    const name = it.type === "Property" ? nameOf(it) : undefined;
    if (name === undefined || it.type !== "Property" || found.has(name)) return undefined;
    found.set(name, it.value);
  }
  return found;
}

function nameOf({ key, kind, computed, method }: Property): string | undefined {
  if (kind !== "init" || computed || method) return undefined;
  if (key.type === "Identifier") return key.name;
  return key.type === "Literal" && typeof key.value === "string" ? key.value : undefined;
}

const stringifiers = ["stringify", "jsonStringify"];

/** The document itself, or the one that a call makes a string of. */
function documentIn(node: Expression | undefined): Expression | undefined {
  if (node?.type !== "CallExpression") return node;
  const { callee } = node;
  const named = callee.type === "MemberExpression" ? callee.property : callee;
  const [document, ...others] = node.arguments;
  const isStringifier = named.type === "Identifier" && stringifiers.includes(named.name);
  if (!isStringifier || others.length > 0 || document?.type === "SpreadElement") return undefined;
  return document;
}

function elementsOf(node: ObjectExpression): ReadonlyMap<string, Element> | undefined {
  const properties = propertiesOf(node);
  if (!properties) return undefined;
  return new Map(
    [...properties].map(([name, value]) => [name, { node: value, literal: literalOf(value) }]),
  );
}

/** The value of an expression of strings, lists and objects; undefined for any other. */
function literalOf(node: Expression): unknown {
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  if (node.type === "TemplateLiteral") {
    return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined;
  }
  if (node.type === "ArrayExpression") {
    const items = node.elements.map((it) =>
      it && it.type !== "SpreadElement" ? literalOf(it) : undefined,
    );
    return items.includes(undefined) ? undefined : items;
  }
  if (node.type !== "ObjectExpression") return undefined;
  const members = [...(propertiesOf(node) ?? [])].map(
    ([name, value]) => [name, literalOf(value)] as const,
  );
  const isLiteral = members.length === node.properties.length;
  if (!isLiteral || members.some(([, it]) => it === undefined)) return undefined;
  return Object.fromEntries(members);
}

/** True if the literal elements are those of the statement that the engine sent. */
function isWrittenAsSent(elements: ReadonlyMap<string, Element>, sent: StatementJson): boolean {
  const literals = Object.fromEntries([...elements].map(([name, { literal }]) => [name, literal]));
  if (literals.Effect !== "Allow" || !Object.keys(sent).every((it) => elements.has(it)))
    return false;
  const document = readDocument(() => ({ Statement: [literals] }));
  const [statement] = document.kind === "statements" ? document.statements : [];
  const written = statement && replacementOf(statement, {});
  if (!written) return false;
  return [...elements].every(
    ([name, { literal }]) => literal === undefined || isSame(written[name], sent[name]),
  );
}

function hasSameElements(one: StatementJson, other: StatementJson): boolean {
  return isSame(Object.keys(one).sort(), Object.keys(other).sort());
}

function elementEdit(element: Element | undefined, value: unknown): Edit | undefined {
  if (element?.literal === undefined) return undefined;
  const { start, end } = element.node;
  return { start, end, text: inOneLine(value) };
}

function inOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(", ")}]`;
  if (!isFields(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, it]) => `${JSON.stringify(name)}: ${inOneLine(it)}`,
  );
  return `{ ${members.join(", ")} }`;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The white space with which the line of an index begins. */
function indentAt(text: string, index: number): string {
  const line = text.slice(text.lastIndexOf("\n", index - 1) + 1, index);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

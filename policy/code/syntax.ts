import { type AnyNode, type Options, Parser, type Program } from "acorn";
import type { CodeBudget } from "./budget.ts";

/** What of acorn's parser is extended; its types do not have it. */
interface Internals {
  input: string;
  pos: number;
  privateNameStack: unknown[];
  startNode(): unknown;
  startNodeAt(...at: unknown[]): unknown;
  readCodePoint(): number;
  invalidStringToken(pos: number, message: string): void;
}

/**
 * A parser that counts its nodes, and takes time in proportion to the text: acorn's checks for names
 * that are declared twice or not at all search lists, also in regular expressions, and one of its escapes
 * searches the whole text. What Node.js would refuse for that is read all the same.
 */
function countingParser(budget: CodeBudget): typeof Parser {
  return Parser.extend((Base) => {
    const Plain = Base as unknown as new (...given: unknown[]) => Internals;
    class Counting extends Plain {
      override startNode() {
        budget.countNode();
        return super.startNode();
      }
      override startNodeAt(...at: unknown[]) {
        budget.countNode();
        return super.startNodeAt(...at);
      }
      declareName() {}
      checkLocalExport() {}
      validateRegExpPattern() {}
      exitClassBody() {
        this.privateNameStack.pop();
      }
      override readCodePoint() {
        if (this.input.charAt(this.pos) !== "{") return super.readCodePoint();
        let end = this.pos + 1;
        while (/[\da-f]/i.test(this.input.charAt(end))) end += 1;
        if (this.input.charAt(end) === "}") return super.readCodePoint();
        this.invalidStringToken(this.pos, "Bad character escape sequence");
        return 0;
      }
    }
    return Counting as unknown as typeof Parser;
  });
}

/**
 * The syntax tree of a text, as a module or else as a script; nothing if it is neither. Throws a
 * LimitError where the tree has more nodes than the budget.
 */
export function parse(text: string, budget: CodeBudget): Program | undefined {
  const parser = countingParser(budget);
  const options: Options = {
    ecmaVersion: "latest",
    allowHashBang: true,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
  };
  for (const sourceType of ["module", "script"] as const) {
    try {
      return parser.parse(text, { ...options, sourceType });
    } catch (error) {
      // A RangeError is an expression that is too deep for the parser.
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    }
  }
  return undefined;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** The nodes directly below a node, in the order of the text. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  // Not by Object.values: a large package has a million nodes.
  for (const name in node) {
    const value: unknown = node[name as keyof AnyNode];
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) for (const one of value) isNode(one) && children.push(one);
    else if (isNode(value)) children.push(value);
  }
  return children;
}

/** Tells the line of an offset in a text, from 1; the lines are found once. */
export function linesOf(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** The text of a literal or of a template without expressions. */
export function literalOf(node: AnyNode | null | undefined): string | undefined {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  if (node?.type !== "TemplateLiteral" || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

/** The name of a member or a property; nothing if it is computed. */
export function nameOf(key: AnyNode, isComputed: boolean): string | undefined {
  if (!isComputed && key.type === "Identifier") return key.name;
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  if (key.type === "Literal" && typeof key.value === "number") return String(key.value);
  return literalOf(key);
}

export type FunctionNode = Extract<
  AnyNode,
  { type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" }
>;

export function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === "ArrowFunctionExpression" ||
    node.type === "FunctionExpression" ||
    node.type === "FunctionDeclaration"
  );
}

/** True for an identifier that names a member or a label, and no variable. */
export function isKey(node: AnyNode, parent: AnyNode): boolean {
  switch (parent.type) {
    case "MemberExpression":
      return parent.property === node && !parent.computed;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return parent.key === node && !parent.computed;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
      return true;
    default:
      return false;
  }
}

import type { AnyNode, Property, PropertyDefinition } from "acorn";

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** The members of each type of node that can have nodes, in the order of the text. */
const membersOfType = new Map<string, readonly string[]>(
  Object.entries({
    ArrayExpression: ["elements"],
    ArrowFunctionExpression: ["params", "body"],
    AssignmentExpression: ["left", "right"],
    AwaitExpression: ["argument"],
    BinaryExpression: ["left", "right"],
    BlockStatement: ["body"],
    BreakStatement: ["label"],
    CallExpression: ["callee", "arguments"],
    ChainExpression: ["expression"],
    ConditionalExpression: ["test", "consequent", "alternate"],
    ExpressionStatement: ["expression"],
    ForStatement: ["init", "test", "update", "body"],
    FunctionDeclaration: ["id", "params", "body"],
    FunctionExpression: ["id", "params", "body"],
    Identifier: [],
    IfStatement: ["test", "consequent", "alternate"],
    Literal: [],
    LogicalExpression: ["left", "right"],
    MemberExpression: ["object", "property"],
    NewExpression: ["callee", "arguments"],
    ObjectExpression: ["properties"],
    Program: ["body"],
    ReturnStatement: ["argument"],
    SequenceExpression: ["expressions"],
    TemplateElement: [],
    ThisExpression: [],
    ThrowStatement: ["argument"],
    UnaryExpression: ["argument"],
    UpdateExpression: ["argument"],
    VariableDeclaration: ["declarations"],
    VariableDeclarator: ["id", "init"],
  }),
);

/** Adds the nodes directly below a node to a list, in the order of the text. */
export function addChildren(node: AnyNode, to: AnyNode[]): void {
  const names = membersOfType.get(node.type);
  // A large package has a million nodes, and a loop over all members takes most of the time.
  if (names) for (const name of names) addMember(node, name, to);
  else for (const name in node) addMember(node, name, to);
}

function addMember(node: AnyNode, name: string, to: AnyNode[]): void {
  const value: unknown = node[name as keyof AnyNode];
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const one of value) if (isNode(one)) to.push(one);
  } else if (isNode(value)) to.push(value);
}

/** Returns a function from an offset in the text to its line, counted from 1. */
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

/** The string of a literal or of a template without expressions. */
export function literalOf(node: AnyNode | null | undefined): string | undefined {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  if (node?.type !== "TemplateLiteral" || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

/** The name that an identifier or a literal is. */
export function nameOf(key: AnyNode): string | undefined {
  return key.type === "Identifier" ? key.name : constantNameOf(key);
}

/** The name of the member that an expression accesses; undefined if it is computed. */
export function memberNameOf(node: NodeOf<"MemberExpression">): string | undefined {
  return node.computed ? constantNameOf(node.property) : nameOf(node.property);
}

/** The name of a property of an object, a pattern or a class; undefined if it is computed. */
export function keyNameOf(
  node: Pick<Property | PropertyDefinition, "key" | "computed">,
): string | undefined {
  return node.computed ? constantNameOf(node.key) : nameOf(node.key);
}

function constantNameOf(key: AnyNode): string | undefined {
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  if (key.type === "Literal" && typeof key.value === "number") return String(key.value);
  return literalOf(key);
}

/** The name of a called function, or of a called method. */
export function calleeNameOf({ callee }: NodeOf<"CallExpression">): string | undefined {
  if (callee.type === "MemberExpression") return memberNameOf(callee);
  return callee.type === "Identifier" ? callee.name : undefined;
}

export type NodeOf<Type extends AnyNode["type"]> = Extract<AnyNode, { type: Type }>;

export type FunctionNode = NodeOf<
  "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression"
>;

export function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === "ArrowFunctionExpression" ||
    node.type === "FunctionExpression" ||
    node.type === "FunctionDeclaration"
  );
}

/** The expression of a function, or of the `return` statement that its body ends with. */
export function returnedBy(node: AnyNode): AnyNode | undefined {
  if (!isFunction(node)) return undefined;
  const { body } = node;
  if (body.type !== "BlockStatement") return body;
  const last = body.body.at(-1);
  return last?.type === "ReturnStatement" ? (last.argument ?? undefined) : undefined;
}

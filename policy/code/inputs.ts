import type { AnyNode } from "acorn";
import { readLimits } from "../read-limits.ts";
import { find, type Located, type Scope, walk } from "./scopes.ts";
import { isKey, literalOf, nameOf } from "./syntax.ts";
import type { SourceModule, Values } from "./values.ts";

/** What a call's input says of what it is about. */
export interface Input {
  /** Environment variables, sorted. */
  readonly variables: readonly string[];
  /** Literal ARNs, sorted. */
  readonly arns: readonly string[];
}

/** Members of inputs that hold what is sent, and never whom it is for. */
const payloads: readonly string[] = [
  "Body",
  "Data",
  "Detail",
  "ExpressionAttributeValues",
  "Item",
  "Message",
  "MessageAttributes",
  "MessageBody",
  "Metadata",
  "Payload",
  "SecretString",
  "Subject",
];

/**
 * Reads the variables and the ARNs in the input of a call. It follows names to what they are set
 * to, and members of clients to nothing; what another call returns is not of this call's input.
 */
export function inputOf(input: Located | undefined, module: SourceModule, values: Values): Input {
  const reader = new Reader(module, values);
  if (input) reader.read(input.node, input.scope, 6);
  return { variables: [...reader.variables].sort(), arns: [...reader.arns].sort() };
}

class Reader {
  readonly variables = new Set<string>();
  readonly arns = new Set<string>();
  private readonly seen = new Set<AnyNode>();
  private readonly module: SourceModule;
  private readonly values: Values;

  constructor(module: SourceModule, values: Values) {
    this.module = module;
    this.values = values;
  }

  read(start: AnyNode, scope: Scope, depth: number): void {
    if (depth === 0 || this.seen.has(start)) return;
    this.seen.add(start);
    const { root, byNode } = this.module.scopes;
    walk({ root, byNode }, start, (located, parent) => this.visit(located, parent, depth), scope);
  }

  private visit(located: Located, parent: AnyNode | undefined, depth: number): boolean {
    const { node, scope } = located;
    if (parent && isKey(node, parent)) return false;
    switch (node.type) {
      case "Property": {
        const name = nameOf(node.key, node.computed);
        return name === undefined || !payloads.includes(name);
      }
      case "CallExpression":
        return !this.addVariable(located) && !isWriter(node.callee);
      case "Literal":
        this.addText(literalOf(node));
        return true;
      case "TemplateLiteral":
        this.addText(literalOf(node));
        // What is put together with other text is a part of a name, and no name.
        return node.quasis.every(({ value }) => value.raw === "");
      case "BinaryExpression":
        return false;
      case "MemberExpression":
      case "Identifier": {
        const isVariable = this.addVariable(located);
        if (!isVariable && node.type === "Identifier") this.follow(node.name, scope, depth);
        return !isVariable;
      }
      default:
        return true;
    }
  }

  /** True if an expression stands for an environment variable. */
  private addVariable(located: Located): boolean {
    const value = this.values.of(located);
    if (value.kind === "variable") this.add(value.name, this.variables);
    return value.kind === "variable";
  }

  /** Goes on to what a name is set to, unless that is what a call returns. */
  private follow(name: string, scope: Scope, depth: number): void {
    const sources = find(scope, name)?.sources ?? [];
    scope.budget.countSteps(sources.length);
    for (const source of sources) {
      if (source.kind !== "value" || source.path.length > 0) continue;
      if (source.scope.file !== this.module.path || !isPlain(source.node)) continue;
      this.read(source.node, source.scope, depth - 1);
    }
  }

  private addText(text: string | undefined): void {
    if (text === undefined || text.length > readLimits.arnCharacters) return;
    if (/^arn:[\w-]+:[\w-]+:/.test(text)) this.add(text, this.arns);
  }

  /** All calls keep their texts at the same time, so each character counts. */
  private add(text: string, to: Set<string>): void {
    this.module.scopes.root.budget.countSteps(text.length);
    to.add(text);
  }
}

function isPlain({ type }: AnyNode): boolean {
  return [
    "ArrayExpression",
    "ConditionalExpression",
    "Identifier",
    "Literal",
    "LogicalExpression",
    "MemberExpression",
    "ObjectExpression",
    "TemplateLiteral",
  ].includes(type);
}

/** Functions that write what is sent. */
function isWriter(callee: AnyNode): boolean {
  if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return false;
  return ["JSON", "Buffer", "console"].includes(callee.object.name);
}

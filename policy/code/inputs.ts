import type { AnyNode } from "acorn";
import { payloadMembers } from "../data/payload-members.ts";
import { readLimits } from "../read-limits.ts";
import type { Evaluator } from "./evaluator.ts";
import type { SourceModule } from "./modules.ts";
import { isKey } from "./naming-nodes.ts";
import { findSources, type Located, type Scope, walk } from "./scopes.ts";
import { keyNameOf, literalOf } from "./syntax.ts";

/** What a call's input contains about the resources that the call uses. */
export interface Input {
  /** Environment variables, sorted. */
  readonly variables: readonly string[];
  /** Literal ARNs, sorted. */
  readonly arns: readonly string[];
}

/** Names that are followed one after the other. */
const maximumNames = 6;

/**
 * Reads the variables and the ARNs in the input of a call. Names are followed to what is assigned
 * to them, except results of other calls.
 */
export function inputOf(
  input: Located | undefined,
  module: SourceModule,
  evaluator: Evaluator,
): Input {
  const reader = new InputReader(module, evaluator);
  if (input) reader.read(input.node, input.scope, maximumNames);
  return { variables: [...reader.variables].sort(), arns: [...reader.arns].sort() };
}

class InputReader {
  readonly variables = new Set<string>();
  readonly arns = new Set<string>();
  private readonly visited = new Set<AnyNode>();
  private readonly module: SourceModule;
  private readonly evaluator: Evaluator;

  constructor(module: SourceModule, evaluator: Evaluator) {
    this.module = module;
    this.evaluator = evaluator;
  }

  read(start: AnyNode, scope: Scope, depth: number): void {
    if (depth === 0 || this.visited.has(start)) return;
    this.visited.add(start);
    const { root, byNode } = this.module.scopes;
    walk({ root, byNode }, start, (located, parent) => this.visit(located, parent, depth), scope);
  }

  private visit(located: Located, parent: AnyNode | undefined, depth: number): boolean {
    const { node, scope } = located;
    if (parent && isKey(node, parent)) return false;
    switch (node.type) {
      case "Property": {
        const name = keyNameOf(node);
        return name === undefined || !payloadMembers.includes(name);
      }
      case "CallExpression":
        return !this.addVariable(located) && !isSerializer(node.callee);
      case "Literal":
        this.addArn(literalOf(node));
        return true;
      case "TemplateLiteral":
        this.addArn(literalOf(node));
        // An expression beside other text is a part of a name.
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

  /** Returns true if the expression is an environment variable. */
  private addVariable(located: Located): boolean {
    const value = this.evaluator.evaluate(located);
    if (value.kind === "environment-variable") this.add(value.name, this.variables);
    return value.kind === "environment-variable";
  }

  /** Reads what is assigned to a name, except the result of a call. */
  private follow(name: string, scope: Scope, depth: number): void {
    const sources = findSources(scope, name) ?? [];
    scope.budget.countSteps(sources.length);
    for (const source of sources) {
      if (source.kind !== "value" || source.path.length > 0) continue;
      if (source.scope.file !== this.module.path || !isPlain(source.node)) continue;
      this.read(source.node, source.scope, depth - 1);
    }
  }

  private addArn(text: string | undefined): void {
    if (text === undefined || text.length > readLimits.arnCharacters) return;
    if (/^arn:[\w-]+:[\w-]+:/.test(text)) this.add(text, this.arns);
  }

  /** All calls keep their strings in memory, so each character counts. */
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

/** True for functions that serialize data: their arguments name no resource. */
function isSerializer(callee: AnyNode): boolean {
  if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return false;
  return ["JSON", "Buffer", "console"].includes(callee.object.name);
}

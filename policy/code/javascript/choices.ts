import type { AnyNode } from "acorn";
import { type Evaluator, maximumDepth } from "./evaluator.ts";
import { findSources, type Located, type Scope } from "./scopes.ts";
import { memberNameOf, type NodeOf } from "./syntax.ts";

/** The expressions that one can be, e.g. both commands in `{ start: Start, stop: Stop }[action]`. */
export function choicesOf(located: Located, evaluator: Evaluator): Located[] {
  return new ChoiceReader(evaluator).read(located, 0);
}

class ChoiceReader {
  private readonly evaluator: Evaluator;
  /** An expression that chooses itself, or is chosen twice, is one choice. */
  private readonly visited = new Set<AnyNode>();

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
  }

  read({ node, scope }: Located, depth: number): Located[] {
    if (this.visited.has(node)) return [];
    this.visited.add(node);
    scope.budget.countSteps();
    const itself = [{ node, scope }];
    if (depth > maximumDepth) return itself;
    const read = (inner: AnyNode) => this.read({ node: inner, scope }, depth + 1);
    switch (node.type) {
      case "ConditionalExpression":
        return [...read(node.consequent), ...read(node.alternate)];
      case "LogicalExpression":
        return [...read(node.left), ...read(node.right)];
      case "Identifier": {
        const found = this.readName(node.name, scope, depth);
        return found.length > 1 ? found : itself;
      }
      case "MemberExpression":
        return this.readTable(node, scope, depth) ?? itself;
      default:
        return itself;
    }
  }

  /** The choices of a name to which only whole expressions are assigned. */
  private readName(name: string, scope: Scope, depth: number): Located[] {
    const sources = findSources(scope, name) ?? [];
    scope.budget.countSteps(sources.length);
    const isWhole = sources.every((it) => it.kind === "value" && it.path.length === 0);
    if (!isWhole) return [];
    return sources.flatMap((it) => (it.kind === "value" ? this.read(it, depth + 1) : []));
  }

  /** The values of an object from which a computed name chooses. */
  private readTable(
    node: NodeOf<"MemberExpression">,
    scope: Scope,
    depth: number,
  ): Located[] | undefined {
    if (memberNameOf(node) !== undefined) return undefined;
    const table = this.evaluator.evaluate({ node: node.object, scope });
    if (table.kind !== "object") return undefined;
    return table.node.properties.flatMap((it) =>
      it.type === "Property" ? this.read({ node: it.value, scope: table.scope }, depth + 1) : [],
    );
  }
}

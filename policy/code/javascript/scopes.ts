import type { AnyNode } from "acorn";
import type { CodeBudget } from "../budget.ts";
import { addChildren } from "./syntax.ts";

/** The names that a part of a file declares. */
export interface Scope {
  readonly file: string;
  readonly parent: Scope | undefined;
  /** `var` declares its names in the nearest such scope. */
  readonly isFunction: boolean;
  /** Each declared name with everything that is assigned to it. */
  readonly names: Map<string, Source[]>;
  /** Counts visited nodes and name lookups. */
  readonly budget: CodeBudget;
}

/** Where a name's value comes from. */
export type Source =
  /** An export of a module; the whole module if `name` is undefined. */
  | { readonly kind: "import"; readonly from: string; readonly name: string | undefined }
  /** The value of an expression, or a member of it: `path` is the names down to the member. */
  | ({ readonly kind: "value"; readonly path: readonly string[] } & Located)
  /** An unknown value; `name` is set if it is the member of that name of an unknown value. */
  | { readonly kind: "unknown"; readonly name: string | undefined };

/** A syntax node and the scope that it is in. */
export interface Located {
  readonly node: AnyNode;
  readonly scope: Scope;
}

/** A file's scopes, and what it assigns to members of `this`. */
export interface Scopes {
  readonly root: Scope;
  /** By the node that opens the scope. */
  readonly byNode: ReadonlyMap<AnyNode, Scope>;
  /** What the file assigns to `this.name`, by name. */
  readonly thisMembers: ReadonlyMap<string, readonly Located[]>;
  /** What the file's own statements assign to members of an object, by the node that creates the object and by name. */
  readonly assignedMembers: ReadonlyMap<AnyNode, ReadonlyMap<string, readonly Located[]>>;
}

/** The types of nodes that can open a scope. */
const scopeTypes: ReadonlySet<string> = new Set([
  "ArrowFunctionExpression",
  "BlockStatement",
  "CatchClause",
  "ClassDeclaration",
  "ClassExpression",
  "ForInStatement",
  "ForOfStatement",
  "ForStatement",
  "FunctionDeclaration",
  "FunctionExpression",
  "StaticBlock",
  "SwitchStatement",
]);

/** Visits a node and everything below it; `visit` returns false to skip what is below. */
export function walk(
  { root, byNode }: Pick<Scopes, "root" | "byNode">,
  start: AnyNode,
  visit: (located: Located, parent: AnyNode | undefined) => boolean,
  scope: Scope = root,
): void {
  // Explicit stacks: minified code can be nested deeper than the call stack.
  const nodes: AnyNode[] = [start];
  const scopes: Scope[] = [scope];
  const parents: (AnyNode | undefined)[] = [undefined];
  const children: AnyNode[] = [];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const outer = scopes.pop() ?? scope;
    const parent = parents.pop();
    outer.budget.countSteps();
    if (!visit({ node, scope: outer }, parent)) continue;
    // The body of `with` can be any statement.
    const canOpen = scopeTypes.has(node.type) || parent?.type === "WithStatement";
    const inner = (canOpen ? byNode.get(node) : undefined) ?? outer;
    addChildren(node, children);
    for (let child = children.pop(); child; child = children.pop()) {
      nodes.push(child);
      scopes.push(inner);
      parents.push(node);
    }
  }
}

/** Resolves a name from a scope outward; undefined if the file does not declare it. */
export function findSources(scope: Scope, name: string): Source[] | undefined {
  for (let it: Scope | undefined = scope; it; it = it.parent) {
    it.budget.countSteps();
    const sources = it.names.get(name);
    if (sources) return sources;
  }
  return undefined;
}

/** A source that is the value of an expression. */
export function valueSource(node: AnyNode, scope: Scope): Source {
  return { kind: "value", path: [], node, scope };
}

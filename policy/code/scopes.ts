import type { AnyNode, Pattern, Program } from "acorn";
import { addTo } from "../groups.ts";
import type { CodeBudget } from "./budget.ts";
import { childrenOf, type FunctionNode, isFunction, literalOf, nameOf } from "./syntax.ts";

/** The names that a part of a file declares. */
export interface Scope {
  readonly file: string;
  readonly parent: Scope | undefined;
  /** What `var` declares goes up to the next of these. */
  readonly isFunction: boolean;
  readonly names: Map<string, Binding>;
  /** Counts what is visited and looked up. */
  readonly budget: CodeBudget;
}

/** A name, and all that it may stand for. */
export interface Binding {
  readonly isConst: boolean;
  readonly sources: Source[];
}

export type Source =
  /** An export of a module; without a name, the whole module. */
  | { readonly kind: "import"; readonly from: string; readonly name: string | undefined }
  /** The value of an expression, or a member of it: `path` is the names down to it. */
  | ({ readonly kind: "value"; readonly path: readonly string[] } & Located)
  /** A member of that name of something that is not known. */
  | { readonly kind: "member"; readonly name: string };

export interface Located {
  readonly node: AnyNode;
  readonly scope: Scope;
}

/** A file's scopes, and what is written to members in it. */
export interface Scopes {
  readonly root: Scope;
  /** By the node that opens it. */
  readonly byNode: ReadonlyMap<AnyNode, Scope>;
  /** By the name of the member: what the file assigns to `this.name`. */
  readonly ofThis: ReadonlyMap<string, readonly Located[]>;
}

/** Visits all nodes with their scopes; `visit` answers false where it need not go down. */
export function walk(
  { root, byNode }: Pick<Scopes, "root" | "byNode">,
  start: AnyNode,
  visit: (located: Located, parent: AnyNode | undefined) => boolean | undefined,
  scope: Scope = root,
): void {
  // A stack of its own: minified code can be nested deeper than a stack of calls goes.
  const open: [AnyNode, Scope, AnyNode | undefined][] = [[start, scope, undefined]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, outer, parent] = next;
    outer.budget.countSteps();
    if (visit({ node, scope: outer }, parent) === false) continue;
    const inner = byNode.get(node) ?? outer;
    for (const child of childrenOf(node).reverse()) open.push([child, inner, node]);
  }
}

/** Reads the scopes of a file. */
export function scopesOf(program: Program, file: string, budget: CodeBudget): Scopes {
  return new Reader(file, budget).read(program);
}

class Reader {
  private readonly root: Scope;
  private readonly byNode = new Map<AnyNode, Scope>();
  private readonly ofThis = new Map<string, Located[]>();
  /** What functions are called with, where they are called on the spot. */
  private readonly argumentsOf = new Map<FunctionNode, readonly Located[]>();
  /** Assignments, which are resolved when all names are declared. */
  private readonly assignments: [Pattern, Located][] = [];

  constructor(file: string, budget: CodeBudget) {
    this.root = { file, budget, parent: undefined, isFunction: true, names: new Map() };
  }

  read(program: Program): Scopes {
    const scopes = { root: this.root, byNode: this.byNode, ofThis: this.ofThis };
    walk(scopes, program, (located) => {
      this.enter(located);
      return true;
    });
    for (const [pattern, value] of this.assignments) {
      forNamesIn(pattern, { kind: "value", path: [], ...value }, (name, source) => {
        find(value.scope, name)?.sources.push(source);
      });
    }
    return scopes;
  }

  private enter({ node, scope }: Located): void {
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        this.enterFunction(node, scope);
        return;
      case "ClassDeclaration":
      case "ClassExpression": {
        const inner = this.open(node, scope, false);
        const own = node.type === "ClassDeclaration" ? scope : inner;
        if (node.id) declare(own, node.id.name, valueIn(node, scope), true);
        return;
      }
      case "BlockStatement":
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
      case "SwitchStatement":
      case "StaticBlock":
        // The body of a `with` has been opened by it.
        if (!this.byNode.has(node)) this.open(node, scope, false);
        return;
      case "CatchClause": {
        const inner = this.open(node, scope, false);
        if (node.param) declareAll(inner, node.param, undefined);
        return;
      }
      case "WithStatement":
        this.enterWith(node, scope);
        return;
      case "VariableDeclaration": {
        const target = node.kind === "var" ? functionScope(scope) : scope;
        for (const { id, init } of node.declarations) {
          const source = init ? valueIn(init, scope) : undefined;
          declareAll(target, id, source, node.kind === "const");
        }
        return;
      }
      case "ImportDeclaration":
        for (const it of node.specifiers) {
          const name = it.type === "ImportSpecifier" ? nameOf(it.imported, false) : undefined;
          const imported = it.type === "ImportDefaultSpecifier" ? "default" : name;
          const from = literalOf(node.source) ?? "";
          declare(scope, it.local.name, { kind: "import", from, name: imported }, true);
        }
        return;
      case "AssignmentExpression":
        this.enterAssignment(node.left, node.right, scope);
        return;
      case "PropertyDefinition": {
        const name = nameOf(node.key, node.computed);
        if (node.value && name !== undefined) this.writeThis(name, { node: node.value, scope });
        return;
      }
      case "CallExpression":
        this.enterCall(node, scope);
        return;
      default:
    }
  }

  private open(node: AnyNode, parent: Scope, isFunctionScope: boolean): Scope {
    const { file, budget } = parent;
    const scope = { file, budget, parent, isFunction: isFunctionScope, names: new Map() };
    this.byNode.set(node, scope);
    return scope;
  }

  private enterFunction(node: FunctionNode, scope: Scope): void {
    const inner = this.open(node, scope, true);
    if (node.type !== "ArrowFunctionExpression" && node.id) {
      const own = node.type === "FunctionDeclaration" ? scope : inner;
      declare(own, node.id.name, valueIn(node, scope), true);
    }
    const given = this.argumentsOf.get(node) ?? [];
    node.params.forEach((param, index) => {
      const argument = given[index];
      declareAll(inner, param, argument && { kind: "value", path: [], ...argument });
    });
  }

  /** Pulumi writes what a function closes over as `with ({ name: value }) { … }`. */
  private enterWith(
    { object, ...node }: Extract<AnyNode, { type: "WithStatement" }>,
    scope: Scope,
  ): void {
    const inner = this.open(node.body, scope, false);
    if (object.type !== "ObjectExpression") return;
    for (const property of object.properties) {
      const name = property.type === "Property" && nameOf(property.key, property.computed);
      if (name) declare(inner, name, valueIn(property.value, scope));
    }
  }

  private enterAssignment(left: Pattern, right: AnyNode, scope: Scope): void {
    if (left.type !== "MemberExpression") {
      this.assignments.push([left, { node: right, scope }]);
      return;
    }
    const name = nameOf(left.property, left.computed);
    if (left.object.type === "ThisExpression" && name !== undefined) {
      this.writeThis(name, { node: right, scope });
    }
  }

  private writeThis(name: string, value: Located): void {
    addTo(this.ofThis, name, value);
  }

  /** `(function (sdk) { … })(sdk)`, and `promise.then((sdk) => { … })`. */
  private enterCall(node: Extract<AnyNode, { type: "CallExpression" }>, scope: Scope): void {
    const { callee } = node;
    if (isFunction(callee)) {
      const given = node.arguments.map((it) => ({ node: it, scope }));
      this.argumentsOf.set(callee, given);
      return;
    }
    const [first] = node.arguments;
    const isThen =
      callee.type === "MemberExpression" && nameOf(callee.property, callee.computed) === "then";
    if (isThen && first && isFunction(first)) {
      this.argumentsOf.set(first, [{ node: callee.object, scope }]);
    }
  }
}

function functionScope(scope: Scope): Scope {
  let found = scope;
  while (!found.isFunction && found.parent) {
    found.budget.countSteps();
    found = found.parent;
  }
  return found;
}

/** What a name stands for at some place; nothing for a name that the file does not declare. */
export function find(scope: Scope, name: string): Binding | undefined {
  for (let it: Scope | undefined = scope; it; it = it.parent) {
    it.budget.countSteps();
    const binding = it.names.get(name);
    if (binding) return binding;
  }
  return undefined;
}

function valueIn(node: AnyNode, scope: Scope): Source {
  return { kind: "value", path: [], node, scope };
}

function declare(scope: Scope, name: string, source: Source | undefined, isConst = false): void {
  const binding = scope.names.get(name) ?? { isConst, sources: [] };
  if (source) binding.sources.push(source);
  scope.names.set(name, binding);
}

function declareAll(
  scope: Scope,
  pattern: Pattern,
  value: Source | undefined,
  isConst = false,
): void {
  const add: OnName = (name, source) => declare(scope, name, source, isConst);
  forNamesIn(pattern, value, add);
  // A default is what the name stands for, too, and is read where the pattern stands.
  forDefaultsIn(pattern, scope, add);
}

type OnName = (name: string, source: Source) => void;

/** The names in a pattern, and what each is of the value that the pattern takes apart. */
function forNamesIn(pattern: Pattern, value: Source | undefined, onName: OnName): void {
  switch (pattern.type) {
    case "Identifier":
      // A plain parameter may be anything.
      onName(pattern.name, value ?? anything);
      return;
    case "AssignmentPattern":
      forNamesIn(pattern.left, value, onName);
      return;
    case "RestElement":
      forNamesIn(pattern.argument, value, onName);
      return;
    case "ArrayPattern":
      for (const [index, element] of pattern.elements.entries()) {
        if (element) forNamesIn(element, memberOf(value, String(index)), onName);
      }
      return;
    case "ObjectPattern":
      for (const property of pattern.properties) {
        if (property.type === "RestElement") forNamesIn(property, value, onName);
        else {
          const name = nameOf(property.key, property.computed);
          const member = name === undefined ? undefined : memberOf(value, name);
          forNamesIn(property.value, member, onName);
        }
      }
      return;
    default:
  }
}

const anything: Source = { kind: "member", name: "" };

/** Patterns inside each other; what is deeper in a value stays unknown. */
const deepestPattern = 30;

function memberOf(value: Source | undefined, name: string): Source {
  return value?.kind === "value" && value.path.length < deepestPattern
    ? { ...value, path: [...value.path, name] }
    : { kind: "member", name };
}

function forDefaultsIn(pattern: Pattern, scope: Scope, onName: OnName): void {
  switch (pattern.type) {
    case "AssignmentPattern":
      forNamesIn(pattern.left, valueIn(pattern.right, scope), onName);
      forDefaultsIn(pattern.left, scope, onName);
      return;
    case "ArrayPattern":
      for (const element of pattern.elements) if (element) forDefaultsIn(element, scope, onName);
      return;
    case "ObjectPattern":
      for (const property of pattern.properties) {
        if (property.type === "Property") forDefaultsIn(property.value, scope, onName);
      }
      return;
    default:
  }
}
